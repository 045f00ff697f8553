/** What becomes of what an earlier run has left in a folder; by default it is refused. */
export interface EarlierWork {
  /** Go on with it if it is of the same run. */
  readonly resume?: boolean
  /** Remove what is not gone on with: what antidrome wrote, and no other file. */
  readonly overwrite?: boolean
}
