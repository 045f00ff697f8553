import { rateGradient } from '../../dynamics/models/rate-band.js'
import type { TrafficCounter } from '../../dynamics/traffic/memory-traffic.js'
import { byName, entryOf } from '../../events/by-name.js'
import type { Network } from '../../network/description/network.js'
import { cyclicKeys } from '../../network/graph/cyclic-keys.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import { isSpiking } from '../../network/models/models.js'
import type { RateBands } from '../banded-step.js'
import { createFiringTally, type FiringTally, hiddenFiring, silentFraction } from '../diagnosis/firing-tally.js'
import { firstSpikesSuffice, wantedUnits, wantsUnits } from '../loss-view.js'
import type { Outcome } from '../losses/outcome.js'
import type { RunNoise } from '../noise/run-noise.js'
import { spikeNoiseOf } from '../noise/spike-noise-of.js'
import type { LabelledLoss } from '../require-trials.js'
import type { ParameterKind, Parameters, Recording, Trials } from '../session.js'
import { BatchRecorder } from './batch-recorder.js'
import type { GridLif, Injection } from './grid-lif.js'
import { createGridEvaluation, type GridObservation } from './grid-loss.js'
import { GridNetwork } from './grid-network.js'
import { createGridParameterNoise } from './noise/grid-parameters.js'
import { createGridReadout } from './noise/grid-readout.js'
import type { ParameterStore } from './parameter-store.js'
import { type TimeGrid, timeGrid } from './time-grid.js'

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
  /** Of every lif group. */
  readonly firing: readonly FiringTally[]
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
    const firing = grid.lifGroups().map((lif): GroupFiring => ({ lif, tally: createFiringTally(lif.values) }))
    for (const { tally } of firing) tally.begin(trials)
    const settings = { count, until: trials.until, grid: time, slope, noise }
    const evaluator = loss === null ? null : createTrialEvaluator(grid, loss, recorder.of(loss.loss.group), settings)
    const times = order.inputTimes ? roomForTimes(network, inputs) : []
    for (let trial = 0; trial < count; trial++) {
      grid.forward(inputs, trial)
      for (const { lif, tally } of firing) tally.add({ offsets: [0, lif.raster.count], units: lif.raster.units }, trial)
      recorder.add()
      const hasLoss = evaluator?.evaluate(trial) ?? false
      if (moves(firing, order, trial, hasLoss)) goBack(grid, times, inputs, trial)
    }
    const gradients = grid.gradients()
    perturbed?.correct(gradients)
    const { losses, predictions } = evaluator?.outcome ?? { losses: [], predictions: new Int32Array(0) }
    const tallies = firing.map(({ tally }) => tally)
    const hidden = hiddenFiring(tallies, group)
    return {
      losses,
      predictions,
      silentFraction: silentFraction([hidden]),
      hiddenSpikes: hidden.hiddenSpikes,
      firing: tallies,
      recording: recorder.recording(record),
      gradients,
      inputTimes: byName(times),
    }
  }
}

/** A group of neurons, and what was counted of its spikes. */
interface GroupFiring {
  readonly lif: GridLif
  readonly tally: FiringTally
}

