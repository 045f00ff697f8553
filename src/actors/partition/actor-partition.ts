import { sumTraffic } from '../../dynamics/traffic/memory-traffic.js'
import { InternalError, RunError } from '../../events/errors.js'
import { createOneAtATime } from '../../events/one-at-a-time.js'
import { squaresOf } from '../../learning/gradient-squares.js'
import { sessionClosed } from '../../learning/session-closed.js'
import type { Network } from '../../network/description/network.js'
import { signsOf } from '../../network/description/sign.js'
import type { MeterReading } from '../group/meter.js'
import type { WaitingActor } from '../group/run-actors.js'
import type { Stopwatch } from '../group/stopwatch.js'
import type { RunStages } from '../trace/run-stages.js'
import type { PartitionTrace } from '../trace/trace-record.js'
import { createLearner, type Learner } from './learning/learner.js'
import type { ReplicaSums } from './learning/replica-sums.js'
import { createNoisyKernels } from './noise/kernel-noise.js'
import type {
  MemoryUse,
  Partition,
  PartitionMetrics,
  PartitionTraffic,
  RunOrder,
  RunReport,
  StepOrder,
  UpdateOrder,
} from './partition.js'
import type { PartitionStatus, Wait } from './status.js'
import { createTrialPass, type TrialPass } from './trial-pass.js'
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
  /** Joins the sums of this core's replicas; null: it has none. */
  readonly replicas: ReplicaSums | null
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
  const { core, network, wired, watch } = options
  const { kernels, shared, cyclic } = wired
  const learner = createLearner({ kernels, shared, cyclic, signs: signsOf(network.projections), watch })
  const noisy = createNoisyKernels({ kernels, network, cyclic, watch })
  const standing = createStanding((reason) => {
    pass.abort(reason)
    for (const part of shared) part.fail(reason)
    options.replicas?.fail(reason)
  })
  const { inTurn, requireRunning } = standing
  const pass = createTrialPass({ ...options, noisy, requireRunning })
  const steps = createOrderedSteps({ learner, pass, stages: options.stages, requireRunning })
  let isClosed = false

  function run(order: RunOrder): Promise<RunReport> {
    return inTurn(async () => {
      requireRunning(order.number)
      steps.requireBefore(order)
      try {
        return await steps.after(order, () => noisy.under(order.run.noise, () => pass.carryOut(order)))
      } catch (error) {
        standing.breakOff(error)
        // The other replicas take this step for good: from now on this one would differ from them.
        if (order.then?.undoable === false && options.replicas?.areCombined() === true) standing.fail(error)
        // What a failed run still has on its way must not reach the next one.
        await options.quiet()
        throw error
      } finally {
        pass.over()
        options.ended()
      }
    })
  }

  async function close(): Promise<void> {
    if (isClosed) return
    isClosed = true
    standing.fail(sessionClosed())
    wired.close()
    await options.close()
  }

  return {
    core,
    run,
    squares: (learned, scale) => inTurn(async () => pass.terms(learned).map((term) => squaresOf(term, scale))),
    abort: (number, reason = abortion(number)) => standing.abort(number, reason, pass.underWay()?.number ?? null),
    states: () => inTurn(async () => pass.states()),
    update: (order) => inTurn(() => steps.update(order)),
    undo: (from) => inTurn(async () => steps.undo(from)),
    parameters: () => inTurn(async () => learner.parameters()),
    save: () => inTurn(async () => learner.save()),
    restore: (slices) =>
      inTurn(async () => {
        pass.forgetGradients()
        learner.restore(slices)
      }),
    status: async () => statusOf(options, pass),
    traffic: async () => options.traffic(),
    kernelSeconds: async () => watch.total,
    memoryTraffic: () => inTurn(async () => sumTraffic(kernels.map((kernel) => kernel.memoryTraffic()))),
    metrics: async () => metricsOf(options),
    trace: async () => traceOf(options),
    close,
    fail: standing.fail,
    waiting() {
      const underWay = pass.underWay()
      return underWay === null ? null : { run: underWay.number, actors: underWay.waiting() }
    },
  }
}

/** Which orders may still be carried out, one after the other. */
interface Standing {
  /** Rejects without doing the work once the partition has failed. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>
  /** Refuses to go on with a run that was aborted, or on a partition that has failed. */
  requireRunning(number: number): void
  breakOff(reason: unknown): void
  fail(reason: unknown): void
  /** @param current number of the run in progress; null: none is */
  abort(number: number, reason: unknown, current: number | null): void
}

