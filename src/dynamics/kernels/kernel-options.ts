import type { UndefinedSlope } from '../models/adjoint.js'
import type { RateBand } from '../models/rate-band.js'
import type { SpikeNoise } from '../noise/spike-noise.js'
import type { TrialOrigin } from '../operators/routed-input.js'
import type { ParameterLayout } from '../parameters/parameter-layout.js'
import type { Synapses } from '../parameters/synapses.js'

export interface KernelOptions {
  readonly trials: number
  /** See `Run.firstTrial`. Default 0. */
  readonly firstTrial?: number | undefined
  readonly until: number
  /** Trials run whole, one after the other: every input is complete at the only `advance`. */
  readonly whole: boolean
  /**
   * Trials of a micro-batch of whole trials, a multiple of `MICRO_BATCH_UNIT`: every `advance` runs the next one, while
   * `beginBackward` and `backward` undo the first that is not undone. Default: one of all trials. See
   * `Kernel.runsMicroBatches`.
   */
  readonly microBatch?: number | undefined
  /** The run proceeds in segments, perhaps without an end; the spikes that a neuron may fire grow with its time. */
  readonly segmented?: boolean
  /** Most spikes per neuron and ms, see models/spike-limit.ts; the component counts them. Default: as many as there are. */
  readonly spikeLimit?: number | undefined
  /** A backward pass will follow. */
  readonly gradients: boolean
  /** Sources want to know what moving their spikes would do; if not, zeros may return. Default true. */
  readonly inputTimes?: boolean
  /** dL/dbias is wanted; if not, it may be 0. Default true. */
  readonly biasGradient?: boolean
  /** dL/dadaptStep is wanted; if not, it may be 0 where no neuron adapts. Default true. */
  readonly adaptationGradient?: boolean | undefined
  /** The gradient by the time constants is wanted; if not, it is 0 or anything. Default false. */
  readonly tauGradient?: boolean
  /** Neurons stay silent after their first spike. */
  readonly stopAfterFirst: boolean
  /** The voltage maximum of silent LIF neurons is wanted. */
  readonly trackSilent: boolean
  /** LI readouts: the integral ∫ e^{-t/tau} V dt over the trial is wanted, too; tau in ms, maybe Infinity. */
  readonly integral?: { readonly tau: number } | undefined
  /** Heuristic: own spikes are pushed towards this rate on the way back, see `RateBand`. */
  readonly rateBand?: RateBand | undefined
  readonly undefinedSlope: UndefinedSlope
  /** Number of the realisation, and of the run's first trial within it; operators ask. Default: 0 and 0. */
  readonly trialOrigin?: TrialOrigin | undefined
  /** What happens to spikes on their way here; default: they arrive as they should. Not in segments. */
  readonly spikeNoise?: SpikeNoise
  /**
   * With gradients: the run is a part of a mini-batch, and other sums over trials are to take the place of its own, see
   * `Kernel.sumTrials`. Default false.
   */
  readonly isPart?: boolean | undefined
  /** Actors, with gradients: whether the loss depends on their spikes. Default true. */
  readonly affectsLoss?: boolean
  /** Called once per trial and every few thousand synaptic events, so that long work shows signs of life; no bit depends on it. */
  readonly beat: () => void
}

/** The gradient by the time constants is asked for. */
export function wantsTaus({ gradients, tauGradient = false }: KernelOptions): boolean {
  return gradients && tauGradient
}

/** Whether gradients by times of the received spikes are asked for: by neurons, a source, or shared delays. */
export function wantsEvents(
  { inputTimes = true }: KernelOptions,
  { sharedCount }: ParameterLayout,
  { afferents }: Synapses,
): boolean {
  return inputTimes || sharedCount > 0 || afferents.some(({ fromSource }) => !fromSource)
}
