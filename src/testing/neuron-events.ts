import type { SpikeTrains } from '../events/spike-trains.js'
import { readRecording } from '../learning/read-arguments.js'
import type { Recording, Trials } from '../learning/session.js'
import type { Network } from '../network/description/network.js'
import { delayOfSynapse } from '../network/graph/delay-of-synapse.js'
import type { LifValues, LiValues, NetworkInstance, ProjectionValues } from '../network/instance/instance.js'
import { instantiate } from '../network/instance/instantiate.js'
import { hasNeurons, isSpiking } from '../network/models/models.js'
import { mapOf, readOptions } from '../network/reading/read-fields.js'
import { readNetwork } from '../network/reading/read-network.js'
import { readTrains } from '../network/reading/read-trains.js'
import { asGiven, readRecord } from '../network/reading/read-value.js'

/** Something that happens at one neuron; at one instant ends come first, then own spikes, then arrivals. */
export interface NeuronEvent {
  readonly time: number
  readonly kind: 'end' | 'spike' | 'arrival'
  /** Which spike over which synapse, such as `input->layer1 3 #0`; empty unless it is an arrival. */
  readonly cause: string
}

/** What one neuron saw and did in one trial. */
export interface NeuronTrajectory {
  readonly group: string
  readonly unit: number
  readonly trial: number
  /** Ends of refractory periods, own spikes and arrivals, in event order. */
  readonly events: readonly NeuronEvent[]
}

/** @deprecated The name of version 0.1; use `NeuronTrajectory`. */
export type NeuronCourse = NeuronTrajectory

/** How a session came to the numbers that a description leaves open. */
export interface DrawOptions {
  /** The seed of the session that recorded; default 0. */
  readonly seed?: number
}

/** A course, with the numbers of its group. */
export interface ValuedTrajectory extends Omit<NeuronTrajectory, 'group'> {
  readonly group: LifValues | LiValues
}

interface RankedEvent extends NeuronEvent {
  /** Place among the events of one instant: kind, projection, source unit, spike number, synapse. */
  readonly rank: readonly number[]
}

/**
 * The events of every neuron in every trial, worked out from spike times and delays alone.
 *
 * A recording has to hold every LIF group, and every source that emits by itself. Parameters that a session has learned
 * since are those of `trainedNetwork`. Raises `InputError` SEED_INVALID.
 *
 * @example
 * const recording = await session.simulate(trials)
 * for (const { group, unit, events } of neuronEvents(network, trials, recording)) console.log(group, unit, events.length)
 */
export function neuronEvents(
  network: Network,
  trials: Trials,
  recording: Recording,
  options: DrawOptions = {},
): NeuronTrajectory[] {
  const courses = trajectoriesOf(drawnFor(network, trials, recording, options), trials, recording)
  return courses.map(({ group, ...course }) => ({ group: group.name, ...course }))
}

/**
 * The numbers of a network that a recording was made of, once all of it is what it ought to be.
 *
 * Raises `InputError` FIELD_TYPE, FIELD_UNKNOWN and SEED_INVALID.
 */
export function drawnFor(
  network: Network,
  trials: Trials,
  recording: Recording,
  options: DrawOptions,
): NetworkInstance {
  readNetwork(network)
  mapOf(readTrains)(readRecord(trials, 'trials').inputs, 'trials.inputs')
  readRecording(recording)
  const { seed = 0 } = readOptions<DrawOptions>(options, { seed: asGiven })
  return instantiate(network, seed)
}

/** The events of every neuron of a network whose numbers are drawn. */
export function trajectoriesOf(instance: NetworkInstance, trials: Trials, recording: Recording): ValuedTrajectory[] {
  const trains = new Map(Object.entries({ ...trials.inputs, ...recording.spikes }))
  const courses: ValuedTrajectory[] = []
  for (const group of instance.groups) {
    if (!hasNeurons(group)) continue
    for (let trial = 0; trial < trials.count; trial++) {
      const perUnit = ownEvents(group, spikesByUnit(trains.get(group.name), trial, group.size), trials.until)
      for (const [index, projection] of instance.projections.entries()) {
        if (projection.target !== group.name) continue
        const spikes = spikesByUnit(trains.get(projection.source), trial, projection.sourceSize)
        addArrivals(projection, index, spikes, trials.until, perUnit)
      }
      for (const [unit, events] of perUnit.entries())
        courses.push({ group, unit, trial, events: events.toSorted(inEventOrder) })
    }
  }
  return courses
}

function spikesByUnit(trains: SpikeTrains | undefined, trial: number, size: number): readonly (readonly number[])[] {
  const perUnit: number[][] = Array.from({ length: size }, () => [])
  if (trains === undefined) return perUnit
  const end = trains.offsets[trial + 1] as number
  for (let k = trains.offsets[trial] as number; k < end; k++)
    perUnit[trains.units[k] as number]?.push(trains.times[k] as number)
  return perUnit
}

function ownEvents(
  group: LifValues | LiValues,
  spikes: readonly (readonly number[])[],
  until: number,
): RankedEvent[][] {
  return spikes.map((times, unit) => {
    const refractory = isSpiking(group) ? (group.refractory[unit] as number) : 0
    const own = times.map((time): RankedEvent => ({ time, kind: 'spike', cause: '', rank: [1] }))
    if (!(refractory > 0)) return own
    const ends = times.map((time): RankedEvent => ({ time: time + refractory, kind: 'end', cause: '', rank: [0] }))
    return [...own, ...ends.filter(({ time }) => time < until)]
  })
}

function addArrivals(
  projection: ProjectionValues,
  index: number,
  spikes: readonly (readonly number[])[],
  until: number,
  perUnit: readonly RankedEvent[][],
): void {
  const { key, sources, targets, absent, delays, delayShape } = projection
  for (const [synapse, source] of sources.entries()) {
    if (absent?.[synapse] === 1) continue
    const delay = delayOfSynapse(delays, delayShape, 0, source, synapse)
    for (const [number, sent] of (spikes[source] ?? []).entries()) {
      const time = sent + delay
      const rank = [2, index, source, number, synapse]
      if (time < until)
        perUnit[targets[synapse] as number]?.push({
          time,
          kind: 'arrival',
          cause: `${key} ${synapse} #${number}`,
          rank,
        })
    }
  }
}

function inEventOrder(a: RankedEvent, b: RankedEvent): number {
  if (a.time !== b.time) return a.time - b.time
  const place = a.rank.findIndex((value, k) => value !== b.rank[k])
  return place < 0 ? 0 : (a.rank[place] as number) - (b.rank[place] as number)
}
