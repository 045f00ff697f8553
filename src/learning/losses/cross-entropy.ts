import { exp } from '../../numerics/exp.js'
import { groupSum } from '../../numerics/group-sum.js'
import { log1p } from '../../numerics/log1p.js'

/**
 * The cross entropy of a softmax and its derivatives.
 *
 *     L = -ln(e^{s_label} / sum_i e^{s_i})        dL/ds_i = softmax(s)_i - [i = label]
 *
 * and with label smoothing, over the K units that take part,
 *
 *     L = -(1 - smoothing) ln softmax(s)_label - smoothing / K sum_i ln softmax(s)_i
 *     dL/ds_i = softmax(s)_i - (1 - smoothing) [i = label] - smoothing / K
 *
 * `scores` and `slopes` have one entry per unit; a score of -Infinity leaves its unit out (slope 0), the label's must
 * be finite. Writes dL/ds into `slopes` and returns L. Without smoothing both keep their relative accuracy as L -> 0; L
 * keeps it with any. Source of smoothing: Szegedy et al. 2016 (arXiv 1512.00567).
 */
export function crossEntropy(scores: Float64Array, label: number, slopes: Float64Array, smoothing = 0): number {
  const top = largest(scores)
  const peak = scores[top] as number
  const gaps = smoothing === 0 ? null : gapsBelow(peak, scores, slopes)
  for (let unit = 0; unit < scores.length; unit++) {
    slopes[unit] = unit === top ? 0 : exp((scores[unit] as number) - peak)
  }
  const others = groupSum(slopes, 0, scores.length)
  const total = 1 + others
  for (let unit = 0; unit < scores.length; unit++) slopes[unit] = (slopes[unit] as number) / total
  if (label === top) {
    // softmax - 1 would cancel here.
    slopes[top] = -others / total
  } else {
    slopes[top] = 1 / total
    slopes[label] = (slopes[label] as number) - 1
  }
  const spread = log1p(others)
  const value = peak - (scores[label] as number) + spread
  if (gaps === null) return value
  const share = smoothing / gaps.units
  for (let unit = 0; unit < scores.length; unit++) {
    if (scores[unit] === Number.NEGATIVE_INFINITY) continue
    slopes[unit] = (slopes[unit] as number) + (unit === label ? smoothing - share : -share)
  }
  // No term is below 0, so nothing cancels.
  return (1 - smoothing) * value + share * gaps.sum + smoothing * spread
}

/** How many units take part, and the sum over them of how far they are below the highest score; overwrites `room`. */
function gapsBelow(peak: number, scores: Float64Array, room: Float64Array): { units: number; sum: number } {
  let units = 0
  for (let unit = 0; unit < scores.length; unit++) {
    const score = scores[unit] as number
    const isOut = score === Number.NEGATIVE_INFINITY
    room[unit] = isOut ? 0 : peak - score
    if (!isOut) units++
  }
  return { units, sum: groupSum(room, 0, scores.length) }
}

/** The index of the largest entry, the lowest one on ties; -1 if there is none above -Infinity. */
export function largest(values: Float64Array): number {
  let best = -1
  let top = Number.NEGATIVE_INFINITY
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    if (value > top) {
      top = value
      best = index
    }
  }
  return best
}
