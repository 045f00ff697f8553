import type { AdjointPlanFields } from './adjoint-plan.js'
import type { ParkedCell } from './parked-cell.js'
import type { TrialTape } from './run-tape.js'

/** A trial on its way back. */
export interface TrialBack {
  readonly regions: AdjointPlanFields
  readonly tape: TrialTape
  /** The adjoints are those of the start of this cell; nothing is known of later ones. */
  cell: number
  isBegun: boolean
  /** Per drive, the first cell of the frame that was drawn again last. */
  readonly frames: number[]
  /** Some own event is undone: arrivals count from then on. */
  isTouched: boolean
  /** No adjoint is other than 0. */
  isZero: boolean
  /** Everything from here on is undone, ms; maybe inside of that cell. */
  before: number
  isInside: boolean
  /** A cell that is not yet undone as a whole. */
  parked: ParkedCell | null
}

/** The first of the own events from one on that is in a cell, the last one in which any is. */
export function firstInCell({ times, count }: TrialTape, from: number, number: number, cell: number): number {
  let first = count
  while (first > from && Math.floor((times[first - 1] as number) / cell) === number) first--
  return first
}
