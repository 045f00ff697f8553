import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { type LiveFeed, openLiveFeed } from './live-feed.js'
import { createLiveSource, type LiveInput, type LiveSource } from './live-source.js'

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

/** The live sources of a stream, by group. */
interface LiveSources {
  readonly sources: ReadonlyMap<string, LiveSource>
  /** Stops them; to be called when no listener is left. */
  stop(): void
}

interface LiveSourcesOptions {
  sizeOf(group: string): number
  /** The first watermark. */
  readonly start: number
}

/** Listens to live inputs from now on; to one that feeds several groups once, for it may say things only once. */
export function openLiveSources(
  live: Readonly<Record<string, LiveInput>>,
  { sizeOf, start }: LiveSourcesOptions,
): LiveSources {
  const sources = new Map<string, LiveSource>()
  const feeds: LiveFeed[] = []
  for (const [input, groups] of groupsByInput(live)) {
    let feed: LiveFeed | null = null
    const fed = groups.map((group) => {
      const source = createLiveSource({ group, size: sizeOf(group), start, ask: () => feed?.ask() })
      sources.set(group, source)
      return source
    })
    feed = openLiveFeed(input, fed)
    feeds.push(feed)
  }
  return {
    sources,
    stop() {
      for (const source of sources.values()) source.stop()
      for (const feed of feeds) feed.stop()
    },
  }
}

function groupsByInput(live: Readonly<Record<string, LiveInput>>): ReadonlyMap<LiveInput, readonly string[]> {
  const groups = new Map<LiveInput, string[]>()
  for (const [group, input] of Object.entries(live)) groups.set(input, [...(groups.get(input) ?? []), group])
  return groups
}
