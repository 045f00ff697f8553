import { sumTraffic } from '../../dynamics/traffic/memory-traffic.js'
import { RunError } from '../../events/errors.js'
import { createOneAtATime } from '../../events/one-at-a-time.js'
import { type SquaresPart, squaresOf } from '../../learning/gradient-squares.js'
import type { ParameterKind } from '../../learning/session.js'
import { sessionClosed } from '../../learning/session-closed.js'
import type { Network } from '../../network/description/network.js'
import { signsOf } from '../../network/description/sign.js'
import type { MeterReading } from '../group/meter.js'
import type { WaitingActor } from '../group/run-actors.js'
import type { Stopwatch } from '../group/stopwatch.js'
import type { RunStages } from '../trace/run-stages.js'
import type { PartitionTrace } from '../trace/trace-record.js'
import { createLearner } from './learning/learner.js'
import { createNoisyKernels } from './noise/kernel-noise.js'
import type {
  MemoryUse,
  Partition,
  PartitionMetrics,
  PartitionTraffic,
  RestoredSlice,
  RunOrder,
  RunReport,
  StepOrder,
  UpdateOrder,
} from './partition.js'
import type { PartitionStatus, Wait } from './status.js'
import { createTrialPass } from './trial-pass.js'
import type { WiredPartition } from './wiring/wire-partition.js'

export interface ActorPartitionOptions {
  readonly core: number
  readonly network: Network
  readonly wired: WiredPartition
  /** A run begins: every actor listens before the next message is delivered. */
  starting(order: RunOrder): void
  /** A run that has begun is over, with its step. */
  ended(): void
  /** Around the parts of a run. */
  readonly stages: RunStages
  /** Resolves once no message to or from actors here is on its way, as far as that can be known here. */
  quiet(): Promise<void>
  traffic(): readonly PartitionTraffic[]
  /** See `PartitionStatus`. */
  progress(): number
  /** What the actors that are not through wait for from other cores; `observed` is the group of the loss. */
  waits(actors: readonly WaitingActor[], observed: string | null): readonly Wait[]
  /** Adds up the time that kernels and optimisers take. */
  readonly watch: Stopwatch
  /** What the partition has counted; null if it does not count. */
  reading(): (MeterReading & { readonly memory: MemoryUse }) | null
  /** Takes away what was recorded; null if nothing is. */
  recorded(): PartitionTrace | null
  /** Frees what the actors were joined to. */
  close(): Promise<void>
}

/** A partition whose actors live in this process. */
export interface ActorPartition extends Partition {
  /** @param reason default: a `RunError` RUN_ABORTED */
  abort(run: number, reason?: unknown): void
  /** The partition has failed: the current run and all later requests reject with the reason. */
  fail(reason: unknown): void
  /** Number of the current run and the actors that still wait for something; null between runs. */
  waiting(): { readonly run: number; readonly actors: readonly WaitingActor[] } | null
}

