import type { Slice } from '../bytes/byte-source.js'
import type { EvtClock } from './evt-clock.js'

/** What turns the words of one version into events, slice by slice. */
export interface EvtDecoder {
  readonly wordBytes: number
  readonly clock: EvtClock
  /** The next words, whole ones. */
  take(slice: Slice): void
}
