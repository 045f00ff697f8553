import type { ProjectionValues } from '../../network/instance/instance.js'
import type { Kernel } from '../kernels/kernel.js'
import { Synapses } from '../parameters/synapses.js'

/** The synapses of some of a kernel's neurons, by themselves. */
export interface SomeSynapses {
  /** The neurons, by their places in the kernel. */
  readonly neurons: Uint32Array
  /** Their targets are places in the list of neurons. */
  readonly synapses: Synapses
  /** Where the weight of each lies in the kernel's parameters. */
  readonly weights: Int32Array
  /** Their delays as they are now, in the places of `synapses`. */
  delays(): Float64Array
}

/**
 * Follows the parameters of the kernel, whatever they become.
 *
 * @param neurons held, by their places in the kernel
 */
export function someSynapses(kernel: Kernel, neurons: Uint32Array): SomeSynapses {
  const { layout, projections } = kernel
  const placeOf = new Map(Array.from(neurons, (neuron, place) => [neuron, place]))
  let [weightsFrom, delaysFrom] = [layout.weights, layout.delays]
  const parts = projections.map((values) => {
    const own = ownOf(values, placeOf)
    const isDelayPerSynapse = values.delayShape === 'perSynapse'
    const delays = isDelayPerSynapse ? own : Int32Array.from(values.delays, (_, k) => k)
    const found = {
      values: restricted(values, own, placeOf),
      weights: own.map((synapse) => weightsFrom + synapse),
      delays: delays.map((k) => delaysFrom + k),
    }
    weightsFrom += values.weights.length
    delaysFrom += values.delays.length
    return found
  })
  const join = (of: (part: (typeof parts)[number]) => Int32Array) =>
    Int32Array.from(parts.flatMap((part) => [...of(part)]))
  const delayPlaces = join((part) => part.delays)
  return {
    neurons,
    synapses: new Synapses(parts.map(({ values }) => values)),
    weights: join(({ weights }) => weights),
    delays: () => Float64Array.from(delayPlaces, (place) => kernel.parametersButWeights[place] as number),
  }
}

/** The synapses that end in these neurons, by their indices. */
function ownOf({ targets, absent }: ProjectionValues, placeOf: ReadonlyMap<number, number>): Int32Array {
  const own: number[] = []
  targets.forEach((target, synapse) => {
    if (placeOf.has(target) && absent?.[synapse] !== 1) own.push(synapse)
  })
  return Int32Array.from(own)
}

function restricted(values: ProjectionValues, own: Int32Array, placeOf: ReadonlyMap<number, number>): ProjectionValues {
  const { order, key, source, target, sourceSize, fromSource, delayShape } = values
  const pick = (of: ArrayLike<number>) => Float64Array.from(own, (synapse) => of[synapse] as number)
  return {
    ...{ order, key, source, target, sourceSize, fromSource, delayShape },
    ...{ targetSize: placeOf.size, layout: 'synapses', absent: null, joined: null },
    sources: Uint32Array.from(own, (synapse) => values.sources[synapse] as number),
    targets: Uint32Array.from(own, (synapse) => placeOf.get(values.targets[synapse] as number) as number),
    weights: pick(values.weights),
    delays: delayShape === 'perSynapse' ? pick(values.delays) : values.delays,
  }
}
