/**
 * The neurons of a group that an instance holds: all of them, or the slice start … start + size - 1 of `total`, cut
 * between blocks of 32.
 */
export interface HeldUnits {
  readonly name: string
  /** Units held here. */
  readonly size: number
  /** The first unit held; 0 for a whole group. */
  readonly start: number
  /** Units of the whole group. */
  readonly total: number
}
