import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { fillMismatch, type MismatchKinds, synapsePlaces } from '../../learning/noise/mismatch.js'
import { isSpiking } from '../../network/models/models.js'

/**
 * Standard normal variates for the parameters of a slice, in the places of its parameter vector; 0 where no mismatch is
 * known. A variate is a pure function of (seed, name, place in the whole network): synapses count within their projection
 * by (number among those of their target, target), delays per source by unit, neurons by their number in the group.
 *
 * @param name of the device, see `deviceName`
 */
export function mismatchDraws(kernel: Kernel, seed: number, name: string, kinds: MismatchKinds): Float64Array {
  const { layout, synapses, values } = kernel
  const draws = new Float64Array(layout.length)
  const fill = (stream: string, from: number, count: number, indexOf: (k: number) => number) =>
    fillMismatch(draws.subarray(from, from + count), { seed, name }, stream, indexOf)
  for (const { key, base, count, delayBase, delayCount, delayShape } of synapses.afferents) {
    const isOwn = delayShape === 'perSynapse'
    const targets = synapses.targets.subarray(base, base + count)
    const places = kinds.weights || (kinds.delays && isOwn) ? synapsePlaces(targets, values) : new Float64Array(0)
    const place = (k: number) => places[k] as number
    if (kinds.weights) fill(`${key}/weights`, layout.weights + base, count, place)
    if (kinds.delays) fill(`${key}/delays`, layout.delays + delayBase, delayCount, isOwn ? place : (k) => k)
  }
  if (kinds.thresholds && isSpiking(values))
    fill(`${values.name}/threshold`, layout.threshold, values.size, (n) => values.start + n)
  return draws
}
