import type { SpikeTrains } from './spike-trains.js'
import type { Window } from './window.js'

/** All spikes of one stream within one window, for a mini-batch of trials: the message that runs forward. */
export interface SpikeBatch extends SpikeTrains {
  /** The emitting group. */
  readonly stream: string
  /** 0, 1, 2, … within one run. */
  readonly sequence: number
  /** Its end is the stream's watermark: no spike before it will follow. */
  readonly window: Window
}
