import type { Observable } from 'rxjs'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import type { KnownName } from '../../network/description/known-name.js'

/** What a session does while it is watched. */
export type WatchedWork = 'simulate' | 'evaluate' | 'gradient' | 'train' | 'stream'

/** The run, or the segment of a stream, that a batch tells of. */
export interface WatchedRun {
  readonly doing: WatchedWork
  /** 1, 2, 3, …: the runs of the session that were done, watched or not. The segments of a stream are one run. */
  readonly run: number
  /** The time that it went through, in ms. */
  readonly window: Window
  /** Batches before this one that were dropped since the last one, because the iterating consumer was slow. */
  readonly dropped: number
}

/** The spikes of a group in a run: those of all its slices, in event order within each trial. The arrays are copies. */
export interface WatchedSpikes extends WatchedRun, SpikeTrains {
  readonly group: string
}

/**
 * The gradient events that came back along a projection in a run, one per spike of its source group, in the order of
 * `WatchedSpikes`. The arrays are copies.
 */
export interface WatchedGradients extends WatchedRun, SpikeTrains {
  /** Key of the projection. */
  readonly projection: string
  /** Its source. */
  readonly group: string
  /**
   * Per spike dL/dt through the synapses of this projection alone, in 1/ms: how the loss, summed over trials, changes as the
   * spike arrives later there.
   */
  readonly gradients: Float64Array
}

/** The voltages of some neurons of a group in a run, at the multiples of `every` in its window. The arrays are copies. */
export interface WatchedVoltages extends WatchedRun {
  readonly group: string
  /** Numbers of the neurons in the group, in the order in which they were asked for. */
  readonly units: Uint32Array
  /** Of the samples, in ms: k · every, from the start of the window to before its end. */
  readonly times: Float64Array
  /** V, row-major [trial][unit][sample]; where V jumps, the right limit. */
  readonly values: Float64Array
}

export interface WatchOptions {
  /**
   * For an iterating consumer, what happens to a run that does not fit its buffer: 'drop' drops the oldest waiting
   * batch, and counts it; 'wait' holds the next run back until the consumer has taken a batch. Default 'drop'. A
   * subscriber is called as a run ends, and may take any time.
   */
  readonly overflow?: 'drop' | 'wait'
  /** Batches that may wait for the iterating consumer, from 1; default 16. */
  readonly buffer?: number
}

export interface VoltageOptions extends WatchOptions {
  /** Numbers of neurons, each once; default: all of the group. */
  readonly units?: ArrayLike<number>
  /** Between two samples, in ms. */
  readonly every: number
}

/**
 * What a session shows of its runs: a batch for each run, or segment of a stream, that begins while it has a subscriber
 * or an iterating consumer. The batch is delivered when the run is done, before its promise resolves: a run that is
 * reverted, fails, or is repeated after a restart, is shown once or not at all. Hot: a late subscriber sees the next
 * run.
 *
 * It completes when the session has ended, closed or lost. A run that fails shows nothing and ends nothing; its own promise
 * rejects. A subscriber that throws is unsubscribed and notified: by its own `error` if it has one, else by a warning
 * WATCHER_FAILED; the run continues.
 */
export interface Watch<Batch> extends Observable<Batch>, AsyncIterable<Batch> {}

/** What can be seen of a session from outside, on every placement and transport. No bit depends on it. */
export interface Watchable<Names extends string = string> {
  /**
   * The spikes of a group that spikes: of a source, or of LIF neurons.
   *
   * Raises `InputError` GROUP_UNKNOWN, WATCH_KIND for a readout, FIELD_UNKNOWN and OPTION_OUT_OF_RANGE, and a `RunError`
   * SESSION_CLOSED.
   *
   * @example
   * session.spikes$('hidden').subscribe(({ run, times }) => console.log(run, times.length))
   * for await (const epoch of train(session, task, options)) console.log(epoch.loss)
   */
  spikes$<Group extends string>(group: KnownName<Group, Names>, options?: WatchOptions): Watch<WatchedSpikes>
  /**
   * The gradient events of a projection, of every run that has a backward pass: dL/d(spike time) of each spike of its source.
   * The sum over all projections that leave a source is dL/d(input time); a group that the loss looks at has a term of its own
   * beside them. To ask for those of a source that is given its spikes costs the backward pass what `inputTimes` cost.
   *
   * Raises `InputError` PROJECTION_UNKNOWN, WATCH_KIND for a source that emits by itself, FIELD_UNKNOWN and
   * OPTION_OUT_OF_RANGE, and a `RunError` SESSION_CLOSED; errors with a `RunError` GRADIENTS_INSIDE where spikes of the
   * projection pass within one kernel, for its groups are joined by a cycle without delay.
   *
   * @example
   * session.gradients$('input->hidden').subscribe(({ times, gradients }) => console.log(times, gradients))
   */
  gradients$(projection: string, options?: WatchOptions): Watch<WatchedGradients>
  /**
   * The voltages of LIF neurons or readouts. Between two events they are a closed form, so they are worked out where they are
   * asked for, once a run is done, from its arrivals, spikes and parameters; the run learns nothing of it.
   *
   *     V(t + D) = V(t) e^{-D/tauMem} + kappa(D) I(t) + bias (1 - e^{-D/tauMem})
   *
   * Raises `InputError` GROUP_UNKNOWN, WATCH_KIND for a source, UNIT_UNKNOWN, FIELD_MISSING, FIELD_UNKNOWN and
   * OPTION_OUT_OF_RANGE, and a `RunError` SESSION_CLOSED. Errors with a `RunError` VOLTAGES_DRIVEN where a kernel draws the
   * spikes of a source itself, VOLTAGES_ROUTED where operators stand in a projection
   * into the group, VOLTAGES_LATE in a stream that was not watched from its beginning at rest, and
   * VOLTAGES_ENDLESS in trials without an end, VOLTAGES_MANY where there would be more than 2^26 samples.
   *
   * @example
   * session.voltages('hidden', { units: [0, 3], every: 0.1 }).subscribe(({ times, values }) => draw(times, values))
   */
  voltages<Group extends string>(group: KnownName<Group, Names>, options: VoltageOptions): Watch<WatchedVoltages>
}
