import { flushedOf } from '../../streams/flushed-of.js'
import type { Link } from '../../streams/link.js'

/**
 * Shows for all cores of one process or thread that it is alive: while one of them computes, none of the others can say a
 * word.
 */
export interface CoreWorkerPulse {
  /** A link of any of the cores. */
  include(link: Link): void
  /** Kernels call it as they go. */
  beat(): void
  /** Null if all that any of the cores has sent is away; see `Link.flushed`. */
  flushed(): Promise<void> | null
}

/** There are many links: to read the clock per link and beat would cost more than the beats are worth. */
const LOOKS_PER_HEARTBEAT = 8

/**
 * @param heartbeat of the links, in ms
 * @param now a clock in ms
 */
export function createCoreWorkerPulse(heartbeat: number, now: () => number): CoreWorkerPulse {
  const links: Link[] = []
  let looked = now()
  return {
    include: (link) => void links.push(link),
    beat() {
      const time = now()
      if (time - looked < heartbeat / LOOKS_PER_HEARTBEAT) return
      looked = time
      for (const link of links) link.beat()
    },
    flushed: () => flushedOf(links),
  }
}
