import { chooseKernels } from '../../dynamics/kernels/choose-kernel.js'
import { sumTraffic } from '../../dynamics/traffic/memory-traffic.js'
import type { Placement } from '../../hardware/placement.js'
import { aroundSteps } from '../../learning/around-steps.js'
import { silentFraction } from '../../learning/diagnosis/firing-tally.js'
import { finiteGradient } from '../../learning/finite-gradient.js'
import type { Labels } from '../../learning/labels.js'
import type { Loss } from '../../learning/loss.js'
import { firstSpikesSuffice } from '../../learning/loss-view.js'
import type { NoiseOptions } from '../../learning/noise/device-noise.js'
import { readRunNoise } from '../../learning/noise/read-run-noise.js'
import { readLoss } from '../../learning/read-loss.js'
import { readNoiseOptions, readSimulateOptions } from '../../learning/read-run-options.js'
import { requireRecordedGroups } from '../../learning/require-recorded-groups.js'
import { requireNamedTrials, requireTaskSamples, requireTrials } from '../../learning/require-trials.js'
import type {
  EvaluationResult,
  GradientResult,
  LabelledTrials,
  Recording,
  SimulateOptions,
  StepResult,
  Trials,
} from '../../learning/session.js'
import { MOST_UNDER_WAY } from '../../learning/under-way.js'
import type { Network } from '../../network/description/network.js'
import { limitOf } from '../../network/description/time-constants.js'
import { requireEndingGraph } from '../../network/graph/decidable.js'
import type { Computation } from '../computation-options.js'
import type { Run, RunLoss } from '../group/run.js'
import type { Partition, RunReport } from '../partition/partition.js'
import { openStream } from '../streaming/open-stream.js'
import { createSessionEnd } from '../streaming/session-end.js'
import type { StreamingSession } from '../streaming/spike-stream.js'
import { createWatchHub, type WatchHub } from '../watch/watch-hub.js'
import type { WatchedWork } from '../watch/watched.js'
import { closingOf } from './close-session.js'
import { createGivenState } from './given-state.js'
import { createMerger, hiddenSpikes, outcomeOf, reportsByCore } from './merge-reports.js'
import { mergeParameters } from './merge-slices.js'
import { mergeState } from './merge-state.js'
import type { MicroBatchOf } from './micro-batch.js'
import { createOrders, FORWARD, type OrderedTrials, type Request } from './orders.js'
import { createPreparedLosses } from './prepared-losses.js'
import { createPreparedTasks, type PreparedTasks } from './prepared-tasks.js'
import { createRememberedArrays } from './remembered-arrays.js'
import { createSegmentHost } from './segment-host.js'
import { type GivenStep, stepCalls } from './step-calls.js'
import { createTrainingSteps, type StepFlight } from './training-steps.js'
import { createTurns, type Flights } from './turns.js'
import { createWatchedRuns } from './watched-runs.js'

type Steps = Flights<GivenStep, StepFlight, StepResult>

export interface SessionOptions {
  readonly network: Network
  readonly placement: Placement
  /** One per core. */
  readonly partitions: readonly Partition[]
  /** A single partition, too, is sent the next step before the last one is done. Default false. */
  readonly runsAhead?: boolean
  /** Size of the micro-batches of runs that are neither recorded nor watched; default: all trials at once. */
  readonly microBatchOf?: MicroBatchOf
  /** Called with advice for people on what might be quicker; default: not called. */
  readonly note?: (note: string) => void
  /** Where those sit who watch; default: one that tells of their faults by a warning. */
  readonly hub?: WatchHub
  /** Called once, after the partitions are closed. */
  readonly close?: () => Promise<void>
  /** Wraps training steps so that they are recorded; default: they are not. */
  readonly tracedSteps?: ((steps: Steps) => Steps) | undefined
}

/**
 * A session over partitions, wherever they live: it hands out orders and puts together what comes back. It holds no
 * parameters and no state of an optimiser.
 *
 * @param computation with which the partitions were opened
 */
