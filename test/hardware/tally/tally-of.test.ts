import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import type { Tally } from '../../../src/hardware/tally/tally.js'
import { type TallyOptions, tallyOf } from '../../../src/hardware/tally/tally-of.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { uniform } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import {
  connect,
  dense,
  fixedOutDegree,
  perSource,
  perSynapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { stepOf, ticksFor } from '../../../src/numerics/step-of.js'
import { mistakeOf } from '../../network/mistake-of.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** Every kind of delay, a rule, a recurrent projection, a pair without a synapse, a readout. */
const NETWORK = defineNetwork({
  groups: { input: source(3), hidden: lif(4, NEURON), output: li(2, { tauMem: 20, tauSyn: 5 }) },
  projections: [
    connect(
      'input',
      'hidden',
      dense([
        [1, null, 1],
        [1, 1, 1],
        [null, null, 1],
        [1, 1, 1],
      ]),
      { delay: perSynapse(uniform(0, 3)) },
    ),
    connect(
      'input',
      'hidden',
      synapses([
        [2, 3, 1, 0],
        [0, 0, 1, 2.5],
        [0, 0, 1, 4],
      ]),
    ),
    connect('hidden', 'hidden', fixedOutDegree(2, 1), { delay: perSynapse(uniform(0, 2)) }),
    connect('hidden', 'output', dense(1), { delay: perSource([0, 0.5, 1, 1.5]) }),
    connect('input', 'output', dense(1)),
  ],
})
const SEED = 3
const UNTIL = 10

const trains = (size: number): fc.Arbitrary<readonly (readonly (readonly [time: number, unit: number])[])[]> => {
  const time = fc.oneof(
    fc.nat(9),
    fc.nat(99).map((tenths) => tenths / 10),
    fc.double({ min: 0, max: 9.99, noNaN: true }),
  )
  return fc.array(fc.array(fc.tuple(time, fc.nat(size - 1)), { maxLength: 5 }), { minLength: 2, maxLength: 2 })
}

function trainsOf(trials: readonly (readonly (readonly [time: number, unit: number])[])[]): SpikeTrains {
  const sorted = trials.map((spikes) => [...spikes].sort((a, b) => a[0] - b[0] || a[1] - b[1]))
  const flat = sorted.flat()
  const offsets = Uint32Array.from([0, ...sorted.map((_, k) => sorted.slice(0, k + 1).flat().length)])
  return {
    offsets,
    times: Float64Array.from(flat, ([time]) => time),
    units: Uint32Array.from(flat, ([, unit]) => unit),
  }
}

/** Spike by spike, synapse by synapse. */
function walked(network: Network, raster: Readonly<Record<string, SpikeTrains>>, { tickMs, time }: TallyOptions) {
  const { projections } = instantiate(network, SEED)
  const steps = Math.round(UNTIL / tickMs)
  const active: Record<string, number[]> = {}
  for (const { name, size, kind } of network.groups) {
    if (kind === 'source') continue
    active[name] = Array.from({ length: size }, (_, neuron) => {
      let count = 0
      for (let trial = 0; trial < 2; trial++) {
        const met = new Set<number>()
        const visit = (group: string, unit: number, meet: (time: number) => void) => {
          const { offsets, times, units } = raster[group] ?? trainsOf([[], []])
          for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) if (units[k] === unit) meet(times[k]!)
        }
        visit(name, neuron, (at) => met.add(stepOf(at, tickMs)))
        for (const { source: from, target, sources, targets, absent, delays, delayShape } of projections) {
          targets.forEach((to, s) => {
            if (target !== name || to !== neuron || absent?.[s] === 1) return
            const place = { none: -1, scalar: 0, perSource: sources[s]!, perSynapse: s }[delayShape]
            const delay = place < 0 ? 0 : delays[place]!
            visit(from, sources[s]!, (at) => {
              const stepped = stepOf(at, tickMs) + Math.max(1, Math.floor(delay / tickMs + 0.5))
              met.add(time === 'continuous' ? stepOf(at + delay, tickMs) : stepped)
            })
          })
        }
        count += [...met].filter((step) => step <= steps).length
      }
      return count
    })
  }
  return active
}

const listed = (numbers: Tally['spikes']) =>
  Object.fromEntries(Object.entries(numbers).map(([name, own]) => [name, [...(own as Float64Array)]]))

