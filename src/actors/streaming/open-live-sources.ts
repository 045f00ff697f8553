import { type LiveFeed, openLiveFeed } from './live-feed.js'
import { createLiveSource, type LiveInput, type LiveSource } from './live-source.js'

/** The live sources of a stream, by group. */
export interface LiveSources {
  readonly sources: ReadonlyMap<string, LiveSource>
  /** Stops them; to be called when no listener is left. */
  stop(): void
}

export interface LiveSourcesOptions {
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
