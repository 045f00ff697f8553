import type { LifValues, NetworkInstance, ProjectionValues } from '../../src/network/instance.js'
import type { KernelCase } from './kernel-case.js'
import { ulp } from './ulp.js'

/** One arrival at a neuron. */
interface Input {
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
 * given the spikes before; and what those are off by moves V and A by V' and A' right after them, and this spike by as
 * much over its slope.
 */
export function attainableTimes(
  sample: KernelCase,
  { trial, n, times }: { readonly trial: number; readonly n: number; readonly times: readonly number[] },
): readonly AttainableTime[] {
  if (times.length === 0) return []
  const values = sample.instance.groups[1] as LifValues
  const at = (column: Float64Array) => column[n]!
  const { tauMem, tauSynExc, tauAdapt } = values
  const [bias, reset, step] = [at(values.bias), at(values.vReset), at(values.adaptStep)]
  const inputs = inputsOf(sample, trial, n)
  let [now, i, a, next] = [0, 0, 0, 0]
  /** How far V and A may be off. */
  let [v, adaptation] = [0, 0]
  const flow = (time: number) => {
    i *= Math.exp((now - time) / at(tauSynExc))
    v *= Math.exp((now - time) / at(tauMem))
    a *= Math.exp((now - time) / at(tauAdapt))
    adaptation *= Math.exp((now - time) / at(tauAdapt))
    now = time
  }
  return times.map((time) => {
    for (; next < inputs.length && inputs[next]!.time < time; next++) {
      flow(inputs[next]!.time)
      i += inputs[next]!.weight
    }
    flow(time)
    const theta = at(values.threshold) + a
    const slope = Math.max((i + bias - theta) / at(tauMem) + a / at(tauAdapt), 0)
    const steep = 1e-12 + 4 * ulp(time)
    const bound = 2 * (steep + (16 * 2 ** -53 * Math.abs(theta)) / slope) + (v + adaptation) / slope
    v = (Math.abs(i + bias - reset) / at(tauMem)) * bound
    adaptation += (step / at(tauAdapt)) * bound
    a += step
    return { bound, looseness: bound / (2 * steep) }
  })
}
