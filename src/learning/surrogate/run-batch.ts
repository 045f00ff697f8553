import type { TrafficCounter } from '../../dynamics/traffic/memory-traffic.js'
import { byName, entryOf } from '../../events/by-name.js'
import type { Network } from '../../network/description/network.js'
import { cyclicKeys } from '../../network/graph/cyclic-keys.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import type { RateBands } from '../banded-step.js'
import type { LabelledLoss } from '../check-trials.js'
import { firstSpikesSuffice } from '../loss-view.js'
import type { RunNoise } from '../noise/run-noise.js'
import { spikeNoiseOf } from '../noise/spike-noise-of.js'
import type { ParameterKind, Parameters, Recording, Trials } from '../session.js'
import { BatchRecorder } from './batch-recorder.js'
import { GridNetwork } from './grid-network.js'
import { GridTally } from './grid-tally.js'
import { createGridParameterNoise } from './noise/grid-parameters.js'
import type { ParameterStore } from './parameter-store.js'
import { applyRateBands } from './rate-push.js'
import { applySilenceHinge, type SilenceStrengths } from './silence-hinge.js'
import { timeGrid } from './time-grid.js'
import { createTrialEvaluator } from './trial-evaluator.js'

/** A pass over a mini-batch. */
export interface BatchOrder extends SilenceStrengths {
  readonly trials: Trials
  readonly loss: LabelledLoss | null
  /** Groups whose spikes or maxima are to be returned. */
  readonly record: readonly string[]
  /** Kinds whose gradients are asked for; null: no backward pass. */
  readonly learned: readonly ParameterKind[] | 'all' | null
  readonly inputTimes: boolean
  readonly rateBand?: RateBands | undefined
  /** Default: none. */
  readonly noise?: RunNoise | null
}

export interface BatchResult {
  readonly losses: readonly (number | null)[]
  readonly predictions: Int32Array
  /** Share of (neuron, trial) pairs without a spike, of all lif groups but the loss's. */
  readonly silentFraction: number
  readonly hiddenSpikes: number
  readonly tally: GridTally
  readonly recording: Recording
  /** Sums over trials. */
  readonly gradients: Parameters
  readonly inputTimes: Readonly<Record<string, Float64Array>>
}

export interface BatchSettings {
  readonly network: Network
  readonly instance: NetworkInstance
  readonly store: ParameterStore
  readonly traffic: TrafficCounter
  readonly dt: number
  readonly slope: number
}

/** What runs mini-batches on a network, trial after trial, with the parameters it has at that moment. */
export function createBatchRunner(settings: BatchSettings): (order: BatchOrder) => BatchResult {
  const { network, instance, store, traffic, dt, slope } = settings
  const stoppedBy = ({ learned, loss }: Pick<BatchOrder, 'learned' | 'loss'>) =>
    learned !== 'all' && loss !== null && firstSpikesSuffice(network, loss.loss) ? loss.loss.group : null

  const perturb = createGridParameterNoise(network, instance)
  const cyclic = cyclicKeys(instance)

  /** Trials of one length follow each other, with and without noise in turns. */
  const latest: { quiet: GridNetwork | null; noisy: GridNetwork | null } = { quiet: null, noisy: null }

  function gridFor(until: number, isNoisy: boolean): GridNetwork {
    const grid = timeGrid(dt, until)
    const kind = isNoisy ? 'noisy' : 'quiet'
    const known = latest[kind]
    if (known?.grid.steps === grid.steps) return known
    const made = new GridNetwork(instance, { grid, slope, traffic, isNoisy })
    latest[kind] = made
    return made
  }

  /** The network of a mini-batch, with its parameters, and what corrects the gradients with respect to these. */
  function prepare({ trials, learned, loss, inputTimes, noise = null }: BatchOrder) {
    const spikes = noise === null ? undefined : spikeNoiseOf(noise, instance.projections, cyclic)
    const perturbed = noise === null ? null : perturb(store.parameters, noise)
    const grid = gridFor(trials.until, spikes !== undefined)
    const wishes = { ...wishesOf(learned), inputTimes, stopAfterFirst: stoppedBy({ learned, loss }) }
    const met = spikes === undefined ? null : { spikes, trials: trials.count }
    grid.begin(perturbed?.parameters ?? store.parameters, wishes, met)
    return { grid, perturbed }
  }

  return (order) => {
    const { trials, loss, record, noise = null } = order
    const { count, inputs } = trials
    const { grid, perturbed } = prepare(order)
    const time = grid.grid
    const group = loss?.loss.group ?? null
    const recorder = new BatchRecorder(grid, group === null ? record : [...record, group], trials, time)
    const tally = new GridTally(grid.lifGroups(), trials.until)
    const settings = { count, until: trials.until, grid: time, slope, noise }
    const evaluator = loss === null ? null : createTrialEvaluator(grid, loss, recorder.of(loss.loss.group), settings)
    const times = order.inputTimes ? roomForTimes(network, inputs) : []
    for (let trial = 0; trial < count; trial++) {
      grid.forward(inputs, trial)
      tally.add()
      recorder.add()
      const hasLoss = evaluator?.evaluate(trial) ?? false
      if (moves(grid, tally, order, trial, hasLoss)) goBack(grid, times, inputs, trial)
    }
    const gradients = grid.gradients()
    perturbed?.correct(gradients)
    const { losses, predictions } = evaluator?.outcome ?? { losses: [], predictions: new Int32Array(0) }
    return {
      losses,
      predictions,
      silentFraction: tally.silentFraction(group),
      hiddenSpikes: tally.spikesBut(group),
      tally,
      recording: recorder.recording(record),
      gradients,
      inputTimes: byName(times),
    }
  }
}

/** Tells the neurons what is beside the loss of a trial; returns whether anything is to be gone back for. */
function moves(grid: GridNetwork, tally: GridTally, order: BatchOrder, trial: number, hasLoss: boolean): boolean {
  const { learned, loss, rateBand } = order
  if (learned === null || loss === null) return false
  const hasHinge = applySilenceHinge(grid, tally, order, loss, trial)
  const hasPush = applyRateBands(grid, tally, rateBand)
  return hasLoss || hasHinge || hasPush
}

/** Takes one trial back, as far as the input times that are asked for. */
function goBack(
  grid: GridNetwork,
  times: readonly (readonly [string, Float64Array])[],
  inputs: Trials['inputs'],
  trial: number,
): void {
  grid.backward()
  for (const [name, into] of times) grid.addInputTimes(name, into, entryOf(inputs, name)?.offsets[trial] ?? 0)
}

/** The gradients that somebody asks for. */
function wishesOf(learned: BatchOrder['learned']) {
  const wants = (kind: ParameterKind) => learned === 'all' || (learned?.includes(kind) ?? false)
  return {
    weights: wants('weights'),
    delays: wants('delays'),
    thresholds: wants('thresholds') || wants('bias'),
    adaptation: wants('adaptation'),
  }
}

/** A number for each spike that a group is given, by the names of the groups. */
function roomForTimes({ groups }: Network, inputs: Trials['inputs']): (readonly [string, Float64Array])[] {
  return groups.flatMap(({ name }) => {
    const trains = entryOf(inputs, name)
    return trains === undefined ? [] : [[name, new Float64Array(trains.times.length)] as const]
  })
}
