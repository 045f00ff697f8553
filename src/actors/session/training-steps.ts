import { InternalError } from '../../events/errors.js'
import { RATE_BANDS } from '../../learning/banded-step.js'
import { clipScale, type GradientNorm, measureGradient } from '../../learning/clip.js'
import { silentFraction } from '../../learning/diagnosis/firing-tally.js'
import { mergeDiagnosis } from '../../learning/diagnosis/merge-diagnosis.js'
import { termOwners } from '../../learning/gradient-terms.js'
import { firstSpikesSuffice } from '../../learning/loss-view.js'
import { readStep } from '../../learning/read-step.js'
import type { LabelledTrials, ParameterKind, StepOptions, StepResult, Trials } from '../../learning/session.js'
import type { Network } from '../../network/description/network.js'
import type { RunLoss } from '../group/run.js'
import type { Partition, RunReport } from '../partition/partition.js'
import type { WatchHub } from '../watch/watch-hub.js'
import { outcomeOf } from './merge-reports.js'
import type { OrderedRun, OrderedTrials, Orders, Request } from './orders.js'
import { travellingLoss } from './prepared-losses.js'
import type { RememberedArrays } from './remembered-arrays.js'
import type { GivenStep } from './step-calls.js'
import type { Flights } from './turns.js'
import type { WatchedRequest, WatchRun } from './watched-runs.js'

/** A step on its way. */
export interface StepFlight extends PreparedStep {
  readonly ordered: OrderedRun
}

interface PreparedStep {
  readonly trials: OrderedTrials
  readonly step: StepOptions
  readonly learned: readonly ParameterKind[]
  readonly loss: RunLoss
  readonly request: Request
  readonly show: WatchedRequest['show']
}

export interface TrainingStepsOptions {
  readonly network: Network
  readonly partitions: readonly Partition[]
  /** Most steps on their way at once. */
  readonly most: number
  readonly orders: Orders
  readonly hub: Pick<WatchHub, 'isReady' | 'ready'>
  readonly watchRun: WatchRun
  readonly remembered: Pick<RememberedArrays, 'add'>
  /** The trials of a run that may begin now, checked. */
  admit(trials: Trials, loss: RunLoss, report: Request['report']): OrderedTrials
  readonly lossOf: (loss: StepOptions['loss'], trials: LabelledTrials) => RunLoss
  readonly noiseOf: (step: StepOptions) => Pick<Request, 'noise'>
}

/**
 * Training steps over partitions. Every partition steps as soon as its own part of the gradient is complete, and the
 * next mini-batch may be in progress before the whole gradient is known. If the gradient then turns out to be too large
 * to be squared, or no number, or has to be clipped, the step is reverted and repeated in the slow way: the partitions
 * report, receive the scale, and step.
 */
export function createTrainingSteps(options: TrainingStepsOptions): Flights<GivenStep, StepFlight, StepResult> {
  const { network, partitions, orders, hub } = options
  const owners = termOwners(network)
  const nameOf = (term: number) => {
    const owner = owners.get(term)
    return owner === undefined ? null : `the ${owner.kind} of "${owner.group}"`
  }
  /** The last step was clipped, as the next one is likely to be. */
  let wasClipped = false

  /** The result of a committed step, whose run is shown to watchers. */
  function commit({ trials, learned, show }: PreparedStep, reports: readonly RunReport[], normOf: GradientNorm) {
    const { losses, predictions } = outcomeOf(reports)
    const terms = reports.flatMap(({ squares }) => squares.map(({ term }) => term))
    const result: StepResult = {
      losses,
      predictions,
      grazing: reports.reduce((sum, { grazing }) => sum + grazing, 0),
      silentFraction: silentFraction(reports),
      gradientNorm: normOf() / trials.count,
      diagnosis: mergeDiagnosis(network, owners, reports, { learned, terms, normOf, trials: trials.count }),
    }
    show(trials, reports)
    options.remembered.add(learned)
    return result
  }

  /** The gradient summed over trials, before clipping. */
  function measure(
    reports: readonly RunReport[],
    again: (scale: number) => Promise<readonly RunReport['squares'][]>,
  ): Promise<GradientNorm> {
    const parts = reports.flatMap(({ squares }) => squares)
    const largest = reports.reduce((top, report) => Math.max(top, report.largest), 0)
    return measureGradient(parts, largest, async (scale) => (await again(scale)).flat(), nameOf)
  }

  return {
    most: options.most,
    // A step that a watcher holds back must not begin before the current step has ended.
    canFly: () => !wasClipped && hub.isReady(),
    begin(given) {
      const prepared = prepareStep(options, given)
      const { trials, step, loss, request } = prepared
      const undoable = partitions.length > 1 || step.clipNorm < Infinity
      const then = { step, scale: 1 / trials.count, undoable }
      return { ordered: orders.send(trials, loss, { then, ...request }), ...prepared }
    },
    async end(flight) {
      const reports = await orders.gather(flight.ordered)
      if (reports.some(({ step }) => step !== 'taken')) return null
      const normOf = await measure(reports, unasked)
      wasClipped = clipScale(normOf() / flight.trials.count, flight.step.clipNorm) !== 1
      return wasClipped ? null : commit(flight, reports, normOf)
    },
    undo: (flights) => orders.undo(flights.map(({ ordered }) => ordered)),
    async alone(given) {
      await hub.ready()
      const prepared = prepareStep(options, given)
      const { trials, step, learned, loss, request } = prepared
      const reports = await orders.gather(orders.send(trials, loss, request))
      const normOf = await measure(reports, (scale) => {
        return Promise.all(partitions.map((partition) => partition.squares(learned, scale)))
      })
      const clip = clipScale(normOf() / trials.count, step.clipNorm)
      wasClipped = clip !== 1
      await Promise.all(partitions.map((partition) => partition.update({ step, scale: clip / trials.count })))
      return commit(prepared, reports, normOf)
    },
  }
}

/** A step as the partitions are sent it; checks the step and its trials. */
function prepareStep(options: TrainingStepsOptions, { trials: given, step: asked }: GivenStep): PreparedStep {
  const { network } = options
  const step = readStep(network, asked)
  const { silentLabelHinge, silentHinge, [RATE_BANDS]: rateBand } = step
  const learned = Object.keys(step.rates) as ParameterKind[]
  const band = rateBand === undefined ? {} : { rateBand }
  const loss: RunLoss = { ...options.lossOf(step.loss, given), silentLabelHinge, silentHinge, ...band }
  const trials = options.admit(given, loss, 'squares')
  // The optimiser does not need the functions of a loss, and functions cannot be sent.
  const taken = { ...step, loss: travellingLoss(step.loss) }
  const { request, show } = options.watchRun('train', {
    record: [],
    gradients: true,
    inputTimes: false,
    biasGradient: learned.includes('bias'),
    adaptationGradient: learned.includes('adaptation'),
    tauGradient: learned.includes('taus'),
    stopAfterFirst: firstSpikesSuffice(network, step.loss),
    undefinedSlope: 'ignore',
    report: 'squares',
    learned,
    ...options.noiseOf(step),
  })
  return { trials, step: taken, learned, loss, request, show }
}

/** A partition declines a step whose squares might overflow. */
function unasked(): never {
  throw new InternalError('The squares of a gradient overflow, though every part of it was small.')
}