describe('the tally of a run', () => {
  const run = fc.record({
    ...{ input: trains(3), hidden: trains(4), tickMs: fc.constantFrom(0.1, 0.5, 1, 2.5) },
    time: fc.constantFrom('stepped', 'continuous'),
  })

  it('has the active steps of walking with every spike', () => {
    fc.assert(
      fc.property(run, ({ input, hidden, tickMs, time }) => {
        const raster = { input: trainsOf(input), hidden: trainsOf(hidden) }
        const options = { tickMs, until: UNTIL, seed: SEED, time } as const
        const tally = tallyOf(raster, NETWORK, options)
        expect(listed(tally.activeSteps)).toEqual(walked(NETWORK, raster, options))
        expect(tally).toMatchObject({ trials: 2, steps: 2 * Math.round(UNTIL / tickMs), tickMs })
        const count = (unit: number) => input.flat().filter(([, each]) => each === unit).length
        expect(listed(tally.spikes).input).toEqual([0, 1, 2].map(count))
      }),
      { numRuns: 30, seed: 94 },
    )
  })

  it('can be made of a simulation', async () => {
    const inputs = {
      input: trainsOf([
        [
          [1, 0],
          [2, 1],
          [2.5, 2],
        ],
      ]),
    }
    await using session = await open(NETWORK, { seed: SEED, kernel: 'reference' })
    const { spikes } = await session.simulate({ count: 1, until: UNTIL, inputs })
    const tally = tallyOf({ ...inputs, ...spikes }, NETWORK, { tickMs: 1, until: UNTIL, seed: SEED })
    expect(listed(tally.spikes).hidden?.reduce((a, b) => a + b)).toBe(spikes.hidden?.times.length)
    expect(tally.steps).toBe(10)
  })
})

describe('a time', () => {
  it.each([
    [2.3, 0.1, 23],
    [1.1, 0.1, 11],
    [0.1 + 0.2, 0.1, 3],
    [0.7, 0.1, 7],
    [0.30001, 0.1, 4],
    [5, 1, 5],
    [5.000001, 1, 6],
    [0, 1, 0],
    [1e-9, 1, 1],
  ])('of %d ms takes, in ticks of %d ms, %d', (time, tick, ticks) => {
    expect(ticksFor(time, tick)).toBe(ticks)
  })

  it('of so many ticks takes that many, multiplied or written', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(0.1, 0.2, 0.3, 0.7, 1e-3, 1 / 3, 5), (ticks, tick) => {
        expect(ticksFor(ticks * tick, tick)).toBe(ticks)
        expect(ticksFor(Number(`${ticks}e-1`), 0.1)).toBe(ticks)
      }),
      { numRuns: 300, seed: 95 },
    )
  })

  test('of 0 is in the first step', () => {
    expect(stepOf(0, 1)).toBe(1)
  })
})

describe('a raster that cannot be', () => {
  const whole = { input: trainsOf([[[1, 0]]]), hidden: trainsOf([[[2, 0]]]) }
  const options = { tickMs: 1, until: UNTIL }
  it.each<[string, object, object, string, string]>([
    ['leaves out neurons', { input: whole.input }, options, 'RASTER_GROUP', 'raster.hidden'],
    ['names a stranger', { ...whole, other: whole.input }, options, 'GROUP_UNKNOWN', 'raster'],
    ['goes on after its end', whole, { ...options, until: 2 }, 'RASTER_TIME', 'raster.hidden.times[0]'],
    ['has another number of trials', { ...whole, hidden: trainsOf([[], []]) }, options, 'INPUT_SHAPE', 'raster.hidden'],
    ['has a unit too many', { ...whole, input: trainsOf([[[1, 3]]]) }, options, 'INPUT_UNIT', 'raster.input.units[0]'],
    ['is null', { ...whole, input: null }, options, 'FIELD_TYPE', 'raster.input'],
    ['has no ticks', whole, { until: UNTIL }, 'FIELD_MISSING', 'options.tickMs'],
    ['has more steps than can be', whole, { ...options, tickMs: 1e-9 }, 'OPTION_OUT_OF_RANGE', 'options.until'],
  ])('%s', (_, raster, given, code, field) => {
    expect(mistakeOf(() => tallyOf(raster as never, NETWORK, given as never))).toMatchObject({ code, field })
  })
})
