import { sessionClosed } from '../../learning/session-closed.js'
import type { SessionEnd } from '../streaming/session-end.js'
import type { WatchHub } from '../watch/watch-hub.js'
import type { Turns } from './turns.js'

/** What a session has that ends with it, in this order. */
export interface EndingParts {
  readonly streams: Pick<SessionEnd, 'end'>
  readonly hub: WatchHub
  readonly turns: Pick<Turns<never, unknown>, 'close'>
  /** Ends what the session was over, once no call is in progress. */
  release(): Promise<void>
}

/** The call that closes a session; a second call, too, resolves only when nothing is left. */
export function closingOf({ streams, hub, turns, release }: EndingParts): () => Promise<void> {
  let closing: Promise<void> | null = null

  async function close(): Promise<void> {
    streams.end(sessionClosed())
    hub.hurry()
    await turns.close()
    hub.close()
    await release()
  }

  return () => {
    closing ??= close()
    return closing
  }
}
