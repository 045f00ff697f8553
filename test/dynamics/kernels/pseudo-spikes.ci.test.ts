import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup } from '../../../src/dynamics/kernels/kernel-of-group.js'
import type { KernelOptions } from '../../../src/dynamics/kernels/kernel-options.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { combineTree, treeParts } from '../../../src/numerics/tree-nodes.js'
import { type Spike, trainsOf } from '../../learning/trains.js'
import { casesOf } from '../../support/cases-of.js'
import { type DrawnKernelCase, kernelCase, optionsOf } from '../../support/kernel-case.js'
import type { KernelFeature } from '../../support/kernel-features.js'
import { runForward } from '../../support/pseudo-spikes.js'

/** dL/d(time) of each own spike, or dL/d(observed) of each readout. */
function slopesOf({ kernel, spikes }: ReturnType<typeof runForward>, { trials, integral }: KernelOptions) {
  const { kind, size } = kernel.values
  const { times } = kernel.maxima()
  return Float64Array.from({ length: kind === 'lif' ? spikes.times.length : trials * size }, (_, k) => {
    // A maximum at the start has a derivative on one side alone.
    return kind === 'li' && integral === undefined && times[k] === 0 ? 0 : ((k * 37) % 11) / 4 - 1.1
  })
}

/** The loss: linear in spike times, maxima or integrals. */
function lossOf(
  { kernel, spikes }: ReturnType<typeof runForward>,
  options: KernelOptions,
  slopes: Float64Array,
): number {
  const observed = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value, k) => sum + slopes[k]! * value, 0)
  if (kernel.values.kind === 'lif') return observed(spikes.times)
  return observed(options.integral === undefined ? kernel.maxima().values : kernel.integrals())
}

/** The effect of each pseudo-spike on the loss, as the kernel tells it. */
function toldEffects(sample: DrawnKernelCase, kind: KernelKind, options: KernelOptions, pseudo: SpikeTrains) {
  const kernel = chosenKernelOfGroup(kind, sample.instance, 'x')
  kernel.begin(options)
  const window = { start: 0, end: sample.until }
  kernel.inputs.forEach(({ source }, input) => {
    const asked = input === 0 ? { pseudo } : {}
    kernel.receive(input, { stream: source, sequence: 0, window, ...sample.trains[input]!, ...asked })
  })
  const spikes = kernel.advance(sample.until, sample.until)
  const isLif = kernel.values.kind === 'lif'
  const slopes = slopesOf({ kernel, spikes }, options)
  kernel.beginBackward(isLif ? null : slopes)
  kernel.backward(isLif ? slopes : new Float64Array(0))
  const [values] = kernel.takeReturned().flatMap(({ input, values }) => (input === 0 ? [values] : []))
  const gradient = kernel.finishGradient().slice()
  const all = combineTree(kernel.layout.groupBlocks, treeParts(kernel.returnedNodes, values!))
  const count = sample.trains[0]!.times.length
  return { spikes, slopes, gradient, ofSpikes: all.slice(0, count), effects: all.slice(count), grazing: kernel.grazing }
}

/** The case with a further projection like the first one, through which so much of each pseudo-spike arrives. */
function withGhost(sample: DrawnKernelCase, share: number, ghost: SpikeTrains): DrawnKernelCase {
  const { instance, trains } = sample
  const [first] = instance.projections
  const weights = first!.weights.map((weight) => share * weight)
  const projections = [
    ...instance.projections,
    { ...first!, weights, order: instance.projections.length, key: 'ghost' },
  ]
  return { ...sample, instance: { ...instance, projections }, trains: [...trains, ghost] }
}

