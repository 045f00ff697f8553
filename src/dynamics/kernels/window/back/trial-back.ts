import type { AdjointHeaderFields } from './adjoint-header.js'
import type { ParkedBin } from './parked-bin.js'
import type { TrialTape } from './run-tape.js'

/** A trial on its way back. */
export interface TrialBack {
  readonly regions: AdjointHeaderFields
  readonly tape: TrialTape
  /** The adjoints are those of the start of this bin; nothing is known of later ones. */
  bin: number
  isBegun: boolean
  /** Per Poisson input, the first bin of the counting interval that was drawn again last. */
  readonly intervals: number[]
  /** Some own event is undone: arrivals count from then on. */
  isTouched: boolean
  /** No adjoint is other than 0. */
  isZero: boolean
  /** Everything from here on is undone, ms; maybe inside of that bin. */
  before: number
  isInside: boolean
  /** A bin that is not yet undone as a whole. */
  parked: ParkedBin | null
}

/** The first of the own events from one on that is in a bin, the last one in which any is. */
export function firstInBin({ times, count }: TrialTape, from: number, number: number, bin: number): number {
  let first = count
  while (first > from && Math.floor((times[first - 1] as number) / bin) === number) first--
  return first
}
