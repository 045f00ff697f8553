/** The units there are; a figure is given in the one of its field and in no other, so nothing is ever converted. */
export type FigureUnit =
  | '1'
  | 'axons'
  | 'bit'
  | 'bit/s'
  | 'chips'
  | 'entries'
  | 'levels'
  | 'ms'
  | 'neurons'
  | 'ns'
  | 'packets/s'
  | 'pJ'
  | 'pJ/bit'
  | 'synapses'
  | 'tauSyn'
  | 'ticks'
  | 'types'
  | 'W'

/** Measured or stated by the makers of the chip; computed from such figures; or chosen by us for want of one. */
export type Provenance = 'published' | 'derived' | 'assumed'

/** A number about a chip, with where it comes from. */
export interface KnownFigure {
  readonly value: number
  readonly unit: FigureUnit
  readonly provenance: Provenance
  /** Where it is published, or how it was derived, or why it was assumed. */
  readonly source: string
  /** What it was obtained from; of energies, powers and latencies. */
  readonly stage?: 'silicon' | 'pre-silicon'
  /** Of energies: what one more event costs, or all that was spent over all events; they are never added to each other. */
  readonly kind?: 'marginal' | 'average'
  /** The true number is this one or more, or this one or less; not beside a range. */
  readonly bound?: 'atLeast' | 'atMost'
  /** Smallest and largest, where a chip has or was measured to have several; `value` is among them. */
  readonly range?: readonly [least: number, most: number]
  /** Known from notes of others, not from the source itself. */
  readonly secondary?: true
}

/** A figure, or null: nothing is known, which is never the same as 0. */
export type Figure = KnownFigure | null

/** An energy that was measured as a part of another one and has no number of its own. */
export interface IncludedFigure {
  /** The field of `energy` that holds it. */
  readonly includedIn: string
  /** Where that is said. */
  readonly source: string
}

/** What something costs: a figure, a part of another one, or null for unknown. */
export type EnergyFigure = Figure | IncludedFigure

/** The number of a figure; null where it is unknown or a part of another one. */
export function figureValue(figure: EnergyFigure): number | null {
  return figure !== null && 'value' in figure ? figure.value : null
}
