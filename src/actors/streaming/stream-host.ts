import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import type { SimulationState } from './simulation-state.js'

/** One segment of a run without a bound. */
export interface SegmentRequest {
  readonly window: Window
  /** End of the whole run. */
  readonly until: number
  /** The spikes within the window that sources are given. */
  readonly inputs: Readonly<Record<string, SpikeTrains>>
  readonly record: readonly string[]
  /** Where it continues from: everything at rest at 0, the end of the segment before, or a state. */
  readonly from: 'rest' | 'last' | SimulationState
}

export interface SegmentResult {
  readonly spikes: Readonly<Record<string, SpikeTrains>>
  /** About how many spikes had to be held at a time. */
  readonly crowd: number
}

/** What a stream is made of: the segments of one run, one after the other. */
export interface StreamHost {
  /** Nothing else is run from now on; raises `RunError` SESSION_BUSY, SESSION_CLOSED. */
  claim(): Promise<void>
  run(request: SegmentRequest): Promise<SegmentResult>
  /** The state where the last segment ended. */
  states(): Promise<Pick<SimulationState, 'groups' | 'inFlight' | 'sent'>>
  release(): void
  /** Calls the listener when nothing is run any more, with the reason; see `SessionEnd`. */
  onEnd(listener: (reason: Error) => void): () => void
}
