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
  const others = opponents.map(({ name, turns }) => ({ name, values: turns.map((turn) => turn[field]) }))
  return figureOfRounds(
    name,
    turns.map((turn) => turn[field]),
    unit,
    others,
  )
}

/** The same of any value that was taken once in every round. */
export function figureOfRounds(
  name: string,
  values: readonly number[],
  unit: string,
  opponents: readonly { readonly name: string; readonly values: readonly number[] }[],
): Figure {
  const value = median(values)
  const against = opponents.map(({ name, values: others }): Rival => {
    const ratios = values.map((own, round) => own / (others[round] ?? Number.NaN))
    return { name, value: value / median(ratios), range: [Math.min(...ratios), Math.max(...ratios)] }
  })
  return { name, value, unit, against }
}
