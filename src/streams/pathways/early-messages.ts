import { MOST_MICRO_BATCHES } from '../../events/trial-range.js'
import { MOST_UNDER_WAY } from '../../learning/under-way.js'
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
  /** All that wait for a run that begins, link by link; those of earlier runs are dropped, those of later ones go on waiting. */
  take(run: number): readonly Arrived[]
}

/** What one link has brought of one run. */
interface Waiting {
  readonly run: number
  readonly arrived: Arrived[]
  /** Vectors that have come, by stream. */
  readonly vectors: Map<number, number>
}

/**
 * What waits is bounded: spikes by their credits, vectors by their streams, micro-batches and the number of runs. A peer
 * that begins one more run has left the oldest behind for good: that one will not begin here any more.
 *
 * @param drop called with messages that will never be requested
 */
export function createEarlyMessages(drop: (arrived: Arrived) => void): EarlyMessages {
  /** By link, the runs in their order. */
  const waiting = new Map<Link, readonly Waiting[]>()

  /** Null for a run that the peer has left behind. */
  function waitingFor({ link, message: { run } }: Arrived): Waiting | null {
    const known = waiting.get(link) ?? []
    const found = known.find((each) => each.run === run)
    if (found !== undefined) return found
    // A link keeps the order of its messages.
    if (known.some((each) => each.run > run)) return null
    const added: Waiting = { run, arrived: [], vectors: new Map() }
    const all = [...known, added]
    for (const { arrived } of all.slice(0, -MOST_UNDER_WAY)) arrived.forEach(drop)
    waiting.set(link, all.slice(-MOST_UNDER_WAY))
    return added
  }

  return {
    keep(arrived) {
      const { kind, stream, run } = arrived.message
      if (kind === 'gradients') return `gradients of what was not sent yet, on stream ${stream} in run ${run}`
      const place = waitingFor(arrived)
      if (place === null) drop(arrived)
      else {
        const vectors = (place.vectors.get(stream) ?? 0) + Number(kind === 'vector')
        if (vectors > MOST_MICRO_BATCHES) return `${vectors} vectors on stream ${stream} in run ${run}`
        place.vectors.set(stream, vectors)
        place.arrived.push(arrived)
      }
      return null
    },
    take(run) {
      const taken: Arrived[] = []
      for (const [link, runs] of waiting) {
        for (const each of runs) {
          if (each.run < run) each.arrived.forEach(drop)
          else if (each.run === run) taken.push(...each.arrived)
        }
        waiting.set(
          link,
          runs.filter((each) => each.run > run),
        )
      }
      return taken
    },
  }
}