/** @param breakOff ends what is in progress */
function createStanding(breakOff: (reason: unknown) => void): Standing {
  const orders = createOneAtATime()
  let failure: { readonly reason: unknown } | null = null
  /** Runs up to this one are broken off. */
  let aborted = 0
  return {
    inTurn: (work) => orders.inTurn(() => (failure === null ? work() : Promise.reject(failure.reason))),
    requireRunning(number) {
      if (failure !== null) throw failure.reason
      if (number <= aborted) throw abortion(number)
    },
    breakOff,
    fail(reason) {
      failure ??= { reason }
      breakOff(failure.reason)
    },
    abort(number, reason, current) {
      aborted = Math.max(aborted, number)
      if (current !== null && current <= number) breakOff(reason)
    },
  }
}

/** The steps that the partition takes: after a run that was ordered with one, or by themselves. */
interface OrderedSteps {
  /** Refuses a run with a step if the step before it was not taken. */
  requireBefore(order: RunOrder): void
  /** Carries out a run and takes its step, if it has one. */
  after(order: RunOrder, work: () => Promise<RunReport>): Promise<RunReport>
  update(order: UpdateOrder): Promise<void>
  undo(from: number): void
}

interface StepParts extends Pick<ActorPartitionOptions, 'stages'> {
  readonly learner: Learner
  readonly pass: Pick<TrialPass, 'gradients' | 'forgetGradients'>
  requireRunning(number: number): void
}

function createOrderedSteps({ learner, pass, stages, requireRunning }: StepParts): OrderedSteps {
  /** A run has not taken the step it was ordered with: what was ordered behind it counts on that step. */
  let isStopped = false
  /** The last run whose step was taken for good. */
  let lastForGood = 0

  const stepAlong = (order: UpdateOrder) => stages.step(() => learner.step(order, pass.gradients()))

  /** Whether the whole gradient is finite is known here, as far as it is here. */
  async function take(number: number, order: StepOrder, { largest }: RunReport): Promise<RunReport['step']> {
    requireRunning(number)
    const isTaken = largest === 0
    isStopped = !isTaken
    if (order.undoable) learner.keep(number)
    try {
      if (isTaken) {
        if (!order.undoable) lastForGood = number
        stepAlong(order)
      }
      // Also where no step is taken: slices that share parameters wait for the values.
      await learner.distribute(order.step)
    } catch (error) {
      learner.undo(number)
      throw error
    }
    return isTaken ? 'taken' : 'declined'
  }

  return {
    requireBefore({ number, then }) {
      if (then !== undefined && isStopped) throw abortion(number)
    },
    async after({ number, then }, work) {
      if (then === undefined) return work()
      try {
        const report = await work()
        return { ...report, step: await take(number, then, report) }
      } catch (error) {
        isStopped = true
        throw error
      }
    },
    async update(order) {
      stepAlong(order)
      await learner.distribute(order.step)
    },
    undo(from) {
      if (from <= lastForGood) throw new InternalError(`The step of run ${lastForGood} was taken for good.`)
      isStopped = false
      pass.forgetGradients()
      learner.undo(from)
    },
  }
}

function statusOf(
  { progress, waits }: Pick<ActorPartitionOptions, 'progress' | 'waits'>,
  pass: Pick<TrialPass, 'underWay'>,
): PartitionStatus {
  const underWay = pass.underWay()
  if (underWay === null) return { run: null, progress: progress(), waits: [] }
  const { number, observed, waiting } = underWay
  return { run: number, progress: progress(), waits: waits(waiting(), observed) }
}

function metricsOf({ core, watch, reading, traffic }: ActorPartitionOptions): PartitionMetrics {
  const counted = reading()
  if (counted !== null) return { core, ...counted, kernelSeconds: watch.total, links: traffic() }
  throw new RunError({
    code: 'METRICS_OFF',
    message: 'The session was opened without metrics: nothing is counted.',
  })
}

function traceOf({ recorded }: Pick<ActorPartitionOptions, 'recorded'>): PartitionTrace {
  const trace = recorded()
  if (trace !== null) return trace
  throw new RunError({
    code: 'TRACE_OFF',
    message: 'The session was opened without a trace: nothing is recorded.',
  })
}

function abortion(run: number): RunError {
  return new RunError({ code: 'RUN_ABORTED', message: `Run ${run} was broken off.`, details: { run } })
}
