import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import type { WatchedGradients, WatchedSpikes, WatchedVoltages } from '../../src/actors/watch/watched.js'
import { isGiven } from '../../src/network/description/given-source.js'

/** Everything that a session shows that can be watched, in the order it comes. */
export interface Seen {
  readonly spikes: readonly WatchedSpikes[]
  readonly gradients: readonly WatchedGradients[]
  readonly voltages: readonly WatchedVoltages[]
  /** Projections, and groups, whose gradient events, or voltages, nobody can watch. */
  readonly inside: readonly string[]
}

/** In ms. */
export const EVERY = 0.7

export function watchAll(session: StreamingSession): Seen {
  const { groups, projections } = session.network
  const spikes: WatchedSpikes[] = []
  const gradients: WatchedGradients[] = []
  const voltages: WatchedVoltages[] = []
  const inside: string[] = []
  for (const { name, kind } of groups)
    if (kind !== 'li') session.spikes$(name).subscribe((batch) => void spikes.push(batch))
  for (const { name, kind, size } of groups)
    if (kind !== 'source' && kind !== 'actor') {
      const units = [...new Set([size - 1, 0, Math.floor(size / 2)])]
      session.voltages(name, { units, every: EVERY }).subscribe({
        next: (batch) => void voltages.push(batch),
        error: () => void inside.push(name),
      })
    }
  for (const { key, source } of projections) {
    const group = groups.find(({ name }) => name === source)!
    if (group.kind !== 'source' || isGiven(group))
      session.gradients$(key).subscribe({
        next: (batch) => void gradients.push(batch),
        error: () => void inside.push(key),
      })
  }
  return { spikes, gradients, voltages, inside }
}