export function createSession(
  options: SessionOptions,
  computation: Pick<Computation, 'seed'> & Partial<Computation>,
): StreamingSession {
  const { seed, kernel } = computation
  const { network, placement, partitions, note = () => undefined } = options
  const merger = createMerger(network, placement)
  const losses = createPreparedLosses(partitions, placement)
  const orders = createOrders(partitions, merger, options.microBatchOf, losses)
  const listening = partitions.filter(({ core }) => merger.takesInputs(core))
  const tasks = createPreparedTasks(listening, note)
  const remembered = createRememberedArrays(network)
  const givenState = createGivenState({ network, placement, seed, partitions, remembered })
  const hub = options.hub ?? createWatchHub({ network, note: (text) => process.emitWarning(text, 'WATCHER_FAILED') })
  const watchRun = createWatchedRuns({ network, merger, partitions, hub })
  const streams = createSessionEnd()
  const admit = createAdmission(network, tasks, () => requireFree())
  const given = { admit, lossOf: withLabels, noiseOf: (options: NoiseOptions) => noiseOf(network, options) }
  const most = partitions.length > 1 || options.runsAhead === true ? MOST_UNDER_WAY : 1
  const steps = createTrainingSteps({ network, partitions, most, orders, hub, watchRun, remembered, ...given })
  const turns = createTurns(options.tracedSteps?.(steps) ?? steps)
  const segments = { network, placement, partitions, merger, orders, hub, watchRun, turns, onEnd: streams.onEnd }
  const { host, requireFree } = createSegmentHost(segments)
  const runs = createRuns({ network, partitions, merger, losses, orders, hub, watchRun, admit }, turns.work)

  const ofEach = <Answer>(ask: (partition: Partition) => Promise<Answer>) => Promise.all(partitions.map(ask))

  /** Replaces what the next run begins with. */
  function change(work: () => Promise<void>): Promise<void> {
    return turns.work(async () => {
      requireFree()
      await work()
    })
  }

  const close = closingOf({
    ...{ streams, hub, turns },
    async release() {
      await ofEach((partition) => partition.close())
      await options.close?.()
    },
  })

  return {
    network,
    kernels: chooseKernels(network, kernel),
    ...runs,
    ...aroundSteps(stepCalls(turns), (take, trials, step) => {
      const prepare = losses.preparing(step?.loss)
      // Before the step, in the order of the calls; the step itself rejects with what went wrong.
      if (prepare !== null) turns.work(prepare).catch(() => undefined)
      return take(trials, step)
    }),
    stream: (options) => openStream({ network, placement }, host, options),
    host,
    ...hub.watchable,
    parameters: () =>
      turns.work(async () => mergeParameters(network, (await ofEach((partition) => partition.parameters())).flat())),
    save: () =>
      turns.work(async () =>
        mergeState(network, (await ofEach((partition) => partition.save(remembered.all()))).flat()),
      ),
    restore: (state) => change(() => givenState.restore(state)),
    setParameters: (parameters) => change(() => givenState.setParameters(parameters)),
    memoryTraffic: () => turns.work(async () => sumTraffic(await ofEach((partition) => partition.memoryTraffic()))),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Lets runs begin: their trials, checked. */
function createAdmission(network: Network, tasks: Pick<PreparedTasks, 'nameOf'>, requireFree: () => void) {
  const warnOfFlat = createFlatWarning(network)
  /** The graph was checked for a run without an end: no cycle can keep one going. A network never changes its graph. */
  let isKnownToEnd = false

  /** The trials of a run that may begin now, checked. */
  function admit(given: Trials, loss: RunLoss | null, report: Request['report']): OrderedTrials {
    requireFree()
    if (report === 'gradients' || report === 'squares') warnOfFlat()
    const trials = checked(given, loss, report)
    if (trials.until === Infinity && !isKnownToEnd) requireEndingGraph(network)
    isKnownToEnd ||= trials.until === Infinity
    return trials
  }

  function checked(given: Trials, loss: RunLoss | null, report: Request['report']): OrderedTrials {
    // Gradients of spikes come back for those that are given here, not for what is encoded elsewhere.
    const samples = report === 'gradients' ? undefined : given?.samples
    const named = samples === undefined ? null : tasks.nameOf(requireTaskSamples(samples, given.count))
    return named === null ? requireTrials(network, given, loss) : { ...requireNamedTrials(network, given, loss), named }
  }

  return admit
}

/** Warns once, when a session is asked for gradients, of a group whose spikes arrivals bring about at once. */
function createFlatWarning({ groups, projections }: Network): () => void {
  const flat = groups.find((group) => {
    return limitOf(group)?.field === 'tauSyn' && projections.some(({ target }) => target === group.name)
  })
  let isSaid = false
  return () => {
    if (flat === undefined || isSaid) return
    isSaid = true
    const words =
      'A spike that an arrival brings about moves with that arrival alone: its gradient by weights and thresholds is 0.'
    const remedy = 'Learn delays, or give the group a tauSyn above 0.'
    process.emitWarning(`"${flat.name}": ${limitOf(flat)?.clause}. ${words} ${remedy}`, 'GRADIENT_FLAT')
  }
}

type RunParts = Pick<SessionOptions, 'network' | 'partitions'> & {
  readonly merger: ReturnType<typeof createMerger>
  readonly losses: ReturnType<typeof createPreparedLosses>
  readonly orders: ReturnType<typeof createOrders>
  readonly hub: WatchHub
  readonly watchRun: ReturnType<typeof createWatchedRuns>
  readonly admit: ReturnType<typeof createAdmission>
}

/** The calls that run trials and change nothing. */
function createRuns(
  { network, partitions, merger, losses, orders, hub, watchRun, admit }: RunParts,
  inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>,
): Pick<StreamingSession, 'simulate' | 'evaluate' | 'gradient'> {
  const neuronGroups = network.groups.filter(({ kind }) => kind !== 'source').map(({ name }) => name)

  /** @param resultOf what the reports come to; who watches is shown the run once this has not thrown */
  async function run<Result>(
    doing: WatchedWork,
    { trials: given, loss, request: asked }: GivenRun,
    resultOf: (reports: readonly RunReport[]) => Result,
  ): Promise<Result> {
    const trials = admit(given, loss, asked.report)
    await hub.ready()
    const { request, show } = watchRun(doing, asked)
    const reports = await orders.gather(orders.send(trials, loss, request))
    const result = resultOf(reports)
    show(trials, reports)
    return result
  }

  const byCore = (reports: readonly RunReport[]) => reportsByCore(partitions, reports)

  function simulate(trials: Trials, options: SimulateOptions = {}): Promise<Recording> {
    return inTurn(async () => {
      const { record = neuronGroups, ...noise } = readSimulateOptions(options)
      requireRecordedGroups(network, record)
      const request = { ...FORWARD, record, ...noiseOf(network, noise) }
      return run('simulate', { trials, loss: null, request }, (reports) => {
        return merger.recordingOf(trials, record, byCore(reports))
      })
    })
  }

  function evaluate(trials: LabelledTrials, given: Loss, options: NoiseOptions = {}): Promise<EvaluationResult> {
    return inTurn(async () => {
      const loss = readLoss(given)
      await losses.preparing(loss)?.()
      const stopAfterFirst = firstSpikesSuffice(network, loss)
      const request = { ...FORWARD, stopAfterFirst, ...noiseOf(network, readNoiseOptions(options)) }
      return run('evaluate', { trials, loss: withLabels(loss, trials), request }, (reports) => {
        return { ...outcomeOf(reports), silentFraction: silentFraction(reports), hiddenSpikes: hiddenSpikes(reports) }
      })
    })
  }

  function gradient(trials: Trials, given: Loss, labels?: Labels, options: NoiseOptions = {}): Promise<GradientResult> {
    return inTurn(async () => {
      const loss = readLoss(given)
      await losses.preparing(loss)?.()
      const request: Request = {
        ...FORWARD,
        gradients: true,
        inputTimes: true,
        biasGradient: true,
        adaptationGradient: true,
        tauGradient: true,
        report: 'gradients',
        record: neuronGroups,
        ...noiseOf(network, readNoiseOptions(options)),
      }
      const labelled = withLabels(loss, { labels: labels ?? null })
      const partsOf = (reports: readonly RunReport[]) => reports.flatMap(({ gradients }) => gradients)
      return run('gradient', { trials, loss: labelled, request }, (reports) => ({
        losses: outcomeOf(reports).losses,
        recording: merger.recordingOf(trials, neuronGroups, byCore(reports)),
        ...finiteGradient({
          gradients: mergeParameters(network, partsOf(reports)),
          inputTimes: merger.inputTimesOf(trials, byCore(reports)),
        }),
        grazing: reports.reduce((sum, { grazing }) => sum + grazing, 0),
      }))
    })
  }

  return { simulate, evaluate, gradient }
}

/** Nothing where there is no noise. */
function noiseOf(network: Network, options: NoiseOptions): Pick<Run, 'noise'> {
  const noise = readRunNoise(network, options)
  return noise === null ? {} : { noise }
}

/** What `run` is given, not yet checked. */
interface GivenRun {
  readonly trials: Trials
  readonly loss: RunLoss | null
  readonly request: Request
}

/** The loss distinguishes missing labels from wrong ones when it asks for them. */
function withLabels(loss: Loss, trials: { readonly labels?: Labels | null }): RunLoss {
  return { loss, labels: trials?.labels ?? null, silentLabelHinge: 0, silentHinge: {} }
}
