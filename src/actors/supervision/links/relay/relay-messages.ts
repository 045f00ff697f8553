import type { ErrorRecord } from '../../../../events/error-record.js'
import type { PortEnding } from '../../../../streams/links/port.js'
import type { DialOptions } from '../../../../streams/links/websocket-dial.js'
import type { Arrival } from '../../../../streams/links/websocket-listener.js'
import type { Guest, GuestOptions } from '../link-carrier.js'

/** What the thread of a relay is asked for; each request gets a reply, in whatever order. Who asks numbers the listeners. */
export type RelayRequest =
  | { readonly type: 'listen'; readonly listener: number; readonly options: GuestOptions }
  | { readonly type: 'expect'; readonly listener: number; readonly guest: Guest }
  | { readonly type: 'closeListener'; readonly listener: number }
  | { readonly type: 'dial'; readonly url: string; readonly options: DialOptions }
  /** All that was sent before has left when the reply comes, if the others take it at once. */
  | { readonly type: 'flush' }

/** What it replies to each. */
export interface RelayReplies {
  /** Its address. */
  readonly listen: string
  readonly expect: null
  readonly closeListener: null
  /** Number of the port. */
  readonly dial: number
  readonly flush: null
}

/** What is sent to the thread of a relay; a port is known by its number. */
export type RelayOrder =
  | { readonly type: 'ask'; readonly call: number; readonly request: RelayRequest }
  | { readonly type: 'frame'; readonly port: number; readonly bytes: Uint8Array }
  /** It has a listener from now on. */
  | { readonly type: 'receive'; readonly port: number }
  | { readonly type: 'admit'; readonly port: number }
  | { readonly type: 'close'; readonly port: number }
  | { readonly type: 'abort'; readonly port: number }

/** What it tells. */
export type RelayReport =
  | { readonly type: 'reply'; readonly call: number; readonly value: RelayReplies[keyof RelayReplies] }
  | { readonly type: 'failure'; readonly call: number; readonly error: ErrorRecord }
  | { readonly type: 'arrival'; readonly listener: number; readonly arrival: RelayedArrival }
  | { readonly type: 'frame'; readonly port: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly port: number; readonly ending: PortEnding }

export type RelayedArrival = Omit<Arrival, 'port'> & { readonly port: number }
