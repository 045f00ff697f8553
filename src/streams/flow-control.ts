import { merge, NEVER, type Observable } from 'rxjs'
import type { SpikeSender } from './pathway.js'

/** Holds a sender back while those who listen cannot keep up. */
export interface FlowControl {
  isOpen(): boolean
  /** Emits when it may have opened. */
  readonly opened$: Observable<void>
}

/** Open while all senders are open. */
export function flowControlOf(senders: readonly SpikeSender[]): FlowControl {
  return {
    isOpen: () => senders.every((sender) => sender.isOpen()),
    opened$: senders.length === 0 ? NEVER : merge(...senders.map(({ opened$ }) => opened$)),
  }
}
