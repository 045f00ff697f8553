import type { LifValues, NetworkInstance, ProjectionValues } from '../../src/network/instance.js'
import type { KernelCase } from './kernel-case.js'
import { ulp } from './ulp.js'

/** One arrival at a neuron. */
export interface Input {
  readonly time: number
  readonly weight: number
}

/** What arrives at a neuron in a trial, by time. Every projection is dense. */
function inputsOf({ instance, trains }: KernelCase, trial: number, n: number): readonly Input[] {
  const inputs = instance.projections.flatMap((projection, p) => {
    const { offsets, times, units } = trains[p]!
    const spikes = Array.from({ length: offsets[trial + 1]! - offsets[trial]! }, (_, k) => offsets[trial]! + k)
    return spikes.map((k) => {
      const synapse = n * sourcesOf(instance, projection) + units[k]!
      return { time: times[k]! + delayOf(projection, synapse, units[k]!), weight: projection.weights[synapse]! }
    })
  })
  return inputs.sort((a, b) => a.time - b.time)
}

function sourcesOf({ groups }: NetworkInstance, { source }: ProjectionValues): number {
  return groups.find(({ name }) => name === source)!.size
}

function delayOf({ delayShape, delays }: ProjectionValues, synapse: number, unit: number): number {
  const place = { none: -1, scalar: 0, perSource: unit, perSynapse: synapse }[delayShape]
  return place < 0 ? 0 : delays[place]!
}

/** How far two computations of a spike may be apart, in ms. */
export interface AttainableTime {
  readonly bound: number
  /** The bound as a multiple of what a steep crossing with nothing before it would have. */
  readonly looseness: number
}

/**
 * How far two computations of a neuron's spikes may be apart, spike by spike: each is as accurate as can be,
 *
 *     1e-12 ms + 4 ulp(t) + 16 · 2^-53 theta / slope
 *
 * given the spikes before; and what those are off by moves A by A' right after them, V by V' right after their refractory
 * periods, and this spike by as much over its slope.
 */
export function attainableTimes(
  sample: KernelCase,
  { trial, n, times }: { readonly trial: number; readonly n: number; readonly times: readonly number[] },
): readonly AttainableTime[] {
  if (times.length === 0) return []
  const values = sample.instance.groups[1] as LifValues
  return boundsOfTimes(values, n, { inputs: inputsOf(sample, trial, n), times })
}

/** What the rounding of a kernel that sums up arrivals depends on. */
export interface RoundedCourse {
  /** Magnitude that neither voltage nor what its current can still add to it has exceeded. */
  readonly swing: number
  /** Arrivals so far, older ones forgotten with tauMem. */
  readonly arrivals: number
}

export interface BoundedTimes {
  readonly inputs: readonly Input[]
  readonly times: readonly number[]
  /** How far V may be off beyond what is attainable. Default: not at all. */
  readonly roundOff?: (course: RoundedCourse) => number
}

/** The same for the n-th neuron and what arrives there, by time. */
export function boundsOfTimes(
  values: LifValues,
  n: number,
  { inputs, times, roundOff = () => 0 }: BoundedTimes,
): readonly AttainableTime[] {
  const at = (column: Float64Array) => column[n]!
  const { tauMem, tauSynExc, tauAdapt } = values
  const [bias, reset, step] = [at(values.bias), at(values.vReset), at(values.adaptStep)]
  const refractory = at(values.refractory)
  const share = Math.abs(at(tauSynExc) / (at(tauMem) - at(tauSynExc)))
  const bounded = Math.max(Math.abs(at(values.threshold) - bias), Math.abs(reset - bias), Math.abs(bias))
  let [now, i, a, next] = [0, 0, 0, 0]
  /** How far V and A may be off. */
  let [v, adaptation] = [0, 0]
  /** Of the spike before: when V is let go, and how far that may be off. */
  let [release, shift] = [Number.POSITIVE_INFINITY, 0]
  let [swing, arrivals] = [bounded, 0]
  const flowTo = (time: number) => {
    if (release <= time) {
      flow(release)
      v = (Math.abs(i + bias - reset) / at(tauMem)) * shift
      release = Number.POSITIVE_INFINITY
    }
    flow(time)
  }
  const flow = (time: number) => {
    i *= Math.exp((now - time) / at(tauSynExc))
    v *= Math.exp((now - time) / at(tauMem))
    arrivals *= Math.exp((now - time) / at(tauMem))
    a *= Math.exp((now - time) / at(tauAdapt))
    adaptation *= Math.exp((now - time) / at(tauAdapt))
    now = time
  }
  return times.map((time) => {
    for (; next < inputs.length && inputs[next]!.time < time; next++) {
      flowTo(inputs[next]!.time)
      i += inputs[next]!.weight
      arrivals++
      swing = Math.max(swing, bounded + 2 * share * Math.abs(i))
    }
    flowTo(time)
    const theta = at(values.threshold) + a
    const slope = Math.max((i + bias - theta) / at(tauMem) + a / at(tauAdapt), 0)
    const steep = 1e-12 + 4 * ulp(time)
    const rounded = 16 * 2 ** -53 * Math.abs(theta)
    const bound = 2 * (steep + rounded / slope) + (v + adaptation + roundOff({ swing, arrivals })) / slope
    v = 0
    release = time + refractory
    shift = bound
    adaptation += (step / at(tauAdapt)) * bound
    a += step
    return { bound, looseness: bound / (2 * steep) }
  })
}
