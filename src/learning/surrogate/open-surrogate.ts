import { type MemoryTraffic, TrafficCounter } from '../../dynamics/traffic/memory-traffic.js'
import { entryOf } from '../../events/by-name.js'
import { createOneAtATime } from '../../events/one-at-a-time.js'
import type { Network } from '../../network/description/network.js'
import { instantiate } from '../../network/instance/instantiate.js'
import { isReadout } from '../../network/models/models.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { type BandedStep, RATE_BANDS } from '../banded-step.js'
import { clipScale } from '../clip.js'
import type { FiringTally } from '../diagnosis/firing-tally.js'
import { type MeasuredStep, mergeDiagnosis } from '../diagnosis/merge-diagnosis.js'
import { readoutVoltages } from '../diagnosis/readout-voltages.js'
import { finiteGradient } from '../finite-gradient.js'
import { termOwners } from '../gradient-terms.js'
import type { Labels } from '../labels.js'
import type { Loss } from '../loss.js'
import type { NoiseOptions } from '../noise/device-noise.js'
import { readRunNoise } from '../noise/read-run-noise.js'
import { readLoss } from '../read-loss.js'
import { readNoiseOptions, readSimulateOptions } from '../read-run-options.js'
import { readStep } from '../read-step.js'
import { requireRecordedGroups } from '../require-recorded-groups.js'
import { requireTrials } from '../require-trials.js'
import type {
  EvaluationResult,
  GradientResult,
  LabelledTrials,
  Maxima,
  ParameterKind,
  Parameters,
  Recording,
  Session,
  SessionState,
  SimulateOptions,
  StepDiagnosis,
  StepOptions,
  StepResult,
  Trials,
} from '../session.js'
import { sessionClosed } from '../session-closed.js'
import { ParameterStore } from './parameter-store.js'
import { requireGridNetwork, requireGridStep } from './require-grid-network.js'
import { type BatchOrder, createBatchRunner } from './run-batch.js'
import { readSurrogateOptions, type SurrogateOptions } from './surrogate-options.js'

/** A session whose network runs on a grid of time and learns by surrogate gradients. */
export interface SurrogateSession<Names extends string = string> extends Session<Names> {
  readonly dt: number
  readonly slope: number
  /** Bytes read and written by all passes over trials so far. */
  memoryTraffic(): Promise<MemoryTraffic>
}

const FORWARD: Omit<BatchOrder, 'trials' | 'loss'> = {
  record: [],
  learned: null,
  inputTimes: false,
  silentLabelHinge: 0,
  silentHinge: {},
}

/**
 * Opens a network on a grid of time: the baseline that exact training is compared with.
 *
 * Between two points of the grid the state of a neuron moves without error; arrivals (spike time + delay) are rounded to
 * the nearest point, and a neuron spikes at the first point at which it is at or above its threshold. Gradients are those
 * of this discrete network, by going back through its states, but the step from voltage to spike is given the derivative
 * of a fast sigmoid, 1 / (1 + slope |V - theta|)^2; they reach weights, thresholds, adaptation steps, biases and, by the
 * derivative by the time of arrival, delays. The initial values are those of `open` with the same seed. Everything is
 * computed in this thread, in 32 bits, in a fixed order: the same bits in every run.
 *
 * `grazing` is 0 in all results, and difference quotients say nothing about `gradient`: where there are hidden spikes, it
 * is not the gradient of what the network computes. Learning of time constants is refused.
 *
 * Noise and dropout are those of exact sessions, with the same draws: each spike that both have meets with the same. Spikes
 * move by any time, and are rounded to the grid where they arrive; what is read out is not rounded.
 *
 * Raises `InputError` TRAIN_OPTION, SURROGATE_UNSUPPORTED, and whatever `instantiate` raises; its methods, beside what
 * those of every session raise, SURROGATE_UNSUPPORTED, SURROGATE_STEPS, SURROGATE_MEMORY, and UNTIL_INVALID for trials
 * without an end.
 *
 * Source: Neftci, Mostafa & Zenke 2019 (IEEE Signal Process. Mag. 36:51).
 *
 * @example
 * const session = openSurrogate(network, { seed: 7, dt: 0.5 })
 * for await (const epoch of train(session, task, { optimizer: adam({ learningRate: 1e-3 }), epochs: 5 }))
 *   console.log(epoch.validationAccuracy)
 */
