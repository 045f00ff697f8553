import type { Observable } from 'rxjs'
import type { KernelChoice } from '../../dynamics/kernels/choose-kernel.js'
import type { MemoryTraffic } from '../../dynamics/traffic/memory-traffic.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import type { Session } from '../../learning/session.js'
import type { KnownName } from '../../network/description/known-name.js'
import type { Watchable } from '../watch/watched.js'
import type { LiveInput } from './live-source.js'
import type { SimulationState } from './simulation-state.js'
import type { StreamHost } from './stream-host.js'

export interface StreamOptions<Names extends string = string> {
  /** End in ms; default: none, the stream continues until it is stopped. */
  readonly until?: number
  /**
   * What source groups emit: spikes of one trial, or a source that is fed during the run. The stream listens to such a
   * source from the call of `stream` on, so that nothing is lost that it sends before the stream is consumed; a caller
   * that does not consume the stream stops it. An error of a source ends the run at the last watermark of the source.
   */
  readonly inputs?: Readonly<Record<string, SpikeTrains | LiveInput>>
  /** Groups to record, of sources or of LIF neurons; default: all LIF groups. */
  readonly record?: readonly Names[]
  /** Length of the segments in ms; default: whatever keeps the spikes of a segment few. No bit of a spike depends on it. */
  readonly segment?: number
  /** Go on from a state that `saveState` has given, maybe on another placement; default: everything at rest at 0. */
  readonly from?: SimulationState
}

/** What happened in one segment. */
export interface StreamSegment {
  readonly window: Window
  /** Per recorded group the spikes within the window, in event order; one trial. */
  readonly spikes: Readonly<Record<string, SpikeTrains>>
}

/**
 * One trial without a bound on its length, run segment by segment. The next segment is run when the last one has been
 * taken and not before, so that memory stays bounded however long it runs and however slow its consumer is. It has one
 * consumer: an iteration over it, a subscriber to `spikes$`, or, without either, a caller that waits for `done`.
 *
 * While it is open the session runs nothing else, and what it has learned cannot be replaced.
 */
export interface SpikeStream extends AsyncIterable<StreamSegment> {
  /** Per segment and recorded group a batch, one after the other; starts the stream, whose end is its own. */
  readonly spikes$: Observable<SpikeBatch>
  /** Everything before this instant, in ms, has been run. */
  readonly time: number
  /**
   * Resolves at the end, or when it was stopped; rejects with what ended it otherwise, such as SESSION_CLOSED.
   *
   * Waiting for it (`await`, `then`, …) starts a stream that has no consumer by the next turn of the event loop: it
   * runs as if a consumer took every segment, for callers that watch the session, or want its state at the end. After
   * that it cannot be consumed any more (STREAM_TAKEN). A stream without an end continues until it is stopped.
   *
   * @example
   * const spikes = session.spikes$('hidden').subscribe(({ times }) => console.log(times))
   * await session.stream({ until: 1000 }).done
   */
  readonly done: Promise<void>
  /**
   * The state between two segments, from which a stream of the same network and seed continues with the same bits, on
   * any placement. Call it when a segment has been taken and before the next one is asked for.
   */
  saveState(): Promise<SimulationState>
  /** Ends the stream at the end of the current segment; resolves when the session is free again. */
  stop(): Promise<void>
}

/** A session that also runs without an end. */
export interface StreamingSession<Names extends string = string> extends Session<Names>, Watchable<Names> {
  /**
   * What computes each group of neurons, in the order of the network: `engine` with its `feed`, and the `reasons` that keep a
   * group on the reference kernel. It follows from the network and the option `kernel` alone.
   *
   * @example
   * for (const { group, engine, reasons } of session.kernels) console.log(group, engine, ...reasons)
   * // hidden reference it has two synaptic time constants
   */
  readonly kernels: readonly KernelChoice[]
  /** See `Session`. */
  memoryTraffic(): Promise<MemoryTraffic>
  /**
   * Opens a stream of one trial. All groups run in windows, with the bits of `simulate`.
   *
   * Raises `InputError` for options out of range, as `simulate` does, STATE_FOREIGN, STATE_ARITHMETIC and STATE_PLACEMENT for a
   * state of another network, of another version of the arithmetic, or of another placement with latencies; the stream rejects with a `RunError` SESSION_BUSY
   * while another one is open, and with LIVE_SOURCE_BROKEN or LIVE_SOURCE_FAILED for a live source that breaks its
   * promise or ends with an error.
   *
   * @example
   * for await (const { window, spikes } of session.stream({ until: 60_000 })) console.log(window.end, spikes.out.times)
   */
  stream<Group extends string>(options?: StreamOptions<KnownName<Group, Names>>): SpikeStream
  /** What streams are made of; `stream` takes care of it. */
  readonly host: StreamHost
}
