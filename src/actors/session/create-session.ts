import { type MemoryTraffic, sumTraffic } from '../../dynamics/memory-traffic.js'
import { RunError } from '../../events/errors.js'
import type { Placement } from '../../hardware/placement.js'
import { checkRecord } from '../../learning/check-record.js'
import { checkTrials } from '../../learning/check-trials.js'
import { clipScale, type GradientNorm, measureGradient } from '../../learning/clip.js'
import { termOwners } from '../../learning/gradient-terms.js'
import type { Labels } from '../../learning/labels.js'
import type { Loss } from '../../learning/loss.js'
import { looksAtFirstSpikes } from '../../learning/loss-view.js'
import type { NoiseOptions } from '../../learning/noise/device-noise.js'
import { plainRunNoise } from '../../learning/noise/plain-run-noise.js'
import { plainLoss } from '../../learning/plain-loss.js'
import { plainStep } from '../../learning/plain-step.js'
import { readNoiseOptions, readSimulateOptions } from '../../learning/read-run-options.js'
import type {
  EvaluationResult,
  GradientResult,
  LabelledTrials,
  ParameterKind,
  Parameters,
  Recording,
  SessionState,
  SimulateOptions,
  StepOptions,
  StepResult,
  Trials,
} from '../../learning/session.js'
import { requireEndingGraph } from '../../network/decidable.js'
import type { Network } from '../../network/network.js'
import type { Run, RunLoss } from '../group/run.js'
import type { Partition, RunOrder, RunReport } from '../partition/partition.js'
import { openStream } from '../streaming/open-stream.js'
import { mergeStates, sliceStates } from '../streaming/simulation-state.js'
import type { StreamingSession } from '../streaming/spike-stream.js'
import type { StreamHost } from '../streaming/stream-host.js'
import { createGivenState } from './given-state.js'
import { mergeDiagnosis } from './merge-diagnosis.js'
import { createMerger, outcomeOf, silentFraction } from './merge-reports.js'
import { mergeParameters } from './merge-slices.js'
import { mergeState } from './merge-state.js'

export interface SessionOptions {
  readonly network: Network
  /** With which the partitions have drawn their numbers. */
  readonly seed: number
  readonly placement: Placement
  /** One per core. */
  readonly partitions: readonly Partition[]
  /** Called once, after the partitions are closed. */
  readonly close?: () => Promise<void>
}

/** What a run is asked for beside its trials. */
type Request = Pick<RunOrder, 'record' | 'report' | 'learned'> &
  Pick<Run, 'gradients' | 'inputTimes' | 'biasGradient' | 'tauGradient' | 'stopAfterFirst' | 'undefinedSlope' | 'noise'>

const FORWARD: Request = {
  record: [],
  report: 'nothing',
  learned: [],
  gradients: false,
  inputTimes: false,
  biasGradient: false,
  stopAfterFirst: false,
  undefinedSlope: 'refuse',
}

/**
 * A session over partitions, wherever they live: it hands out orders and puts together what comes back. It holds no
 * parameters and no state of an optimiser.
 */
