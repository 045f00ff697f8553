import { classNameOf } from '../class-name.js'
import type { Labels } from '../labels.js'
import type { Loss } from '../loss.js'
import { recordOf } from '../losses/record-of.js'
import { MOST_LISTED } from './layer-diagnosis.js'

/** Least mean number of predictions per class; with fewer, a missing class is no evidence. */
const LEAST_PREDICTIONS = 10

/** The classes that the units of a loss's group stand for. */
export interface UnitClasses {
  readonly count: number
  /** The names of the data, if it has some. */
  readonly names: readonly string[] | undefined
}

/** Null under a loss that tells no classes apart, such as one with targets. */
export function unitClasses(loss: Loss, size: number, names: readonly string[] | undefined): UnitClasses | null {
  const { count, isSpare = false } = recordOf(loss).labels
  return count === undefined || isSpare ? null : { count: count(loss, size), names }
}

/** Labels of samples, and what was predicted of these. */
export interface Predicted {
  readonly labels: Labels
  /** -1: nothing. */
  readonly predictions: Int32Array
}

/**
 * The classes that samples have, but no prediction; none while too little was predicted to tell, or under a loss that
 * predicts nothing.
 *
 * @param seen while training, and after it on other samples
 */
export function neverPredicted({ count }: UnitClasses, seen: readonly Predicted[]): readonly number[] {
  const predicted = new Set(seen.flatMap(({ predictions }) => [...predictions]))
  predicted.delete(-1)
  const samples = seen.reduce((sum, { labels }) => sum + labels.length, 0)
  if (predicted.size === 0 || samples < LEAST_PREDICTIONS * count) return []
  const classes = new Set(seen.flatMap(({ labels }) => [...labels]))
  return [...classes].filter((label) => !predicted.has(label)).sort((a, b) => a - b)
}

/** Such as `class "left", class "right"`, or without names `class 3`. */
export function classesInWords({ names }: UnitClasses, labels: readonly number[]): string {
  const words = labels.slice(0, MOST_LISTED).map((label) => {
    return names?.[label] === undefined ? classNameOf(names, label) : `class ${JSON.stringify(names[label])}`
  })
  const more = labels.length - words.length
  return `${words.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}

/** The classes of some units, each once. */
export function classesOfUnits({ count }: UnitClasses, units: readonly number[]): readonly number[] {
  return [...new Set(units.map((unit) => unit % count))].sort((a, b) => a - b)
}
