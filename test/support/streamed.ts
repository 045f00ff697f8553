import { expect } from 'vitest'
import type { SimulationState } from '../../src/actors/streaming/simulation-state.js'
import type { StreamingSession, StreamOptions } from '../../src/actors/streaming/spike-stream.js'
import { joinTrains } from '../../src/events/join-trains.js'
import { noSpikes } from '../../src/events/no-spikes.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'

/** What a stream shows up to a number of segments, and the state there. */
export async function streamed(
  session: StreamingSession,
  options: StreamOptions & { readonly record: readonly string[] },
  most = Infinity,
) {
  const stream = session.stream(options)
  const parts = Object.fromEntries(options.record.map((name) => [name, [noSpikes(1)]]))
  let [segments, before] = [0, options.from?.time ?? 0]
  let state: SimulationState | null = null
  for await (const { window, spikes } of stream) {
    expect(window.start).toBe(before)
    before = window.end
    for (const name of options.record) parts[name]!.push(spikes[name]!)
    segments++
    if (segments < most) continue
    state = await stream.saveState()
    break
  }
  await stream.done
  return { spikes: joinedTrains(parts), segments, state }
}

export function joinedTrains(parts: Readonly<Record<string, readonly SpikeTrains[]>>) {
  return Object.fromEntries(Object.entries(parts).map(([name, list]) => [name, joinTrains(list).trains]))
}
