import type { EnergyFigure, KnownFigure } from '../profile/figure.js'
import type { EnergySum, FigureSum } from './chip-report.js'

/** A count of something that a figure tells the cost of. */
export interface Cost {
  /** The figure's field, as it is named where it is unknown. */
  readonly field: string
  readonly figure: EnergyFigure
  readonly count: number
  /** Something more happens than what the figure is of: it is the least. */
  readonly isLeast?: boolean
}

/** Adds costs up; what is included in another one adds nothing. */
export function sumOfCosts(costs: readonly Cost[]): FigureSum {
  let [value, atLeast, atMost] = [0, 0, 0]
  const unknown = new Set<string>()
  for (const { field, figure, count, isLeast = false } of costs) {
    if (count === 0) continue
    if (figure === null) unknown.add(field)
    else if ('value' in figure) {
      const { least, most } = boundsOf(figure)
      value += count * figure.value
      atLeast += count * least
      atMost += count * (isLeast ? Number.POSITIVE_INFINITY : most)
    }
  }
  const isKnown = unknown.size === 0
  return {
    value: isKnown ? value : null,
    atLeast,
    atMost: isKnown && atMost < Number.POSITIVE_INFINITY ? atMost : null,
    unknown: [...unknown],
  }
}

/** The same, of energies, all of one kind; 0 is of any. */
export function sumOfEnergies(costs: readonly Cost[]): EnergySum {
  const kinds = costs.map(({ figure, count }) => (count > 0 ? kindOf(figure) : null))
  return { ...sumOfCosts(costs), kind: kinds.find((kind) => kind !== null) ?? null }
}

/** Null of what is unknown, of what is included elsewhere, of powers, and of 0. */
export function kindOf(figure: EnergyFigure): 'marginal' | 'average' | null {
  return figure !== null && 'value' in figure && figure.value > 0 ? (figure.kind ?? null) : null
}

/** The least and the most that a figure may be. */
export function boundsOf({ value, bound, range }: KnownFigure): { readonly least: number; readonly most: number } {
  return {
    least: range?.[0] ?? (bound === 'atMost' ? 0 : value),
    most: bound === 'atLeast' ? Number.POSITIVE_INFINITY : (range?.[1] ?? value),
  }
}
