import { classNameOf } from '../class-name.js'
import type { Labels } from '../labels.js'
import type { Loss } from '../loss.js'
import { recordOf } from '../losses/record-of.js'
import { MOST_LISTED } from './layer-diagnosis.js'

/** Minimum mean number of predictions per class for a missing class to count as evidence. */
const LEAST_PREDICTIONS = 10

/** The classes that the units of a loss's group stand for. */
export interface UnitClasses {
  readonly count: number
  /** The class names of the data, if there are any. */
  readonly names: readonly string[] | undefined
}

/** Null under a loss that does not distinguish classes, such as a loss with targets. */
export function unitClasses(loss: Loss, size: number, names: readonly string[] | undefined): UnitClasses | null {
  const { count, isSpare = false } = recordOf(loss).labels
  return count === undefined || isSpare ? null : { count: count(loss, size), names }
}

/** Labels of samples, and their predictions. */
export interface Predicted {
  readonly labels: Labels
  /** -1: no prediction. */
  readonly predictions: Int32Array
}

/**
 * The classes that occur among the labels, but never among the predictions; none if there are too few predictions, or
 * under a loss without predictions.
 *
 * @param seen during training, and on other samples afterwards
 */
export function neverPredicted({ count }: UnitClasses, seen: readonly Predicted[]): readonly number[] {
  const predicted = new Set(seen.flatMap(({ predictions }) => [...predictions]))
  predicted.delete(-1)
  const samples = seen.reduce((sum, { labels }) => sum + labels.length, 0)
  if (predicted.size === 0 || samples < LEAST_PREDICTIONS * count) return []
  const classes = new Set(seen.flatMap(({ labels }) => [...labels]))
  return [...classes].filter((label) => !predicted.has(label)).sort((a, b) => a - b)
}

/** For example `class "left", class "right"`, or `class 3` without names. */
export function classesInWords({ names }: UnitClasses, labels: readonly number[]): string {
  const words = labels.slice(0, MOST_LISTED).map((label) => {
    return names?.[label] === undefined ? classNameOf(names, label) : `class ${JSON.stringify(names[label])}`
  })
  const more = labels.length - words.length
  return `${words.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}

/** The distinct classes of some units, ascending. */
export function classesOfUnits({ count }: UnitClasses, units: readonly number[]): readonly number[] {
  return [...new Set(units.map((unit) => unit % count))].sort((a, b) => a - b)
}