export function createActorPartition(options: ActorPartitionOptions): ActorPartition {
  const { core, network, wired, watch, stages } = options
  const { kernels, shared } = wired
  const learner = createLearner({ kernels, shared, cyclic: wired.cyclic, signs: signsOf(network.projections), watch })
  const noisy = createNoisyKernels({ kernels, network, cyclic: wired.cyclic, watch })
  const orders = createOneAtATime()
  let failure: { readonly reason: unknown } | null = null
  /** Runs up to this one are broken off. */
  let aborted = 0
  /** A run has not taken the step it was ordered with: what was ordered behind it counts on that step. */
  let isStopped = false
  let isClosed = false
  const pass = createTrialPass({ ...options, noisy, requireRunning })

  /** Orders are carried out one after the other. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return orders.inTurn(() => (failure === null ? work() : Promise.reject(failure.reason)))
  }

  function breakOff(reason: unknown): void {
    pass.abort(reason)
    for (const part of shared) part.fail(reason)
  }

  function fail(reason: unknown): void {
    failure ??= { reason }
    breakOff(failure.reason)
  }

  function abort(number: number, reason: unknown = abortion(number)): void {
    aborted = Math.max(aborted, number)
    const underWay = pass.underWay()
    if (underWay !== null && underWay.number <= number) breakOff(reason)
  }

  function run(order: RunOrder): Promise<RunReport> {
    const { number, then } = order
    return inTurn(async () => {
      requireRunning(number)
      if (then !== undefined && isStopped) throw abortion(number)
      try {
        const report = await noisy.under(order.run.noise, () => pass.carryOut(order))
        return then === undefined ? report : { ...report, step: await takeStep(number, then, report) }
      } catch (error) {
        isStopped ||= then !== undefined
        breakOff(error)
        // What a failed run still has on its way must not reach the next one.
        await options.quiet()
        throw error
      } finally {
        pass.over()
        options.ended()
      }
    })
  }

  /** Whether the whole gradient is finite is known here, as far as it is here. */
  async function takeStep(number: number, order: StepOrder, { largest }: RunReport): Promise<RunReport['step']> {
    requireRunning(number)
    const isTaken = largest === 0
    isStopped = !isTaken
    if (isTaken && order.undoable) learner.keep(number)
    try {
      if (isTaken) stages.step(() => learner.step(order, pass.gradients()))
      // Also where no step is taken: slices that share parameters wait for the values.
      await learner.distribute(order.step)
    } catch (error) {
      learner.undo(number)
      throw error
    }
    return isTaken ? 'taken' : 'declined'
  }

  /** Refuses to begin a run that was aborted before its turn came. */
  function requireRunning(number: number): void {
    if (failure !== null) throw failure.reason
    if (number <= aborted) throw abortion(number)
  }

  async function squares(learned: readonly ParameterKind[], scale: number): Promise<readonly SquaresPart[]> {
    return inTurn(async () => {
      return pass.terms(learned).map((term) => squaresOf(term, scale))
    })
  }

  function update(order: UpdateOrder): Promise<void> {
    return inTurn(async () => {
      stages.step(() => learner.step(order, pass.gradients()))
      await learner.distribute(order.step)
    })
  }

  function undo(from: number): Promise<void> {
    return inTurn(async () => {
      isStopped = false
      pass.forgetGradients()
      learner.undo(from)
    })
  }

  function restore(slices: readonly RestoredSlice[]): Promise<void> {
    return inTurn(async () => {
      pass.forgetGradients()
      learner.restore(slices)
    })
  }

  async function metrics(): Promise<PartitionMetrics> {
    const reading = options.reading()
    if (reading === null)
      throw new RunError({
        code: 'METRICS_OFF',
        message: 'The session was opened without metrics: nothing is counted.',
      })
    return { core, ...reading, kernelSeconds: watch.total, links: options.traffic() }
  }

  async function trace(): Promise<PartitionTrace> {
    const recorded = options.recorded()
    if (recorded !== null) return recorded
    throw new RunError({
      code: 'TRACE_OFF',
      message: 'The session was opened without a trace: nothing is recorded.',
    })
  }

  async function status(): Promise<PartitionStatus> {
    const progress = options.progress()
    const underWay = pass.underWay()
    if (underWay === null) return { run: null, progress, waits: [] }
    const { number, observed, waiting } = underWay
    return { run: number, progress, waits: options.waits(waiting(), observed) }
  }

  async function close(): Promise<void> {
    if (isClosed) return
    isClosed = true
    fail(sessionClosed())
    wired.close()
    await options.close()
  }

  return {
    core,
    run,
    squares,
    abort,
    states: () => inTurn(async () => pass.states()),
    update,
    undo,
    parameters: () => inTurn(async () => learner.parameters()),
    save: () => inTurn(async () => learner.save()),
    restore,
    status,
    traffic: async () => options.traffic(),
    kernelSeconds: async () => watch.total,
    memoryTraffic: () => inTurn(async () => sumTraffic(kernels.map((kernel) => kernel.memoryTraffic()))),
    metrics,
    trace,
    close,
    fail,
    waiting() {
      const underWay = pass.underWay()
      return underWay === null ? null : { run: underWay.number, actors: underWay.waiting() }
    },
  }
}

function abortion(run: number): RunError {
  return new RunError({ code: 'RUN_ABORTED', message: `Run ${run} was broken off.`, details: { run } })
}