/** d(loss)/d(share) where one pseudo-spike comes by so little; NaN where the sequence of events differs. */
function quotientOf(
  sample: DrawnKernelCase,
  options: KernelOptions,
  { spikes, slopes }: Pick<ReturnType<typeof toldEffects>, 'spikes' | 'slopes'>,
  ghost: SpikeTrains,
): number {
  let peaks: Float64Array | undefined
  const lossAt = (share: number) => {
    const run = runForward(withGhost(sample, share, ghost), 'reference', options)
    const { times } = run.kernel.maxima()
    peaks ??= times
    // Of equally high maxima another one prevails.
    if (options.integral === undefined && times.some((time, k) => Math.abs(time - peaks![k]!) > 0.05)) return Number.NaN
    return run.spikes.units.join() === spikes.units.join() ? lossOf(run, options, slopes) : Number.NaN
  }
  // A share below 0 would turn the weights to the other current.
  const start = lossAt(0)
  const [coarse, fine, finest] = [4e-5, 2e-5, 1e-5].map((share) => (lossAt(share) - start) / share)
  return (8 * finest! - 6 * fine! + coarse!) / 3
}

function someOf(sample: DrawnKernelCase, seeds: readonly number[]): readonly { trial: number; spike: Spike }[] {
  return seeds.map((seed) => ({
    trial: seed % sample.trials,
    spike: { time: (((seed % 97) + 0.5) / 97) * 40, unit: seed % sample.instance.projections[0]!.sourceSize },
  }))
}

const FEATURES: readonly KernelFeature[] = ['refractory periods', 'adaptation', 'few absent pairs', 'several blocks']

const EVERY: readonly KernelFeature[] = [
  ...FEATURES,
  ...(['two currents', 'delays per synapse', 'scalar delays', 'taus per neuron'] as const),
]

describe.each([
  ['reference', 'spike times', 'lif', {}, EVERY],
  ['reference', 'maxima', 'li', {}, EVERY],
  ['reference', 'integrals', 'li', { integral: { tau: 30 } }, EVERY],
  ['simd', 'spike times', 'lif', {}, EVERY.filter((feature) => feature !== 'delays per synapse')],
  ['simd', 'maxima', 'li', {}, EVERY],
  ['simd', 'integrals', 'li', { integral: { tau: 30 } }, EVERY],
] as const)('the %s kernel tells what a pseudo-spike would do', (kind, observed, group, further, may) => {
  test(`to ${observed}`, () => {
    let compared = 0
    const arbitrary = fc.tuple(
      kernelCase(group, { must: [], may, apart: ['two currents', 'taus per neuron'], isSmall: true }),
      fc.array(fc.nat(9999), { minLength: 2, maxLength: 4 }),
    )
    fc.assert(
      fc.property(arbitrary, ([sample, seeds]) => {
        if (sample.from > 0 || sample.until > 200) return
        const options = optionsOf(sample, further)
        const some = someOf(sample, seeds)
        const trials = (chosen: typeof some) =>
          trainsOf(
            Array.from({ length: sample.trials }, (_, trial) =>
              chosen.flatMap((each) => (each.trial === trial ? [each.spike] : [])),
            ),
          )
        const pseudo = trials(some)
        const told = toldEffects(sample, kind, options, pseudo)
        const exact = toldEffects(sample, kind, options, trials([]))
        expect(told.ofSpikes).toEqual(exact.ofSpikes)
        expect(told.gradient).toEqual(exact.gradient)
        if (told.grazing > 0) return
        const scale = told.effects.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3)
        pseudo.times.forEach((time, k) => {
          const trial = pseudo.offsets.findIndex((end) => end > k) - 1
          const ghost = trials([{ trial, spike: { time, unit: pseudo.units[k]! } }])
          const quotient = quotientOf(sample, options, told, ghost)
          if (Number.isNaN(quotient)) return
          expect(Math.abs(told.effects[k]! - quotient), `${told.effects[k]} and ${quotient}`).toBeLessThan(
            1e-4 * Math.max(scale, 1),
          )
          compared++
        })
      }),
      { numRuns: casesOf({ short: 8, long: 300 }), seed: 5, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(casesOf({ short: 5, long: 25 }))
  })
})
