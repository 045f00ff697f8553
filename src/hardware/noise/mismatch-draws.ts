import type { Kernel } from '../../dynamics/kernels/kernel.js'
import {
  fillProjection,
  fillThresholds,
  type MismatchKinds,
  type MismatchSource,
} from '../../learning/noise/mismatch.js'
import { isSpiking } from '../../network/models/models.js'

/**
 * Standard normal variates for the parameters of a slice, in the places of its parameter vector; 0 where no mismatch is
 * known. A variate is a pure function of (seed, name, place in the whole network): synapses count within their projection
 * by (number among those of their target, target), delays per source by unit, neurons by their number in the group.
 */
export function mismatchDraws(kernel: Kernel, source: MismatchSource, kinds: MismatchKinds): Float64Array {
  const { layout, synapses, values } = kernel
  const draws = new Float64Array(layout.length)
  const part = (from: number, count: number) => draws.subarray(from, from + count)
  for (const { key, base, count, delayBase, delayCount, delayShape } of synapses.afferents) {
    const arrays = { weights: part(layout.weights + base, count), delays: part(layout.delays + delayBase, delayCount) }
    const targets = synapses.targets.subarray(base, base + count)
    fillProjection(arrays, { key, delayShape, targets }, values, source, kinds)
  }
  if (isSpiking(values)) fillThresholds(part(layout.threshold, values.size), values, source, kinds)
  return draws
}
