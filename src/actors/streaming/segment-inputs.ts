import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import type { LiveSources } from './open-live-sources.js'

/** The inputs of a stream, cut by time. */
export interface SegmentInputs {
  /** How far a segment from `start` may go, `end` at most: waits for live sources that do not reach beyond `start` yet. */
  horizon(window: Window): Promise<number>
  /** The spikes within a window; windows follow one another. */
  take(window: Window): Readonly<Record<string, SpikeTrains>>
  stop(): void
}

export function createSegmentInputs(given: Readonly<Record<string, SpikeTrains>>, live: LiveSources): SegmentInputs {
  const cursors = new Map(Object.keys(given).map((name) => [name, 0]))

  function takeGiven(name: string, { times, units }: SpikeTrains, { start, end }: Window): SpikeTrains {
    let from = cursors.get(name) ?? 0
    while (from < times.length && (times[from] as number) < start) from++
    let to = from
    while (to < times.length && (times[to] as number) < end) to++
    cursors.set(name, to)
    return { offsets: Uint32Array.of(0, to - from), times: times.slice(from, to), units: units.slice(from, to) }
  }

  return {
    async horizon({ start, end }) {
      const sources = [...live.sources.values()]
      // All at once: one that fails is heard though another one says nothing.
      await Promise.all(sources.map((source) => source.beyond(start)))
      return sources.reduce((least, { watermark }) => Math.min(least, watermark), end)
    },
    take: (window) =>
      Object.fromEntries([
        ...Object.entries(given).map(([name, trains]) => [name, takeGiven(name, trains, window)]),
        ...[...live.sources].map(([name, source]) => [name, source.takeBefore(window.end)]),
      ]),
    stop: live.stop,
  }
}
