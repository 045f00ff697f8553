import type { ReturnedEvents } from '../../dynamics/kernels/returned-events.js'
import type { MemoryTraffic } from '../../dynamics/traffic/memory-traffic.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { SliceFiring, SliceVoltageMaxima } from '../../learning/diagnosis/merge-diagnosis.js'
import type { SquaresPart } from '../../learning/gradient-squares.js'
import type { Observed } from '../../learning/losses/loss-record.js'
import type { Outcome } from '../../learning/losses/outcome.js'
import type { LossModule } from '../../learning/losses/user-loss.js'
import type { Maxima, OptimizerMemory, ParameterKind, StepOptions, TaskSamples } from '../../learning/session.js'
import type { TaskFingerprint, TaskOrigin } from '../../learning/task.js'
import type { TauField } from '../../network/description/time-constants.js'
import type { LinkTraffic } from '../../streams/link.js'
import type { MeterReading } from '../group/meter.js'
import type { Run, UnitStates } from '../group/run.js'
import type { PartitionTrace } from '../trace/trace-record.js'
import type { ReplicaShare } from './learning/replica-sums.js'
import type { PartitionStatus } from './status.js'

/** One run, as a partition receives it. Plain data, like everything else that crosses this interface. */
export interface RunOrder {
  /** 1, 2, 3, …: the same on all partitions. */
  readonly number: number
  /** Its inputs are those of the sources that are placed or listened to here. */
  readonly run: Run
  /** Groups to record, as far as they are here. */
  readonly record: readonly string[]
  /** Whether gradients are wanted themselves, or their squares for the norm. */
  readonly report: 'nothing' | 'gradients' | 'squares'
  /** What watchers want to see in addition. Default: nothing. */
  readonly watch?: WatchOrder
  /** For 'squares': the kinds that are learned. */
  readonly learned: readonly ParameterKind[]
  /** With 'squares': a step that is taken as soon as the run's own gradient is there. */
  readonly then?: StepOrder
  /** With 'squares', of a run that is a part: what the replicas of this core add up. Default: there is one replica. */
  readonly share?: ReplicaShare
  /** Of a partition elsewhere that has prepared it: the loss of the run is this one, and is put in there. */
  readonly ownLoss?: number
  /** Of a partition elsewhere that has prepared their task: the inputs of the run are these, and are encoded there. */
  readonly samples?: NamedSamples
}

/** What a partition has to report to watchers. */
export interface WatchOrder {
  /** Projections whose gradient events are wanted, as far as their sources are here. */
  readonly gradients: readonly GradientsOrder[]
  readonly voltages: readonly VoltagesOrder[]
}

/** Voltages that are watched, as far as their neurons are here. Plain data. */
export interface VoltagesOrder {
  /** The same in all segments of a stream. */
  readonly id: number
  readonly group: string
  /** Numbers in the whole group. */
  readonly units: Uint32Array
  /** In ms. */
  readonly every: number
}

/** The voltages of those neurons that a slice holds. */
export interface SliceVoltages {
  readonly id: number
  readonly units: Uint32Array
  /** Row-major [trial][unit][sample]; or why the voltages are unknown. */
  readonly found: Float64Array | 'driven' | 'routed' | 'late' | 'endless' | 'many'
}

export interface GradientsOrder {
  /** The projection's place in the network's list. */
  readonly order: number
  /** Whether the spikes of its source are reported here; whole sources are on several cores. */
  readonly isHome: boolean
}

/** The gradient events that a slice of a projection's source was sent. */
export interface SliceGradients {
  readonly order: number
  /** Number of the slice's first unit. */
  readonly start: number
  /** Of the slice, in event order; null if they are reported elsewhere. */
  readonly trains: SpikeTrains | null
  /** For these spikes, from the slices that listen here; none where spikes pass within a kernel. */
  readonly returned: readonly ReturnedEvents[]
}

/** Samples of a task that a partition has prepared. */
export interface NamedSamples extends Pick<TaskSamples, 'split' | 'numbers' | 'draw'> {
  /** The number under which the partition received the task. */
  readonly task: number
}

/** What a partition has made of the origin of a task; or why it cannot make it. */
export type PreparedTask = { readonly fingerprint: TaskFingerprint } | { readonly reason: string }

/** What everybody who takes part in a run has to know of a loss of a user. Plain data. */
export interface LossTraits {
  readonly name: string
  readonly observes: Observed
  readonly labels: 'unit' | 'any'
  /** Of integrals. */
  readonly tau?: number
}

/** Number of tasks that a partition keeps: those it received last. */
export const MOST_TASKS = 4

/** A step along the gradient of the run it is ordered with. */
export interface StepOrder extends UpdateOrder {
  /** It may have to be undone: others may fail while it is taken here. */
  readonly undoable: boolean
}

/** The learnable numbers of one slice (or their gradients), projections in the order of the network's list. */
export interface SliceParameters {
  readonly group: string
  readonly start: number
  readonly projections: readonly {
    readonly key: string
    readonly weights: Float64Array
    /** Per synapse: those of the slice. Shared: all of them if the slice owns them, else none. */
    readonly delays: Float64Array
  }[]
  readonly bias: Float64Array
  readonly threshold: Float64Array | null
  readonly adaptStep: Float64Array | null
  /** One per neuron; those that the whole group shares: the one if the slice owns it, else none. */
  readonly taus?: SliceTaus
}

export type SliceTaus = Readonly<Partial<Record<TauField, Float64Array>>>

/** One array of learnable numbers, by kind and by what it is of; of time constants also which. */
export type ArrayName = Pick<OptimizerMemory, 'kind' | 'of' | 'field'>

