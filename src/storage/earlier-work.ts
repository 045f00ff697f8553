import type { Readers } from '../network/reading/read-fields.js'
import { readBoolean } from '../network/reading/read-value.js'

/** What becomes of what an earlier run has left in a folder; by default it is refused. */
export interface EarlierWork {
  /** Go on with it if it is of the same run. */
  readonly resume?: boolean
  /** Remove what is not gone on with: what antidrome wrote, and no other file. */
  readonly overwrite?: boolean
}

/** Readers of these options. */
export const EARLIER_WORK: Readers<EarlierWork> = Object.freeze({ resume: readBoolean, overwrite: readBoolean })
