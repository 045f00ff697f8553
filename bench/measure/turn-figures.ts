import type { Figure, Rival } from '../suite.js'
import type { Turn } from './contest.js'
import { median } from './median.js'

/** Another contestant, and what it did in the same rounds. */
export interface Opponent {
  readonly name: string
  readonly turns: readonly Turn[]
}

/** Samples/s and CPU time a sample of a contestant, each beside its opponents: medians of the ratios, with their range. */
export function* figuresOfTurns(
  name: string,
  turns: readonly Turn[],
  opponents: readonly Opponent[],
): Generator<Figure> {
  yield figureOfTurns(name, turns, 'samplesPerSecond', 'samples/s', opponents)
  yield figureOfTurns(`${name}, CPU`, turns, 'processorTime', 'us/sample', opponents)
}

/** An opponent's value is the one that gives the median of the ratios, round by round. */
export function figureOfTurns(
  name: string,
  turns: readonly Turn[],
  field: keyof Turn,
  unit: string,
  opponents: readonly Opponent[],
): Figure {
  const value = median(turns.map((turn) => turn[field]))
  const against = opponents.map(({ name, turns: others }): Rival => {
    const ratios = turns.map((turn, round) => turn[field] / (others[round]?.[field] ?? Number.NaN))
    return { name, value: value / median(ratios), range: [Math.min(...ratios), Math.max(...ratios)] }
  })
  return { name, value, unit, against }
}