/** Everything that learning has changed in one slice. */
export interface SliceState {
  readonly parameters: SliceParameters
  /** The arrays are those of the slice; nothing of an array that has no entry here. */
  readonly memories: readonly OptimizerMemory[]
}

/** A state that a slice is put back to, or parameters that it is given; then it has no memories. */
export interface RestoredSlice {
  readonly parameters: SliceParameters
  /** Null: the optimiser remembers what it did. */
  readonly memories: readonly OptimizerMemory[] | null
}

/** What came of a run in one partition. */
export interface RunReport {
  /** Per recorded group that is here. */
  readonly spikes: Readonly<Record<string, SpikeTrains>>
  readonly maxima: Readonly<Record<string, Maxima>>
  /** How many spikes the neurons here emitted, recorded or not. */
  readonly emitted: number
  /** Where the loss lives; else null. */
  readonly outcome: Outcome | null
  /** If gradients are wanted themselves: what the groups here return for the spikes of each given source. */
  readonly inputReturned: Readonly<Record<string, readonly ReturnedEvents[]>>
  readonly gradients: readonly SliceParameters[]
  readonly squares: readonly SquaresPart[]
  /** What became of the step that was ordered with it: it is declined where the gradient here is huge, or no number. */
  readonly step: 'none' | 'taken' | 'declined'
  /** Largest magnitude of a learned gradient, 0 if its squares cannot overflow; NaN if one is not a number. */
  readonly largest: number
  readonly grazing: number
  /** (hidden neuron, trial) pairs, and those without a spike. */
  readonly pairs: number
  readonly silent: number
  /** Spikes of hidden neurons, over all trials. */
  readonly hiddenSpikes: number
  /** For 'squares': of every LIF slice here. */
  readonly firing: readonly SliceFiring[]
  /** For 'squares': of every LI slice here. */
  readonly readouts: readonly SliceVoltageMaxima[]
  /** What was wanted beside; absent where nothing was. */
  readonly watched?: WatchReport
}

/** What a partition shows of what is watched. */
export interface WatchReport {
  readonly gradients: readonly SliceGradients[]
  readonly voltages: readonly SliceVoltages[]
}

export interface UpdateOrder {
  readonly step: StepOptions
  /** Multiplies the gradient of the last run. */
  readonly scale: number
}

/** A partition's link to another core, and what went over it so far. */
export interface PartitionTraffic {
  readonly peer: number
  readonly sent: LinkTraffic
  readonly received: LinkTraffic
}

/** Bytes in use: of the whole process, and of the heap and the arrays of the thread that tells them, whichever cores it holds. */
export interface MemoryUse {
  readonly rss: number
  readonly heapUsed: number
  readonly arrayBuffers: number
}

/** How a partition is doing; counters count from when it was opened. */
export interface PartitionMetrics extends MeterReading {
  readonly core: number
  /** See `Partition.kernelSeconds`. */
  readonly kernelSeconds: number
  readonly memory: MemoryUse
  readonly links: readonly PartitionTraffic[]
}

/**
 * The actors of one core. Orders are given one after the other; `abort` may come at any time.
 *
 * It may live in this process or another one; this interface hides the difference.
 */
export interface Partition {
  readonly core: number
  run(order: RunOrder): Promise<RunReport>
  /**
   * Makes a task, so that runs may name its samples by this number; numbers rise. Absent in partitions of this process,
   * which are handed the inputs themselves.
   */
  prepare?(task: number, origin: TaskOrigin): Promise<PreparedTask>
  /**
   * Loads a loss of a user, so that runs may name it by this number; resolves once it is here. Absent in partitions of this
   * process, which are handed the loss itself.
   */
  prepareLoss?(loss: number, module: LossModule, traits: LossTraits): Promise<void>
  /** Sums of squares of the last run's gradient, once more with every entry multiplied by `scale`. */
  squares(learned: readonly ParameterKind[], scale: number): Promise<readonly SquaresPart[]>
  /** Breaks a run off: it rejects with a `RunError` RUN_ABORTED unless it has ended. */
  abort(run: number): void
  /** After a segment of a run: the state of the slices here at its end. */
  states(): Promise<readonly UnitStates[]>
  update(order: UpdateOrder): Promise<void>
  /**
   * Goes back to before the step of this run, and of all runs behind it. A run that was to take a step and has not, or has
   * failed, stops all that were ordered behind it with a step until then: they reject with RUN_ABORTED.
   */
  undo(from: number): Promise<void>
  parameters(): Promise<readonly SliceParameters[]>
  /**
   * What the slices here have learned.
   *
   * @param remembered arrays of which an optimiser remembers something: every slice that holds one has an entry of it
   */
  save(remembered: readonly ArrayName[]): Promise<readonly SliceState[]>
  /** Puts every slice here back to a state, or gives it other parameters alone. */
  restore(slices: readonly RestoredSlice[]): Promise<void>
  /** The reply comes between two messages, so not before a kernel that computes is through. */
  status(): Promise<PartitionStatus>
  traffic(): Promise<readonly PartitionTraffic[]>
  /** Time spent in kernels and optimisers so far, by the clock the partition was given. */
  kernelSeconds(): Promise<number>
  /** Bytes read and written by the kernels here so far. */
  memoryTraffic(): Promise<MemoryTraffic>
  /** Resolves also during a run, between two steps of its kernels; rejects with METRICS_OFF if nothing is counted. */
  metrics(): Promise<PartitionMetrics>
  /** Takes away what was recorded since the last time, in the same way; rejects with TRACE_OFF if nothing is recorded. */
  trace(): Promise<PartitionTrace>
  close(): Promise<void>
}
