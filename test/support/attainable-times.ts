import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LifValues, NetworkInstance, ProjectionValues } from '../../src/network/instance/instance.js'
import type { KernelCase } from './kernel-case.js'
import { ulp } from './ulp.js'

/** One arrival at a neuron. */
export interface Input {
  readonly time: number
  readonly weight: number
}

/** What arrives at every neuron of a group in a trial, by time. */
export function inputsOf(
  { groups, projections }: NetworkInstance,
  trains: readonly SpikeTrains[],
  trial: number,
  group = 'x',
): readonly (readonly Input[])[] {
  const { size } = groups.find(({ name }) => name === group)!
  const inputs = Array.from({ length: size }, (): Input[] => [])
  projections.forEach((projection, p) => {
    if (projection.target !== group) return
    const spikes = timesByUnit(trains[p]!, trial)
    eachSynapse(projection, (unit, n, weight, delay) => {
      for (const time of spikes.get(unit) ?? []) inputs[n]!.push({ time: time + delay, weight })
    })
  })
  return inputs.map((list) => list.sort((a, b) => a.time - b.time))
}

function timesByUnit({ offsets, times, units }: SpikeTrains, trial: number): ReadonlyMap<number, readonly number[]> {
  const spikes = new Map<number, number[]>()
  for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++)
    spikes.set(units[k]!, [...(spikes.get(units[k]!) ?? []), times[k]!])
  return spikes
}

function eachSynapse(
  { absent, delayShape, delays, sources, targets, weights }: ProjectionValues,
  visit: (unit: number, n: number, weight: number, delay: number) => void,
): void {
  sources.forEach((unit, synapse) => {
    if (absent?.[synapse] === 1) return
    const place = { none: -1, scalar: 0, perSource: unit, perSynapse: synapse }[delayShape]
    visit(unit, targets[synapse]!, weights[synapse]!, place < 0 ? 0 : delays[place]!)
  })
}

/** How far two computations of a spike may be apart, in ms. */
export interface AttainableTime {
  readonly bound: number
  /** The bound as a multiple of what a steep crossing with nothing before it would have. */
  readonly looseness: number
}

/**
 * How far two computations of a neuron's spikes in a trial may be apart, spike by spike: each is as accurate as can be,
 *
 *     1e-12 ms + 4 ulp(t) + 16 · 2^-53 theta / slope
 *
 * given the spikes before; and what those are off by moves A by A' right after them, V by V' right after their refractory
 * periods, and this spike by as much over its slope.
 */
export function attainableTimes({ instance, trains }: KernelCase, trial: number): TimeBounds {
  const inputs = inputsOf(instance, trains, trial)
  const values = instance.groups.find(({ name }) => name === 'x') as LifValues
  return (n, times) => boundsOfTimes(values, n, { inputs: inputs[n]!, times })
}

/** Of the spikes of the n-th neuron in a trial. */
export type TimeBounds = (n: number, times: readonly number[]) => readonly AttainableTime[]

/** What the rounding of a kernel that sums up arrivals depends on. */
export interface RoundedCourse {
  /** Magnitude that neither voltage nor what its current can still add to it has exceeded. */
  readonly swing: number
  /** Arrivals so far, older ones forgotten with tauMem; and the magnitudes of their weights. */
  readonly arrivals: number
  readonly weights: number
  /** Magnitude that V has not exceeded so far, with that of what excites and of what inhibits added up. */
  readonly height: number
}

export interface BoundedTimes {
  readonly inputs: readonly Input[]
  readonly times: readonly number[]
  /** What of the current is in what a kernel sums up. Default: tauSyn / (tauMem - tauSyn). */
  readonly share?: number
  /** How far V may be off beyond what is attainable. Default: not at all. */
  readonly roundOff?: (course: RoundedCourse) => number
}

/** What a current of 1 has driven a voltage to D ms later. */
export function kappaOf(d: number, tauMem: number, tauSyn: number): number {
  const y = d * (1 / tauSyn - 1 / tauMem)
  // Neither factor below says anything where one of them is out of reach.
  if (Math.abs(y) > 1) return ((d / tauMem) * (Math.exp(-d / tauMem) - Math.exp(-d / tauSyn))) / y
  return (d / tauMem) * Math.exp(-d / tauMem) * (y === 0 ? 1 : -Math.expm1(-y) / y)
}

/** The same for the n-th neuron and what arrives there, by time. */
export function boundsOfTimes(
  values: LifValues,
  n: number,
  { inputs, times, share: given, roundOff = () => 0 }: BoundedTimes,
): readonly AttainableTime[] {
  const at = (column: Float64Array) => column[n]!
  const { tauMem, tauSynExc, tauSynInh, tauAdapt } = values
  const [bias, reset, step] = [at(values.bias), at(values.vReset), at(values.adaptStep)]
  const refractory = at(values.refractory)
  const share = given ?? Math.abs(at(tauSynExc) / (at(tauMem) - at(tauSynExc)))
  const bounded = Math.max(Math.abs(at(values.threshold) - bias), Math.abs(reset - bias), Math.abs(bias))
  let [now, exc, inh, a, next] = [0, 0, 0, 0, 0]
  /** How far V and A may be off. */
  let [v, adaptation] = [0, 0]
  /** Of the spike before: when V is let go, and how far that may be off. */
  let [release, shift] = [Number.POSITIVE_INFINITY, 0]
  let [swing, arrivals, weights, height, driven] = [bounded, 0, 0, bounded, 0]
  const flowTo = (time: number) => {
    if (release <= time) {
      flow(release)
      v = (Math.abs(exc + inh + bias - reset) / at(tauMem)) * shift
      release = Number.POSITIVE_INFINITY
    }
    flow(time)
  }
  const flow = (time: number) => {
    const [kappa, kappaInh] = [tauSynExc, tauSynInh].map((taus) => kappaOf(time - now, at(tauMem), at(taus)))
    driven = driven * Math.exp((now - time) / at(tauMem)) + kappa! * exc - kappaInh! * inh
    height = Math.max(height, bounded + driven)
    exc *= Math.exp((now - time) / at(tauSynExc))
    inh *= Math.exp((now - time) / at(tauSynInh))
    v *= Math.exp((now - time) / at(tauMem))
    arrivals *= Math.exp((now - time) / at(tauMem))
    weights *= Math.exp((now - time) / at(tauMem))
    a *= Math.exp((now - time) / at(tauAdapt))
    adaptation *= Math.exp((now - time) / at(tauAdapt))
    now = time
  }
  return times.map((time) => {
    for (; next < inputs.length && inputs[next]!.time < time; next++) {
      const { time: arrival, weight } = inputs[next]!
      flowTo(arrival)
      if (weight >= 0) exc += weight
      else inh += weight
      arrivals++
      weights += Math.abs(weight)
      swing = Math.max(swing, bounded + 2 * share * Math.abs(exc + inh))
    }
    flowTo(time)
    const i = exc + inh
    const theta = at(values.threshold) + a
    const slope = Math.max((i + bias - theta) / at(tauMem) + a / at(tauAdapt), 0)
    const steep = 1e-12 + 4 * ulp(time)
    const rounded = 16 * 2 ** -53 * Math.abs(theta)
    const bound =
      2 * (steep + rounded / slope) + (v + adaptation + roundOff({ swing, arrivals, weights, height })) / slope
    v = 0
    release = time + refractory
    shift = bound
    adaptation += (step / at(tauAdapt)) * bound
    a += step
    return { bound, looseness: bound / (2 * steep) }
  })
}
