import fc from 'fast-check'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { type LifParameters, lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { arbitraryNeuron, arbitraryTauBeside, between } from './arbitraries.js'
import type { Arriving } from './case-ranges.js'
import { type KernelCase, kernelOf, optionsOf } from './kernel-case.js'

/** One neuron, an arrival that brings it anywhere, and a second one that may lift it over its threshold. */
export interface NearCrossing {
  readonly neuron: LifParameters
  readonly first: { readonly time: number; readonly weight: number }
  readonly second: number
  readonly arriving: Arriving
}

export function nearCrossing(arriving: Arriving): fc.Arbitrary<NearCrossing> {
  const neuron = fc
    .record({ neuron: arbitraryNeuron({ biasUpTo: 0.8 }), adapts: fc.boolean() })
    .chain(({ neuron: { tauMem, tauSynExc, tauSynInh, refractory, adaptStep, ...rest }, adapts }) =>
      fc
        .oneof(fc.constantFrom(tauMem / 2, tauMem / 4), arbitraryTauBeside(tauMem))
        .map((tauSyn): LifParameters => ({ ...rest, tauMem, tauSyn, adaptStep: adapts ? adaptStep : 0 })),
    )
  return fc.record({
    neuron,
    first: fc.record({ time: between(0, 5), weight: fc.oneof(between(-3, 3), between(3, 20), fc.constant(0)) }),
    second: between(5, 30),
    arriving: fc.constant(arriving),
  })
}

export interface CopyOptions {
  /** A trial for each of these: further arrivals, of unit 2. */
  readonly further?: readonly (readonly number[])[]
  /** Their weight, per neuron; default -1000. */
  readonly furtherWeights?: readonly number[]
  readonly until?: number
}

/** A neuron for each weight of the second arrival; the arrivals are those of units 0, 1 and 2 of the source. */
export function copiesOf(
  { neuron, first, second, arriving }: NearCrossing,
  weights: readonly number[],
  { further = [[]], furtherWeights = [], until = second + 400 }: CopyOptions = {},
): KernelCase {
  const rows = weights.map((weight, n) => [first.weight, weight, furtherWeights[n] ?? -1000])
  const delay = arriving === 'own' ? { delay: perSynapse(rows.map(() => [0, 0, 0])) } : {}
  const network = defineNetwork({
    groups: { in: source(3), x: lif(weights.length, neuron) },
    projections: [connect('in', 'x', dense(rows), delay)],
  })
  const trials = further.map((times) => [
    { time: first.time, unit: 0 },
    { time: second, unit: 1 },
    ...times.map((time) => ({ time, unit: 2 })),
  ])
  return { instance: instantiate(network, 0), trains: [trainsOf(trials)], trials: trials.length, from: 0, until }
}

/** The spikes after the second arrival as a function of its weight. */
function spikesByWeight(near: NearCrossing, kind: KernelKind): (weight: number) => readonly number[] {
  const sample = copiesOf(near, [0])
  const kernel = kernelOf(sample, kind)
  const options = optionsOf(sample, { gradients: false, stopAfterFirst: false })
  const [trains] = sample.trains
  return (weight) => {
    kernel.parameters[1] = weight
    kernel.parametersChanged()
    kernel.begin(options)
    kernel.receive(0, { stream: 'in', sequence: 0, window: { start: 0, end: sample.until }, ...trains! })
    return Array.from(kernel.advance(sample.until, sample.until).times).filter((time) => time > near.second)
  }
}

/** The smallest weight of the second arrival at which a kernel has the neuron fire; null if none or any does. */
export function firingWeight(near: NearCrossing, kind: KernelKind = 'reference'): number | null {
  const fires = spikesByWeight(near, kind)
  let [low, high] = [0, 1000]
  if (fires(low).length > 0 || fires(high).length === 0) return null
  for (let middle = 500; middle > low && middle < high; middle = low + (high - low) / 2) {
    if (fires(middle).length > 0) high = middle
    else low = middle
  }
  return high
}

/** When the neuron first fires after a second arrival of some weight; null if it does not. */
export function firingTime(near: NearCrossing, weight: number): number | null {
  return spikesByWeight(near, 'reference')(weight)[0] ?? null
}
