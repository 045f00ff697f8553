import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import type { WatchedGradients, WatchedSpikes } from '../../src/actors/watch/watched.js'
import { isGiven } from '../../src/network/given-source.js'

/** Everything that a session shows that can be watched, in the order it comes. */
export interface Seen {
  readonly spikes: readonly WatchedSpikes[]
  readonly gradients: readonly WatchedGradients[]
  /** Keys of projections that nobody can watch. */
  readonly inside: readonly string[]
}

export function watchAll(session: StreamingSession): Seen {
  const { groups, projections } = session.network
  const spikes: WatchedSpikes[] = []
  const gradients: WatchedGradients[] = []
  const inside: string[] = []
  for (const { name, kind } of groups)
    if (kind !== 'li') session.spikes$(name).subscribe((batch) => void spikes.push(batch))
  for (const { key, source } of projections) {
    const group = groups.find(({ name }) => name === source)!
    if (group.kind !== 'source' || isGiven(group))
      session.gradients$(key).subscribe({
        next: (batch) => void gradients.push(batch),
        error: () => void inside.push(key),
      })
  }
  return { spikes, gradients, inside }
}
