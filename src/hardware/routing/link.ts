/** Where a link leads; the two diagonals are one direction, and in a crossbar there is none. */
export type Direction = 'east' | 'west' | 'north' | 'south' | 'diagonal' | 'across'

/** A link from one router to the next. */
export interface Link {
  readonly from: number
  readonly to: number
  readonly direction: Direction
  readonly level: 'betweenTiles' | 'betweenChips'
}
