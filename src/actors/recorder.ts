import { filter, merge, type Observable } from 'rxjs'
import { joinTrains } from '../dynamics/join-trains.js'
import type { SpikeBatch } from '../events/spike-batch.js'
import type { SpikeTrains } from '../events/spike-trains.js'

/** Keeps every spike of one group. */
export interface Recorder {
  /** All spikes so far, joined over windows. */
  trains(): SpikeTrains
  stop(): void
}

export function createRecorder(streams: readonly Observable<SpikeBatch>[], group: string, trials: number): Recorder {
  const batches: SpikeBatch[] = []
  const spikes$ = merge(...streams).pipe(filter(({ stream }) => stream === group))
  const subscription = spikes$.subscribe((batch) => batches.push(batch))
  return {
    trains() {
      if (batches.length === 0)
        return { offsets: new Uint32Array(trials + 1), times: new Float64Array(0), units: new Uint32Array(0) }
      return joinTrains(batches).trains
    },
    stop: () => subscription.unsubscribe(),
  }
}
