import type { Labels } from '../labels.js'
import type { Loss } from '../loss.js'
import { recordOf } from '../losses/record-of.js'

/**
 * A warning that all training samples have the same label; null if there are several labels, or if the loss does not
 * distinguish classes, such as a loss with targets.
 */
export function describeOneClass(labels: Labels, loss: Loss): string | null {
  const [first] = labels
  if (first === undefined || labels.length < 2 || labels.some((label) => label !== first)) return null
  const { count, isSpare = false } = recordOf(loss).labels
  if (count === undefined || isSpare) return null
  const all = `all ${labels.length} training samples have the label ${first}, so there is only one class to learn`
  return `${all}, and a network that always predicts ${first} is correct; check the labels and the split of the samples, or, if this is no classification, use a loss with targets.`
}
