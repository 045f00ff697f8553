import type { Link } from '../link.js'
import type { StreamMessage } from '../message.js'

/** A message and the link it came over. */
export interface Arrived {
  readonly link: Link
  readonly message: StreamMessage
}

/** Messages of runs that have not begun here. */
export interface EarlyMessages {
  /** Lets a message wait; returns why it cannot be right, as a clause, or null. */
  keep(arrived: Arrived): string | null
  /** All that wait, link by link; none waits afterwards. */
  take(): readonly Arrived[]
}

/** What one link has brought of the latest run that its peer has begun. */
interface Waiting {
  readonly run: number
  readonly arrived: Arrived[]
  /** Streams whose vector has come. */
  readonly vectors: Set<number>
}

/**
 * What waits is bounded: spikes by their credits, vectors by their streams. Runs take turns, so a peer in a later one has
 * left those before it behind, and none of them will begin here any more.
 *
 * @param drop told of messages that nobody will ask for
 */
export function createEarlyMessages(drop: (arrived: Arrived) => void): EarlyMessages {
  const latest = new Map<Link, Waiting>()

  function waitingFor({ link, message: { run } }: Arrived): Waiting {
    const known = latest.get(link)
    if (known !== undefined && known.run >= run) return known
    for (const arrived of known?.arrived ?? []) drop(arrived)
    const waiting = { run, arrived: [], vectors: new Set<number>() }
    latest.set(link, waiting)
    return waiting
  }

  return {
    keep(arrived) {
      const { kind, stream, run } = arrived.message
      if (kind === 'gradients') return `an answer to what was not sent yet, on stream ${stream} in run ${run}`
      const waiting = waitingFor(arrived)
      if (waiting.run > run) drop(arrived)
      else if (kind === 'vector' && waiting.vectors.has(stream))
        return `a second vector on stream ${stream} in run ${run}`
      else {
        if (kind === 'vector') waiting.vectors.add(stream)
        waiting.arrived.push(arrived)
      }
      return null
    },
    take() {
      const all = [...latest.values()].flatMap(({ arrived }) => arrived)
      latest.clear()
      return all
    },
  }
}
