import type { TrafficCounter } from '../../dynamics/traffic/memory-traffic.js'
import { byName, entryOf } from '../../events/by-name.js'
import type { Network } from '../../network/description/network.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import type { LabelledLoss } from '../check-trials.js'
import type { Loss } from '../loss.js'
import { looksAtFirstSpikes } from '../loss-view.js'
import type { ParameterKind, Parameters, Recording, Trials } from '../session.js'
import { BatchRecorder } from './batch-recorder.js'
import { GridNetwork } from './grid-network.js'
import { GridTally } from './grid-tally.js'
import type { ParameterStore } from './parameter-store.js'
import { applyRateBands, type RateBands } from './rate-push.js'
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
  const speakers = new Set(network.projections.map(({ source }) => source))

  /** What else a unit of the loss's group does moves nothing. */
  const stopsAfterFirst = (loss: Loss) => looksAtFirstSpikes(loss) && !speakers.has(loss.group)

  const stoppedBy = ({ learned, loss }: BatchOrder) =>
    learned !== 'all' && loss !== null && stopsAfterFirst(loss.loss) ? loss.loss.group : null

  /** Trials of one length follow each other. */
  let latest: GridNetwork | null = null

  function gridFor(until: number): GridNetwork {
    const grid = timeGrid(dt, until)
    if (latest?.grid.steps !== grid.steps) latest = new GridNetwork(instance, grid, slope, traffic)
    return latest
  }

  return (order) => {
    const { trials, loss, record, learned, inputTimes: wantsTimes } = order
    const { count, inputs } = trials
    const grid = gridFor(trials.until)
    const time = grid.grid
    const group = loss?.loss.group ?? null
    const wishes = { ...wishesOf(learned), inputTimes: wantsTimes, stopAfterFirst: stoppedBy(order) }
    grid.begin(store.parameters, wishes)
    const recorder = new BatchRecorder(grid, group === null ? record : [...record, group], trials, time)
    const tally = new GridTally(grid.lifGroups(), trials.until)
    const settings = { count, until: trials.until, grid: time, slope }
    const evaluator = loss === null ? null : createTrialEvaluator(grid, loss, recorder.of(loss.loss.group), settings)
    const times = wantsTimes ? roomForTimes(network, inputs) : []
    for (let trial = 0; trial < count; trial++) {
      grid.forward(inputs, trial)
      tally.add()
      recorder.add()
      const hasLoss = evaluator?.evaluate(trial) ?? false
      if (learned === null || loss === null) continue
      const hasHinge = applySilenceHinge(grid, tally, order, loss, trial)
      const hasPush = applyRateBands(grid, tally, order.rateBand)
      if (hasLoss || hasHinge || hasPush) goBack(grid, times, inputs, trial)
    }
    const { losses, predictions } = evaluator?.outcome ?? { losses: [], predictions: new Int32Array(0) }
    return {
      losses,
      predictions,
      silentFraction: tally.silentFraction(group),
      hiddenSpikes: tally.spikesBut(group),
      tally,
      recording: recorder.recording(record),
      gradients: grid.gradients(),
      inputTimes: byName(times),
    }
  }
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
