import type { Link } from './link.js'

/** Null if all that was sent over these links has left this process; else what has to be waited for first. */
export function flushedOf(links: Iterable<Link>): Promise<void> | null {
  for (const link of links) {
    const awaited = link.flushed()
    if (awaited !== null) return awaited
  }
  return null
}
