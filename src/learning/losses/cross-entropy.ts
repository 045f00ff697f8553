import { exp } from '../../numerics/exp.js'
import { groupSum } from '../../numerics/group-sum.js'
import { log1p } from '../../numerics/log1p.js'

/**
 * The cross entropy of a softmax and its derivatives.
 *
 *     L = -ln(e^{s_label} / sum_i e^{s_i})        dL/ds_i = softmax(s)_i - [i = label]
 *
 * `scores` and `slopes` have one entry per unit; a score of -Infinity leaves its unit out (slope 0), the label's must
 * be finite. Writes dL/ds into `slopes` and returns L. Both keep their relative accuracy as L -> 0.
 */
export function crossEntropy(scores: Float64Array, label: number, slopes: Float64Array): number {
  const top = largest(scores)
  const peak = scores[top] as number
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
  return peak - (scores[label] as number) + log1p(others)
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
