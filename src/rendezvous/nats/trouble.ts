import { JetStreamApiError } from '@nats-io/jetstream'
import {
  ClosedConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  PermissionViolationError,
  TimeoutError,
} from '@nats-io/transport-node'
import { AntidromeError } from '../../events/errors.js'
import { chainOf } from './join-failure.js'

/** What is behind an error of nats.js. */
export type Trouble =
  /** May be gone the next time. */
  | { readonly kind: 'passing' }
  | { readonly kind: 'denied'; readonly operation: 'publish' | 'subscribe'; readonly subject: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'no-jetstream' }
  | { readonly kind: 'no-stream' }
  | { readonly kind: 'no-message' }
  | { readonly kind: 'other-revision' }
  | { readonly kind: 'full' }
  | { readonly kind: 'other' }

/** Codes of the server: no stream, no message, wrong last sequence (two), no JetStream for the account, none at all. */
const API_TROUBLE: Readonly<Record<number, Trouble['kind']>> = {
  10059: 'no-stream',
  10037: 'no-message',
  10071: 'other-revision',
  10164: 'other-revision',
  10039: 'no-jetstream',
  10076: 'no-jetstream',
  // Of the stream, the account, the server; a stream cannot be kept.
  10077: 'full',
  10002: 'full',
  10023: 'full',
  10028: 'full',
  10047: 'full',
  // No leader just now; a peer is away.
  10008: 'passing',
  10009: 'passing',
  10074: 'passing',
}

/** `hasJetStream`: what the server said of itself. */
export function troubleOf(error: unknown, hasJetStream: boolean): Trouble {
  if (error instanceof AntidromeError) return { kind: 'other' }
  for (const each of chainOf(error)) {
    const trouble = troubleAlone(each, hasJetStream)
    if (trouble !== null) return trouble
  }
  return { kind: 'other' }
}

/** What an error says by itself; null: nothing, so what it was caused by is asked. */
function troubleAlone(error: Error, hasJetStream: boolean): Trouble | null {
  if (error instanceof PermissionViolationError) {
    const { operation, subject } = error
    return { kind: 'denied', operation: operation === 'publish' ? 'publish' : 'subscribe', subject }
  }
  if (error.name === 'JetStreamNotEnabled' && !hasJetStream) return { kind: 'no-jetstream' }
  if (error instanceof JetStreamApiError) {
    const kind = API_TROUBLE[error.code] ?? (error.status === 503 ? 'passing' : 'other')
    return { kind } as Trouble
  }
  if (error instanceof ClosedConnectionError || error instanceof DrainingConnectionError) return { kind: 'closed' }
  if (error instanceof TimeoutError || error instanceof NoRespondersError) return { kind: 'passing' }
  return /^connection (closed|disconnected)$/.test(error.message) ? { kind: 'passing' } : null
}
