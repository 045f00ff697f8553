import type { Kernel } from '../../dynamics/kernels/kernel.js'
import type { Afferent } from '../../dynamics/parameters/synapses.js'
import { createRandomStream } from '../../numerics/random-stream.js'

/**
 * Standard normal variates for the parameters of a slice, in the places of its parameter vector; 0 where no mismatch is
 * known. A variate is a pure function of (seed, name, place in the whole network): synapses count within their projection
 * by (number among those of their target, target), delays per source by unit, neurons by their number in the group.
 *
 * @param name of the device, part of the streams' names
 */
export function mismatchDraws(kernel: Kernel, seed: number, name: string, kinds: MismatchKinds): Float64Array {
  const { layout, synapses, values } = kernel
  const draws = new Float64Array(layout.length)
  const fill = (stream: string, from: number, count: number, indexOf: (k: number) => number) => {
    const random = createRandomStream(seed, `noise/mismatch/${name}/${stream}`)
    for (let k = 0; k < count; k++) draws[from + k] = random.normal(indexOf(k))
  }
  for (const afferent of synapses.afferents) {
    const { key, base, count, delayBase, delayCount, delayShape } = afferent
    const isOwn = delayShape === 'perSynapse'
    const places = kinds.weights || (kinds.delays && isOwn) ? synapsePlaces(kernel, afferent) : new Float64Array(0)
    const place = (k: number) => places[k] as number
    if (kinds.weights) fill(`${key}/weights`, layout.weights + base, count, place)
    if (kinds.delays) fill(`${key}/delays`, layout.delays + delayBase, delayCount, isOwn ? place : (k) => k)
  }
  if (kinds.thresholds && values.kind === 'lif')
    fill(`${values.name}/threshold`, layout.threshold, values.size, (n) => values.start + n)
  return draws
}

/** What has a mismatch. */
export interface MismatchKinds {
  readonly weights: boolean
  readonly delays: boolean
  readonly thresholds: boolean
}

/** Of each synapse of a projection: (its number among those of its target) · (neurons of the whole group) + target. */
function synapsePlaces({ synapses, values }: Kernel, { base, count }: Afferent): Float64Array {
  const places = new Float64Array(count)
  const seen = new Float64Array(values.size)
  for (let s = 0; s < count; s++) {
    const target = synapses.targets[base + s] as number
    const ordinal = seen[target] as number
    seen[target] = ordinal + 1
    places[s] = ordinal * values.total + values.start + target
  }
  return places
}
