import { filter, merge, type Observable } from 'rxjs'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import { spikesBefore } from '../../events/select-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'

/** Keeps every spike of one group. */
export interface Recorder {
  /** All spikes so far, joined over windows. */
  trains(): SpikeTrains
  stop(): void
}

/** @param until spikes a source was given for later are no part of the trial */
export function createRecorder(
  streams: readonly Observable<SpikeBatch>[],
  group: string,
  { count, until }: { readonly count: number; readonly until: number },
): Recorder {
  const batches: SpikeTrains[] = [noSpikes(count)]
  const spikes$ = merge(...streams).pipe(filter(({ stream, times }) => stream === group && times.length > 0))
  const subscription = spikes$.subscribe((batch) => batches.push(batch))
  return {
    trains: () => spikesBefore(until, joinTrains(batches).trains),
    stop: () => subscription.unsubscribe(),
  }
}
