import type { Labels } from '../labels.js'
import type { Loss } from '../loss.js'
import { recordOf } from '../losses/record-of.js'

/**
 * What a person may want to know of training samples that all have one label, in a sentence; null of several labels, and under
 * a loss that tells no classes apart, such as one with targets.
 */
export function describeOneClass(labels: Labels, loss: Loss): string | null {
  const [first] = labels
  if (first === undefined || labels.length < 2 || labels.some((label) => label !== first)) return null
  const { count, isSpare = false } = recordOf(loss).labels
  if (count === undefined || isSpare) return null
  const all = `all ${labels.length} training samples have the label ${first}, so there is nothing to tell apart`
  return `${all}, and a network that always says ${first} is right; check the labels, how the samples were split, or, if nothing is to be told apart, take a loss with targets.`
}
