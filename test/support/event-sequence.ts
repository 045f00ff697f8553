import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Maxima } from '../../src/learning/session.js'
import type { LifValues, LiValues, NetworkInstance, ProjectionValues } from '../../src/network/instance/instance.js'
import { hasNeurons } from '../../src/network/models/models.js'

/** What a run did, as far as it decides which events happened. */
export interface RunTrace {
  readonly trials: number
  readonly until: number
  /** Spikes of every source and LIF group. */
  readonly spikes: Readonly<Record<string, SpikeTrains>>
  /** Voltage maxima of LI groups, and of silent LIF neurons where they are tracked. */
  readonly maxima: Readonly<Record<string, Maxima>>
  /** The group whose spikes a loss reads in their common order. */
  readonly observed: string
}

/** How often each kind of event happened. */
export interface EventCounts {
  readonly arrivals: number
  /** Arrivals whose spike left a group that the target's spikes lead back to. */
  readonly recurrent: number
  readonly spikes: number
  readonly refractoryEnds: number
  /** Maxima that sit exactly on an arrival. */
  readonly kinks: number
  /** Maxima of neurons that stayed silent while they were tracked. */
  readonly silentPeaks: number
}

export interface EventSequence {
  /** Equal for two runs exactly if every neuron had the same events in the same order. */
  readonly text: string
  readonly counts: EventCounts
}

/** Events of one neuron at one instant: ends of refractory periods, own spikes, arrivals by their source. */
interface Event {
  readonly time: number
  readonly rank: 0 | 1 | 2
  readonly projection: number
  readonly source: number
  readonly spike: number
  readonly synapse: number
}

/** A spike as its targets see it: of a unit, with its number among the unit's spikes. */
interface Emission {
  readonly time: number
  readonly unit: number
  readonly number: number
}

/**
 * The sequence of events at every neuron, and where its voltage maximum sits among them, worked out anew from spike
 * times and delays.
 *
 * @param recurrent keys of the projections that lie on a cycle
 */
export function eventSequence(
  instance: NetworkInstance,
  trace: RunTrace,
  recurrent: ReadonlySet<string> = new Set(),
): EventSequence {
  const counts = { arrivals: 0, recurrent: 0, spikes: 0, refractoryEnds: 0, kinks: 0, silentPeaks: 0 }
  const parts: string[] = []
  for (let trial = 0; trial < trace.trials; trial++) {
    const emissions = new Map(Object.entries(trace.spikes).map(([name, trains]) => [name, emissionsOf(trains, trial)]))
    parts.push(`order ${(emissions.get(trace.observed) ?? []).map(({ unit }) => unit).join(' ')}`)
    for (const group of instance.groups) {
      if (!hasNeurons(group)) continue
      const perUnit = ownEvents(group, emissions.get(group.name) ?? [], trace.until)
      instance.projections.forEach((projection, index) => {
        if (projection.target !== group.name) return
        const count = addArrivals(projection, index, emissions.get(projection.source) ?? [], trace.until, perUnit)
        counts.arrivals += count
        if (recurrent.has(projection.key)) counts.recurrent += count
      })
      perUnit.forEach((events, unit) => {
        events.sort(inEventOrder)
        for (const { rank } of events) {
          if (rank === 0) counts.refractoryEnds++
          if (rank === 1) counts.spikes++
        }
        const place = placeOfPeak(group, events, { trace, trial, unit })
        if (place?.startsWith('on')) counts.kinks++
        if (place !== null && group.kind === 'lif') counts.silentPeaks++
        parts.push(`${group.name}[${unit}] ${events.map(nameOf).join(' ')} ${place ?? ''}`)
      })
    }
  }
  return { text: parts.join('\n'), counts }
}

function emissionsOf({ offsets, times, units }: SpikeTrains, trial: number): Emission[] {
  const numbers = new Map<number, number>()
  const emissions: Emission[] = []
  for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) {
    const unit = units[k]!
    const number = numbers.get(unit) ?? 0
    numbers.set(unit, number + 1)
    emissions.push({ time: times[k]!, unit, number })
  }
  return emissions
}

function ownEvents(group: LifValues | LiValues, spikes: readonly Emission[], until: number): Event[][] {
  const perUnit: Event[][] = Array.from({ length: group.size }, () => [])
  if (group.kind === 'li') return perUnit
  for (const { time, unit, number } of spikes) {
    const own = { projection: 0, source: unit, spike: number, synapse: 0 }
    perUnit[unit]!.push({ time, rank: 1, ...own })
    const end = time + group.refractory[unit]!
    if (end > time && end < until) perUnit[unit]!.push({ time: end, rank: 0, ...own })
  }
  return perUnit
}

function addArrivals(
  { sources, targets, absent, delayShape, delays }: ProjectionValues,
  projection: number,
  spikes: readonly Emission[],
  until: number,
  perUnit: readonly Event[][],
): number {
  let count = 0
  for (let synapse = 0; synapse < sources.length; synapse++) {
    if (absent?.[synapse] === 1) continue
    const source = sources[synapse]!
    const place = { none: Number.NaN, scalar: 0, perSource: source, perSynapse: synapse }[delayShape]
    const delay = Number.isNaN(place) ? 0 : delays[place]!
    for (const { time, unit, number } of spikes) {
      if (unit !== source || !(time + delay < until)) continue
      perUnit[targets[synapse]!]!.push({ time: time + delay, rank: 2, projection, source, spike: number, synapse })
      count++
    }
  }
  return count
}

function inEventOrder(a: Event, b: Event): number {
  return (
    a.time - b.time ||
    a.rank - b.rank ||
    a.projection - b.projection ||
    a.source - b.source ||
    a.spike - b.spike ||
    a.synapse - b.synapse
  )
}

function nameOf({ rank, projection, spike, synapse }: Event): string {
  if (rank === 0) return 'end'
  return rank === 1 ? 'spike' : `${projection}:${synapse}#${spike}`
}

/** Null where no maximum is looked at: it is tracked in silent neurons only. */
function placeOfPeak(
  group: LifValues | LiValues,
  events: readonly Event[],
  { trace, trial, unit }: { trace: RunTrace; trial: number; unit: number },
): string | null {
  const time = trace.maxima[group.name]?.times[trial * group.size + unit]
  if (time === undefined || events.some(({ rank }) => rank === 1)) return null
  if (time === 0) return 'start'
  if (time === trace.until) return 'at the end'
  if (events.some((event) => event.time === time)) return `on ${events.filter((event) => event.time <= time).length}`
  return `after ${events.filter((event) => event.time < time).length}`
}
