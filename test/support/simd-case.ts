import fc from 'fast-check'
import { defineNetwork } from '../../src/network/define-network.js'
import { type LifParameters, type LiParameters, li, lif, source } from '../../src/network/groups.js'
import { normal, uniform } from '../../src/network/initializers.js'
import { instantiate } from '../../src/network/instantiate.js'
import type { GroupSpec } from '../../src/network/network.js'
import { type ConnectOptions, connect, dense, perSource, perSynapse } from '../../src/network/projections.js'
import { type Spike, trainsOf } from '../learning/trains.js'
import { arbitraryNeuron, arbitraryScale, arbitraryTauBeside, between } from './arbitraries.js'
import type { KernelCase } from './kernel-case.js'
import { denseWithNulls, nulls } from './null-weights.js'

/** Whether all neurons see the same arrivals, or each has delays of its own. */
export type Arriving = 'shared' | 'own'

const SPAN = 25
const delayTime = fc.oneof(fc.constantFrom(0, 0.5, 1, 2), between(0, 5))
const time = fc.oneof(
  fc.integer({ min: 0, max: 2 * SPAN }).map((k) => k / 2),
  between(0, SPAN),
)

/** A group x that the SIMD kernel can run, with one to three projections into it. */
export function simdCase(kind: 'lif' | 'li', arriving: Arriving): fc.Arbitrary<KernelCase> {
  const size = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }) },
    { weight: 2, arbitrary: fc.constantFrom(8, 16, 33, 40) },
  )
  return fc
    .record({
      size,
      sources: fc.integer({ min: 1, max: 6 }),
      projections: fc.integer({ min: 1, max: 3 }),
      from: fc.constantFrom(0, 0, 0, 1000, 999_983),
    })
    .chain(({ size, sources, projections, from }) =>
      fc.record({
        sources: fc.constant(sources),
        // Nobody fires all the time before the input begins.
        x: kind === 'lif' ? lifGroup(size, from > 0 ? 0.7 : 1.2) : liGroup(size),
        nulls: fc.option(nulls),
        delays: fc.array(delaysOf(arriving, sources, size), { minLength: projections, maxLength: projections }),
        trials: fc.array(fc.array(trainOf(sources), { minLength: projections, maxLength: projections }), {
          minLength: 1,
          maxLength: 10,
        }),
        seed: fc.nat(),
        strength: arbitraryScale(0.2, 1.5),
        from: fc.constant(from),
        stretch: fc.constantFrom(1, 1, 1, 1, 40),
      }),
    )
    .map(({ sources, x, nulls, delays, trials, seed, strength, from, stretch }) => {
      const busiest = Math.max(...trials.flatMap((trial) => trial.map((train) => train.length)), 1)
      const scale = (4 * strength) / Math.sqrt(busiest * delays.length)
      const shape = { sources, targets: x.size }
      const projections = delays.map((options, p) => {
        const whole = dense(normal(0.5 * scale, scale))
        const weights = nulls === null ? whole : denseWithNulls([0.5 * scale, scale], shape, nulls, seed + p)
        return connect('in', 'x', weights, options)
      })
      const placed = (spikes: readonly Spike[]) =>
        spikes.map((spike) => ({ ...spike, time: from + stretch * spike.time }))
      return {
        instance: instantiate(defineNetwork({ groups: { in: source(sources), x }, projections }), seed),
        trains: delays.map((_, p) => trainsOf(trials.map((trial) => placed(trial[p]!)))),
        trials: trials.length,
        from,
        until: from + 35 * stretch,
      }
    })
}

/** A few spikes, or as many as are sorted in other ways: evenly spread, crowded, or all at once. */
function trainOf(sources: number): fc.Arbitrary<readonly Spike[]> {
  const unit = fc.nat(sources - 1)
  const few = fc.array(fc.record({ time, unit }), { maxLength: 10, size: 'max' })
  const many = (when: fc.Arbitrary<number>) =>
    fc.array(fc.record({ time: when, unit }), { minLength: 20, maxLength: 80, size: 'max' })
  return fc.oneof(
    { weight: 16, arbitrary: few },
    { weight: 1, arbitrary: many(between(0, SPAN)) },
    { weight: 1, arbitrary: many(fc.oneof(between(7, 7.01), between(0, SPAN))) },
    { weight: 1, arbitrary: many(fc.constantFrom(3, 3.5)) },
  )
}

function delaysOf(arriving: Arriving, sources: number, size: number): fc.Arbitrary<ConnectOptions> {
  const shared = fc.oneof(
    fc.constant({}),
    delayTime.map((delay) => ({ delay })),
    fc.array(delayTime, { minLength: sources, maxLength: sources }).map((list) => ({ delay: perSource(list) })),
  )
  if (arriving === 'shared') return shared
  const grid = Array.from({ length: size * sources }, (_, k) => ((k * 7) % 9) / 2)
  const own = fc.constantFrom({ delay: perSynapse(uniform(0, 5)) }, { delay: perSynapse(grid) })
  return fc.oneof({ weight: 3, arbitrary: own }, { weight: 1, arbitrary: shared })
}

/** tauMem and tauSyn; where one is twice or four times the other crossings have a closed form. */
const taus = fc
  .oneof(fc.constant(20), arbitraryScale(4, 40))
  .chain((tauMem) =>
    fc.oneof(fc.constantFrom(tauMem / 2, tauMem / 4), arbitraryTauBeside(tauMem)).map((tauSyn) => ({ tauMem, tauSyn })),
  )

function lifGroup(size: number, biasUpTo: number): fc.Arbitrary<GroupSpec> {
  const neurons = fc.array(arbitraryNeuron({ biasUpTo }), { minLength: size, maxLength: size })
  return fc.record({ taus, neurons, adapts: fc.boolean() }).map(({ taus: common, neurons, adapts }) => {
    const column = (field: 'threshold' | 'vReset' | 'bias' | 'adaptStep') => neurons.map((neuron) => neuron[field])
    const adaptation = adapts ? { adaptStep: column('adaptStep'), tauAdapt: neurons[0]!.tauAdapt } : {}
    const columns = { threshold: column('threshold'), vReset: column('vReset'), bias: column('bias') }
    return lif(size, { ...common, ...columns, ...adaptation } as LifParameters)
  })
}

function liGroup(size: number): fc.Arbitrary<GroupSpec> {
  const bias = fc.array(fc.oneof(fc.constant(0), between(-0.3, 0.5)), { minLength: size, maxLength: size })
  return fc.record({ taus, bias }).map(({ taus: common, bias }) => li(size, { ...common, bias } as LiParameters))
}