/** Tells the neurons what is beside the loss of a trial; returns whether anything is to be gone back for. */
function moves(firing: readonly GroupFiring[], order: BatchOrder, trial: number, hasLoss: boolean): boolean {
  const { learned, loss, rateBand } = order
  if (learned === null || loss === null) return false
  const hasHinge = applySilenceHinge(firing, order, loss, trial)
  const hasPush = applyRateBands(firing, trial, rateBand)
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

/** The gradients that are requested. */
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

/**
 * What holds neurons to a number of spikes in the present trial: of each with `count` spikes, the loss
 *
 *     strength / 2 · (count - high)^2 above the band, strength / 2 · (count - low)^2 below it, 0 within,
 *
 * where count = sum over k of s_k, so that at every point k of the grid
 *
 *     dL/ds_k += strength · (count - high) above the band, strength · (count - low) below it.
 *
 * It goes through the surrogate derivative like all of dL/ds: descending it, a neuron fires less above the band and more
 * below, whether or not it has spiked; one without a spike is reached, and the more the closer it came to its threshold.
 * The loss that is reported does not have it. The exact method knows of a push at the spikes alone, see `rateGradient`.
 *
 * Returns whether it was active anywhere.
 */
function applyRateBands(firing: readonly GroupFiring[], trial: number, bands: RateBands = {}): boolean {
  let isActive = false
  for (const { lif: group, tally } of firing) {
    const band = entryOf(bands, group.values.name)
    if (band === undefined) continue
    const { size, rateGradients } = group
    let isPushed = false
    for (let unit = 0; unit < size; unit++) {
      const push = rateGradient(band, tally.countOf(trial, unit))
      rateGradients[unit] = push
      isPushed ||= push !== 0
    }
    group.isPushed = isPushed
    isActive ||= isPushed
  }
  return isActive
}

/** How strongly silence is punished: of the label unit, and of every neuron of some groups. */
interface SilenceStrengths {
  readonly silentLabelHinge: number
  readonly silentHinge: Readonly<Record<string, number>>
}

/**
 * The hinge strength · max(0, threshold - vMax) of the neurons that were silent in the present trial, with vMax over the
 * points of the grid: dL/dV = -strength where V is largest, and dL/dthreshold += strength.
 *
 * Returns whether it was active anywhere.
 */
function applySilenceHinge(
  firing: readonly GroupFiring[],
  { silentLabelHinge, silentHinge }: SilenceStrengths,
  { loss, labels }: LabelledLoss,
  trial: number,
): boolean {
  let isActive = false
  for (const { lif: group, tally } of firing) {
    const all = entryOf(silentHinge, group.values.name) ?? 0
    const isObserved = loss.group === group.values.name && silentLabelHinge !== 0
    const wanted = isObserved && wantsUnits({ loss, labels }) ? wantedUnits(loss, labels?.[trial] ?? null) : []
    const strengthOf = (unit: number) => all + (wanted.includes(unit) ? silentLabelHinge : 0)
    const injections = injectionsOf(group, (unit) => (tally.countOf(trial, unit) === 0 ? strengthOf(unit) : 0))
    group.injections = injections
    isActive ||= injections.length > 0
  }
  return isActive
}

/** @param strengthOf 0 of neurons that have spiked */
function injectionsOf(group: GridLif, strengthOf: (unit: number) => number): readonly Injection[] {
  const injections: Injection[] = []
  for (let unit = 0; unit < group.size; unit++) {
    const strength = strengthOf(unit)
    if (strength === 0) continue
    const { step, value } = group.closest(unit)
    if (value >= 0) continue
    group.addToThreshold(unit, strength)
    injections.push({ step, unit, value: -strength })
  }
  return injections.sort((a, b) => b.step - a.step || a.unit - b.unit)
}

/** Evaluates the trials of a mini-batch, one after the other, and tells the loss's group the derivatives. */
interface TrialEvaluator {
  /** Of the trials so far. */
  readonly outcome: Outcome
  /** Evaluates a trial; returns whether it has a loss. */
  evaluate(trial: number): boolean
}

interface EvaluatorSettings {
  /** Trials in all. */
  readonly count: number
  /** Their end in ms. */
  readonly until: number
  readonly grid: TimeGrid
  readonly slope: number
  readonly noise: RunNoise | null
}

/** @param observed what the loss looks at */
function createTrialEvaluator(
  network: GridNetwork,
  { loss, labels }: LabelledLoss,
  observed: GridObservation,
  { count, until, grid, slope, noise }: EvaluatorSettings,
): TrialEvaluator {
  const group = network.neuronsOf(loss.group)
  const place = { trials: count, ...grid }
  const readout = isSpiking(group) ? createGridReadout(noise, group, place) : null
  const evaluate = createGridEvaluation(loss, { size: group.size, until, lanes: group.lanes, grid, slope }, readout)
  const losses: (number | null)[] = []
  const predictions = new Int32Array(count)
  if (isSpiking(group)) group.observe()
  return {
    outcome: { losses, predictions },
    evaluate(trial) {
      const result = evaluate(observed, trial, labels?.[trial] ?? null, group.explicit)
      losses.push(result.loss)
      predictions[trial] = result.prediction
      return result.loss !== null
    },
  }
}