export function createSession(options: SessionOptions): StreamingSession {
  const { network, seed, placement, partitions, close: release } = options
  const merger = createMerger(network, placement)
  const owners = termOwners(network)
  const givenState = createGivenState({ network, seed, partitions })
  const neuronGroups = network.groups.filter(({ kind }) => kind !== 'source').map(({ name }) => name)
  let isClosed = false
  /** A run without an end found no cycle, and there will be none. */
  let isKnownToEnd = false
  /** Runs take turns: the actors know one run at a time. */
  let turn: Promise<unknown> = Promise.resolve()
  let runs = 0
  /** A stream is open: the state of its run is in the actors. */
  let isStreaming = false
  /** The last update; the next run may be ordered before every partition is through with it. */
  let updated: Promise<unknown> = Promise.resolve()

  /** Work that was asked for before `close` is still done. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (isClosed) return Promise.reject(new RunError({ code: 'SESSION_CLOSED', message: 'The session is closed.' }))
    const next = turn.then(work, work)
    turn = next.catch(() => undefined)
    return next
  }

  async function run(given: Trials, loss: RunLoss | null, request: Request): Promise<readonly RunReport[]> {
    if (isStreaming) throw busy()
    const trials = checkTrials(network, given, loss)
    if (trials.until === Infinity && !isKnownToEnd) requireEndingGraph(network)
    isKnownToEnd ||= trials.until === Infinity
    return order(trials, loss, request)
  }

  /** @param segmentOn a part of the trials, as the partition of a core is told of it; default: all of them */
  async function order(
    trials: Trials,
    loss: RunLoss | null,
    request: Request,
    segmentOn: (core: number) => Pick<Run, 'segment'> = () => ({}),
  ): Promise<readonly RunReport[]> {
    const number = ++runs
    const { record, report, learned, ...rest } = request
    const reports = partitions.map((partition) => {
      const pass: Run = {
        trials: { ...trials, inputs: merger.inputsOf(partition.core, trials) },
        loss,
        ...segmentOn(partition.core),
        ...rest,
      }
      return partition.run({ number, run: pass, record, report, learned })
    })
    const [all] = await Promise.all([allOrAbort(number, reports), updated])
    return all
  }

  /** The first failure ends the run everywhere; of several, one that was no consequence of another counts. */
  async function allOrAbort(number: number, reports: readonly Promise<RunReport>[]): Promise<readonly RunReport[]> {
    const guarded = reports.map((report) =>
      report.catch((error: unknown) => {
        for (const partition of partitions) partition.abort(number)
        throw error
      }),
    )
    const settled = await Promise.allSettled(guarded)
    const errors = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    const isAbortion = (error: unknown) => error instanceof RunError && error.code === 'RUN_ABORTED'
    if (errors.length > 0) throw errors.find((error) => !isAbortion(error)) ?? errors[0]
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  }

  const byCore = (reports: readonly RunReport[]) =>
    new Map(partitions.map(({ core }, k) => [core, reports[k] as RunReport]))

  function simulate(trials: Trials, options: SimulateOptions = {}): Promise<Recording> {
    return inTurn(async () => {
      const { record = neuronGroups, ...noise } = readSimulateOptions(options)
      checkRecord(network, record)
      const reports = await run(trials, null, { ...FORWARD, record, ...noiseOf(noise) })
      return merger.recordingOf(trials, record, byCore(reports))
    })
  }

  /** Nothing where there is no noise. */
  function noiseOf(options: NoiseOptions): Pick<Run, 'noise'> {
    const noise = plainRunNoise(network, options)
    return noise === null ? {} : { noise }
  }

  function evaluate(trials: LabelledTrials, given: Loss, options: NoiseOptions = {}): Promise<EvaluationResult> {
    return inTurn(async () => {
      const loss = plainLoss(given)
      const stopAfterFirst = looksAtFirstSpikes(loss)
      const reports = await run(trials, withLabels(loss, trials), {
        ...FORWARD,
        stopAfterFirst,
        ...noiseOf(readNoiseOptions(options)),
      })
      return { ...outcomeOf(reports), silentFraction: silentFraction(reports) }
    })
  }

  function gradient(trials: Trials, loss: Loss, labels?: Labels, options: NoiseOptions = {}): Promise<GradientResult> {
    return inTurn(async () => {
      const request: Request = {
        ...FORWARD,
        gradients: true,
        inputTimes: true,
        biasGradient: true,
        tauGradient: true,
        report: 'gradients',
        record: neuronGroups,
        ...noiseOf(readNoiseOptions(options)),
      }
      const reports = await run(trials, withLabels(plainLoss(loss), { labels: labels ?? null }), request)
      return {
        losses: outcomeOf(reports).losses,
        recording: merger.recordingOf(trials, neuronGroups, byCore(reports)),
        gradients: mergeParameters(
          network,
          reports.flatMap(({ gradients }) => gradients),
        ),
        inputTimes: merger.inputTimesOf(trials, byCore(reports)),
        grazing: reports.reduce((sum, { grazing }) => sum + grazing, 0),
      }
    })
  }

  function train(trials: LabelledTrials, given: StepOptions): Promise<StepResult> {
    return inTurn(async () => {
      const step = plainStep(network, given)
      const { loss, silentLabelHinge, silentHinge, rateBand } = step
      const learned = Object.keys(step.rates) as ParameterKind[]
      const request: Request = {
        ...FORWARD,
        gradients: true,
        biasGradient: learned.includes('bias'),
        tauGradient: learned.includes('taus'),
        stopAfterFirst: looksAtFirstSpikes(loss),
        undefinedSlope: 'ignore',
        report: 'squares',
        learned,
        ...noiseOf(step),
      }
      const extras = { silentLabelHinge, silentHinge, ...(rateBand === undefined ? {} : { rateBand }) }
      const reports = await run(trials, { ...withLabels(loss, trials), ...extras }, request)
      const normOf = await measure(reports, learned)
      const norm = normOf() / trials.count
      const scale = clipScale(norm, step.clipNorm) / trials.count
      updated = Promise.all(partitions.map((partition) => partition.update({ step, scale })))
      // Whoever comes next finds out.
      updated.catch(() => undefined)
      return {
        ...outcomeOf(reports),
        grazing: reports.reduce((sum, { grazing }) => sum + grazing, 0),
        silentFraction: silentFraction(reports),
        gradientNorm: norm,
        diagnosis: mergeDiagnosis(network, owners, reports, { learned, normOf, trials: trials.count }),
      }
    })
  }

  /** The gradient summed over trials, before clipping. */
  function measure(reports: readonly RunReport[], learned: readonly ParameterKind[]): Promise<GradientNorm> {
    const parts = reports.flatMap(({ squares }) => squares)
    const largest = reports.reduce((top, report) => Math.max(top, report.largest), 0)
    return measureGradient(parts, largest, async (scale) => {
      const again = await Promise.all(partitions.map((partition) => partition.squares(learned, scale)))
      return again.flat()
    })
  }

  const host: StreamHost = {
    claim: () =>
      inTurn(async () => {
        if (isStreaming) throw busy()
        isStreaming = true
      }),
    release() {
      isStreaming = false
    },
    run: ({ window, until, inputs, record, from }) =>
      inTurn(async () => {
        const trials = { count: 1, until, inputs }
        const reports = await order(trials, null, { ...FORWARD, record }, (core) => {
          const start = typeof from === 'string' ? from : sliceStates(network, placement, core, from)
          return { segment: { ...window, from: start } }
        })
        const { spikes } = merger.recordingOf(trials, record, byCore(reports))
        const handled = [...Object.values(inputs), ...Object.values(spikes)]
        const shown = handled.reduce((sum, { times }) => sum + times.length, 0)
        return { spikes, crowd: reports.reduce((sum, report) => sum + report.emitted, shown) }
      }),
    states: () =>
      inTurn(async () => {
        const states = await Promise.all(partitions.map((partition) => partition.states()))
        return mergeStates(network, states.flat())
      }),
  }

  function parameters(): Promise<Parameters> {
    return inTurn(async () => {
      await updated
      const parts = await Promise.all(partitions.map((partition) => partition.parameters()))
      return mergeParameters(network, parts.flat())
    })
  }

  function save(): Promise<SessionState> {
    return inTurn(async () => {
      await updated
      const slices = await Promise.all(partitions.map((partition) => partition.save()))
      return mergeState(network, slices.flat())
    })
  }

  /** @param give hands the state out; what was updated is updated first */
  function take(give: () => Promise<void>): Promise<void> {
    return inTurn(async () => {
      await updated
      await give()
    })
  }

  function memoryTraffic(): Promise<MemoryTraffic> {
    return inTurn(async () => {
      await updated
      const total = sumTraffic(await Promise.all(partitions.map((partition) => partition.memoryTraffic())))
      if (total !== null) return total
      throw new RunError({
        code: 'TRAFFIC_UNCOUNTED',
        message: 'Memory traffic is not counted for something that this session has run.',
        remedy:
          "Count without gradients by time constants, which 'gradient' asks for, without integrals of readouts and large sparse groups; delays per synapse are counted with kernel: 'reference'.",
      })
    })
  }

  async function close(): Promise<void> {
    if (isClosed) return
    isClosed = true
    await turn
    await updated.catch(() => undefined)
    await Promise.all(partitions.map((partition) => partition.close()))
    await release?.()
  }

  return {
    network,
    simulate,
    evaluate,
    gradient,
    train,
    stream: (options) => openStream(network, host, options),
    host,
    parameters,
    save,
    restore: (state) => take(() => givenState.restore(state)),
    setParameters: (parameters) => take(() => givenState.setParameters(parameters)),
    memoryTraffic,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function busy(): RunError {
  return new RunError({
    code: 'SESSION_BUSY',
    message: 'A stream of this session is open, which runs nothing else meanwhile.',
    remedy: 'Take the stream to its end or stop it, or open another session.',
  })
}

/** Labels that are missing are told apart from the wrong ones where the loss asks for them. */
function withLabels(loss: Loss, trials: { readonly labels?: Labels | null }): RunLoss {
  return { loss, labels: trials?.labels ?? null, silentLabelHinge: 0, silentHinge: {} }
}