export function openSurrogate<Names extends string>(
  network: Network<Names>,
  options: SurrogateOptions = {},
): SurrogateSession<Names> {
  const { seed, dt, slope } = readSurrogateOptions(options)
  requireGridNetwork(readNetwork(network))
  const instance = instantiate(network, seed)
  const store = new ParameterStore(instance)
  const traffic = new TrafficCounter()
  const run = createBatchRunner({ network, instance, store, traffic, dt, slope })
  const neuronGroups = network.groups.filter(({ kind }) => kind !== 'source').map(({ name }) => name)
  const readouts = network.groups.filter(isReadout).map(({ name }) => name)
  const diagnose = createGridDiagnosis(network)
  const { inTurn, close } = createQueue()

  return {
    network,
    dt,
    slope,
    simulate: (asked: Trials, options: SimulateOptions = {}): Promise<Recording> =>
      inTurn(() => {
        const { record = neuronGroups, ...given } = readSimulateOptions(options)
        const noise = readRunNoise(network, given)
        const trials = requireTrials(network, asked, null)
        requireRecordedGroups(network, record)
        return run({ ...FORWARD, trials, loss: null, record, noise }).recording
      }),
    evaluate: (given: LabelledTrials, loss: Loss, options: NoiseOptions = {}): Promise<EvaluationResult> =>
      inTurn(() => {
        const noise = readRunNoise(network, readNoiseOptions(options))
        const order = { ...FORWARD, ...checked(network, given, readLoss(loss), given?.labels ?? null), noise }
        const { losses, predictions, silentFraction, hiddenSpikes } = run(order)
        return { losses, predictions, silentFraction, hiddenSpikes }
      }),
    gradient: (
      given: Trials,
      loss: Loss,
      labels: Labels | null = null,
      options: NoiseOptions = {},
    ): Promise<GradientResult> =>
      inTurn(() => {
        const noise = readRunNoise(network, readNoiseOptions(options))
        const order = {
          ...FORWARD,
          ...checked(network, given, readLoss(loss), labels),
          record: neuronGroups,
          inputTimes: true,
        }
        const { losses, recording, gradients, inputTimes } = run({ ...order, learned: 'all', noise })
        return { losses, recording, ...finiteGradient({ gradients, inputTimes }), grazing: 0 }
      }),
    train: (given: LabelledTrials, options: StepOptions): Promise<StepResult> =>
      inTurn(() => trainStep(given, readStep(network, options))),
    parameters: () => inTurn(() => store.copy()),
    save: () => inTurn(() => store.save()),
    restore: (state: SessionState) => inTurn(() => store.restore(state)),
    setParameters: (parameters: Parameters) => inTurn(() => store.set(parameters)),
    memoryTraffic: () => inTurn(() => traffic.total()),
    close,
    [Symbol.asyncDispose]: close,
  }

  async function trainStep(given: LabelledTrials, step: BandedStep): Promise<StepResult> {
    requireGridStep(step)
    const { silentLabelHinge, silentHinge, [RATE_BANDS]: rateBand } = step
    const noise = readRunNoise(network, step, 'step.')
    const learned = Object.keys(step.rates) as ParameterKind[]
    const labelled = checked(network, given, step.loss, given?.labels ?? null)
    const order = { ...FORWARD, ...labelled, record: readouts, learned, silentLabelHinge, silentHinge, rateBand, noise }
    const { losses, predictions, silentFraction, gradients, firing, recording } = run(order)
    const { count } = labelled.trials
    const measured = await store.measure(gradients, learned)
    const gradientNorm = measured.normOf() / count
    store.step(gradients, step, clipScale(gradientNorm, step.clipNorm) / count)
    store.wake(firing, step)
    const diagnosis = diagnose(firing, recording, { learned, trials: count, ...measured })
    return { losses, predictions, silentFraction, grazing: 0, gradientNorm, diagnosis }
  }
}

/** Runs take turns; work that was asked for before `close` is still done. */
function createQueue() {
  let isClosed = false
  const runs = createOneAtATime()
  return {
    inTurn<Result>(work: () => Result | Promise<Result>): Promise<Result> {
      return isClosed ? Promise.reject(sessionClosed()) : runs.inTurn(work)
    },
    async close(): Promise<void> {
      isClosed = true
      await runs.ended()
    },
  }
}

/** Checks what a run is given, as every session does. */
function checked(network: Network, trials: Trials, loss: Loss, labels: Labels | null) {
  return { trials: requireTrials(network, trials, { loss, labels }), loss: { loss, labels } }
}

/** How groups and gradients fared in a step on the grid, where no spike grazes. */
function createGridDiagnosis(network: Network) {
  const owners = termOwners(network)
  const groups = network.groups.filter(isReadout)

  return (tallies: readonly FiringTally[], { maxima }: Recording, step: MeasuredStep): StepDiagnosis => {
    const firing = tallies.map((tally) => ({ ...tally.firing(), grazing: 0 }))
    const readouts = groups.map(({ name, size }) => {
      return { group: name, start: 0, ...readoutVoltages(entryOf(maxima, name) as Maxima, size) }
    })
    return mergeDiagnosis(network, owners, [{ firing, readouts }], step)
  }
}
