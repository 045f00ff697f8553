import { merge, NEVER, type Observable } from 'rxjs'
import type { SpikeOutlet } from './pathway.js'

/** Holds a sender back while those who listen cannot keep up. */
export interface Gate {
  isOpen(): boolean
  /** Emits when it may have opened. */
  readonly opened$: Observable<void>
}

/** Open while all outlets are. */
export function gateOf(outlets: readonly SpikeOutlet[]): Gate {
  return {
    isOpen: () => outlets.every((outlet) => outlet.isOpen()),
    opened$: outlets.length === 0 ? NEVER : merge(...outlets.map(({ opened$ }) => opened$)),
  }
}
