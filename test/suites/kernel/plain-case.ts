import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import {
  type Connection,
  connect,
  dense,
  fixedInDegree,
  perSynapse,
} from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { type LifParameters, lif } from '../../../src/network/models/lif.js'
import { type Spike, trainsOf } from '../../learning/trains.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import type { KernelSubject } from './kernel-subject.js'

export interface PlainCase {
  readonly neurons: Partial<LifParameters>
  /** Of each unit of the source, at every neuron; without delay. */
  readonly weights: readonly number[]
  readonly spikes: readonly Spike[]
  /** A trial for each of these: what comes besides. Default: one, and nothing. */
  readonly further?: readonly (readonly Spike[])[]
  readonly until: number
}

/** Synapses of a group that the window kernel runs. */
const MANY = 10_000

/** A case that is given by hand, wired as the kernel likes it: unit k of the source is a source of its own. */
export function plainCase(subject: KernelSubject, plain: PlainCase): DrawnKernelCase {
  const { neurons, weights, spikes, further = [[]], until } = plain
  const { must } = subject.cases.lif!
  const size = (neurons.threshold as readonly number[]).length
  // By which a rule joins a unit to a neuron: a power of two, so that weights are cut up exactly.
  const inDegree = 2 ** Math.ceil(Math.log2(MANY / (size * weights.length)))
  const wire = (weight: number, unit: number): Connection<'x', 'x'> => {
    const from = `in${unit}` as 'x'
    if (must.includes('rules'))
      return connect(from, 'x', fixedInDegree(inDegree, weight / inDegree, { multiple: true }))
    const options = must.includes('delays per synapse') ? { delay: perSynapse(0) } : {}
    return connect(from, 'x', dense(weight), options)
  }
  const sources = weights.map((_, unit) => [`in${unit}`, source(1)] as const)
  const network = defineNetwork({
    groups: { ...Object.fromEntries(sources), x: lif(size, neurons as LifParameters) },
    projections: weights.map(wire),
  })
  const trains = plainTrains({ weights, spikes, further })
  const slices = { targetSlices: [{ start: 0, end: size }], sourceSlices: [{ start: 0, end: 1 }] }
  return {
    network,
    seed: 0,
    instance: instantiate(network, 0),
    trains,
    trials: further.length,
    from: 0,
    until,
    ...slices,
  }
}

/** One train per unit, of its own source. */
function plainTrains({ weights, spikes, further }: Required<Pick<PlainCase, 'weights' | 'spikes' | 'further'>>) {
  return weights.map((_, unit) => {
    const ofUnit = (list: readonly Spike[]) => list.filter((spike) => spike.unit === unit)
    return trainsOf(further.map((more) => ofUnit([...spikes, ...more]).map(({ time }) => ({ time, unit: 0 }))))
  })
}

/** The same neurons, and what comes besides in each of some trials. */
export function withFurther(
  sample: DrawnKernelCase,
  { weights, spikes }: Pick<PlainCase, 'weights' | 'spikes'>,
  further: readonly (readonly Spike[])[],
): DrawnKernelCase {
  return { ...sample, trains: plainTrains({ weights, spikes, further }), trials: further.length }
}
