import fc from 'fast-check'
import type { GroupKernel } from '../../../../src/dynamics/kernels/reference/group-kernel.js'
import type { SimdKernel } from '../../../../src/dynamics/kernels/simd/simd-kernel.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { createRandomStream } from '../../../../src/numerics/random-stream.js'
import { trainsOf } from '../../../learning/trains.js'
import { WHOLE } from '../kernel-for.js'

/** A group of neurons with many synapses, each of which has a delay of its own. */
export interface DelayedCase {
  readonly tauMem: number
  readonly tauSyn: number
  /** Of the current that weights below 0 drive; the same: there is one current. */
  readonly tauSynInh: number
  readonly adaptStep: number
  readonly bias: number
  /** [neuron][source]; null: no synapse. */
  readonly weights: readonly (readonly (number | null)[])[]
  readonly delays: readonly (readonly number[])[]
  readonly trains: SpikeTrains
  readonly trials: number
  readonly until: number
}

const SOURCES = 70

/** Times and delays in units of the shorter time constant; spans and delays reach beyond every scaled form. */
export const delayedCase: fc.Arbitrary<DelayedCase> = fc
  .record({
    tauMem: fc.constantFrom(20, 8),
    ratio: fc.constantFrom(1, 2, 4, 0.4, 1.9, 1.00001, 1.01, 30),
    ratioInh: fc.oneof(fc.constant(null), fc.constantFrom(1, 2, 0.4, 3, 1.00001, 30)),
    adaptStep: fc.constantFrom(0, 0.2),
    bias: fc.constantFrom(0, 0.3, -0.2),
    size: fc.integer({ min: 1, max: 17 }),
    trials: fc.constantFrom(1, 2),
    spikes: fc.integer({ min: 40, max: 250 }),
    spread: fc.constantFrom(1, 5, 300),
    longest: fc.constantFrom(0, 0.15, 2, 40, 900),
    step: fc.constantFrom(0, 0.5),
    nulls: fc.constantFrom(0, 0.1),
    seed: fc.nat(),
  })
  .map(({ tauMem, ratio, ratioInh, size, trials, spikes, seed, ...shape }) => {
    const tauSyn = tauMem / ratio
    const tauSynInh = ratioInh === null ? tauSyn : tauMem / ratioInh
    const unit = Math.min(tauMem, tauSyn, tauSynInh)
    const random = createRandomStream(seed, 'case')
    const matrix = <Entry>(from: number, value: (uniform: number) => Entry) =>
      Array.from({ length: size }, (_, n) =>
        Array.from({ length: SOURCES }, (__, s) => value(random.uniform(from + n * SOURCES + s))),
      )
    const together = spikes * Math.min(1, tauSyn / (shape.spread * unit))
    const scale = (8 * Math.max(1, ratio / 4)) / Math.sqrt(together + 4)
    const timeOf = (k: number) => {
      const time = shape.spread * unit * random.uniform(1e6 + k)
      return shape.step === 0 ? time : Math.floor(time / shape.step) * shape.step
    }
    const trial = (b: number) =>
      Array.from({ length: spikes }, (_, k) => {
        return { time: timeOf(b * spikes + k), unit: random.integer(2e6 + b * spikes + k, SOURCES) }
      })
    return {
      ...{ tauMem, tauSyn, tauSynInh, adaptStep: shape.adaptStep, bias: shape.bias, trials },
      weights: matrix(0, (x) => (x < shape.nulls ? null : scale * (x - 0.4))),
      delays: matrix(3e6, (x) => (x < 0.1 ? 0 : shape.longest * unit * x)),
      trains: trainsOf(Array.from({ length: trials }, (_, b) => trial(b))),
      until: (shape.spread + 3) * unit + Math.min(shape.longest, 950) * unit,
    }
  })

export interface DelayedResult {
  readonly spikes: SpikeTrains
  /** dL/d(time) of the spikes that came. */
  readonly gradients: Float64Array
  /** Weights, delays, bias, threshold and adaptStep, neuron by neuron each. */
  readonly gradient: Float64Array
  /** By the time constants. */
  readonly taus: Float64Array
  readonly grazing: number
}

/** Runs a case forward and backward. */
export function runDelayedCase(Kernel: typeof GroupKernel | typeof SimdKernel, sample: DelayedCase): DelayedResult {
  return runDelayed(delayedKernel(Kernel, sample), sample)
}

/** The kernel of a case. */
export function delayedKernel(
  Kernel: typeof GroupKernel | typeof SimdKernel,
  { tauMem, tauSyn, tauSynInh, bias, adaptStep, weights, delays }: DelayedCase,
): GroupKernel | SimdKernel {
  const synaptic = tauSynInh === tauSyn ? { tauSyn } : { tauSynExc: tauSyn, tauSynInh }
  const network = defineNetwork({
    groups: {
      input: source(SOURCES),
      x: lif(weights.length, { tauMem, ...synaptic, bias, threshold: 1, tauAdapt: 30, adaptStep }),
    },
    projections: [connect('input', 'x', dense(weights), { delay: perSynapse(delays) })],
  })
  const { groups, projections } = instantiate(network, 0)
  return new Kernel(groups[1] as LifValues, projections)
}

/** The same with a kernel that is there. */
export function runDelayed(kernel: GroupKernel | SimdKernel, { trains, trials, until }: DelayedCase): DelayedResult {
  kernel.begin({ ...WHOLE, trials, until, undefinedSlope: 'ignore', tauGradient: true })
  kernel.receive(0, { stream: 'input', sequence: 0, window: { start: 0, end: until }, ...trains })
  const spikes = kernel.advance(until, until)
  kernel.beginBackward(null)
  kernel.backward(Float64Array.from(spikes.times, (time, k) => ((spikes.units[k]! * 7 + Math.floor(time)) % 11) - 4.5))
  const gradients = kernel.takeReturned()[0]!.values
  const all = kernel.finishGradient()
  const from = kernel.layout.taus[0]?.at
  const [gradient, taus] = [all.slice(0, from), all.slice(from)]
  return { spikes, gradients, gradient, taus, grazing: kernel.grazing }
}
