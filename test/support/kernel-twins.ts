import { expect } from 'vitest'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { hasNeurons } from '../../src/network/models/models.js'
import { attainableTimes, type TimeBounds } from './attainable-times.js'
import { AT_ONCE, type Cutting, type DrivenKernel, driveKernel, type KernelResult } from './drive-kernel.js'
import { type KernelCase, kernelOf, optionsOf } from './kernel-case.js'
import { ulp } from './ulp.js'

/** What two kernels made of one input. */
export interface Twins {
  readonly sample: KernelCase
  readonly found: TwinResult
  readonly reference: TwinResult
}

export interface TwinResult extends KernelResult {
  readonly kernel: DrivenKernel
}

export interface TwinRun {
  readonly options?: Partial<KernelOptions>
  /** Row-major [trial][neuron]; default: none. */
  readonly peakGradients?: Float64Array | null
  /** How the input is cut for the kernel that is looked at; default: not at all. */
  readonly cutting?: Cutting
  /** Default: the SIMD kernel. */
  readonly kernel?: DrivenKernel
}

/** What was compared, and how near it came to what is allowed. */
export interface TwinTally {
  spikes: number
  /** The largest difference of two spike times as a share of what is attainable. */
  worstTime: number
  /** The largest difference of two gradients as a share of what is allowed. */
  worstGradient: number
  /** Numbers other than 0 that were compared, per kind. */
  readonly compared: Record<string, number>
  /** Runs with a crossing so flat that gradients are allowed much more than 1e-10. */
  flat: number
}

export function newTally(): TwinTally {
  return { spikes: 0, worstTime: 0, worstGradient: 0, compared: {}, flat: 0 }
}

/** Relative to the largest number of its kind in a run. */
const GRADIENT_ACCURACY = 1e-10
/** From this flatness on, see `expectTwinSpikes`, gradients are allowed more. */
const FLAT = 100
/** Of times with a shorter ulp, ms, it takes nothing from gradients. */
const SHORT_ULP = 1e-14

/** dL/d(time) of a spike, smooth in time: two kernels that differ in the last bits of a time are told nearly the same. */
function smoothDelta({ times, units }: SpikeTrains, k: number): number {
  return Math.sin(7 * units[k]! + times[k]!)
}

/** Runs a kernel and the reference forward and, unless the options say otherwise, backward. */
export function runTwins(sample: KernelCase, run: TwinRun = {}): Twins {
  const { options, peakGradients = null, cutting = AT_ONCE, kernel = kernelOf(sample, 'simd') } = run
  const drive = (driven: DrivenKernel, cut: Cutting): TwinResult => {
    const input = {
      trains: driven.inputs.map(({ order }) => sample.trains[order]!),
      options: optionsOf(sample, { tauGradient: true, ...options }),
      ...{ peakGradients, delta: smoothDelta },
    }
    return { ...driveKernel(driven, input, cut), kernel: driven }
  }
  return { sample, found: drive(kernel, cutting), reference: drive(kernelOf(sample), AT_ONCE) }
}

/**
 * No spike more or less, and every time as near as is attainable. Returns the largest flatness of a crossing: how loose
 * its time is, and the more so where times are so late that an ulp of them moves its slope.
 */
export function expectTwinSpikes(
  { sample, found, reference }: Twins,
  tally: TwinTally,
  boundsOf: (trial: number) => TimeBounds = (trial) => attainableTimes(sample, trial),
): number {
  const { size } = reference.kernel.values
  const [own, expected] = [byNeuron(found.spikes, size), byNeuron(reference.spikes, size)]
  expect(own.map((times) => times.length)).toEqual(expected.map((times) => times.length))
  let [flattest, loosest] = [1, 1]
  for (let trial = 0; trial < sample.trials; trial++) {
    const bounds = boundsOf(trial)
    for (let n = 0; n < size; n++) {
      const [times, near] = [expected[trial * size + n]!, own[trial * size + n]!]
      bounds(n, times).forEach(({ bound, looseness }, k) => {
        const share = Math.abs(near[k]! - times[k]!) / bound
        if (!(share <= 1))
          expect(share, `spike ${k} of neuron ${n} in trial ${trial} at ${times[k]}`).toBeLessThanOrEqual(1)
        tally.worstTime = Math.max(tally.worstTime, share)
        tally.spikes++
        loosest = Math.max(loosest, looseness)
        flattest = Math.max(flattest, looseness * latenessOf(times[k]!))
      })
    }
  }
  if (loosest > FLAT) tally.flat++
  return flattest
}

/**
 * As much flatness as so late a time stands for: at t = 10^6 ms, half an ulp of the inputs' times moves gradients by up to
 * twenty-five times what two kernels are apart, 5e-9 of them.
 */
function latenessOf(time: number): number {
  const share = ulp(time) / SHORT_ULP
  return share > 1 ? 3 * Math.sqrt(share) : 1
}

/** Spike times per (trial, neuron). */
export function byNeuron({ offsets, times, units }: SpikeTrains, size: number): readonly (readonly number[])[] {
  const lists = Array.from({ length: (offsets.length - 1) * size }, (): number[] => [])
  for (let trial = 0; trial + 1 < offsets.length; trial++)
    for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) lists[trial * size + units[k]!]!.push(times[k]!)
  return lists
}

/**
 * Every gradient to 1e-10 of the largest of its kind, or of the terms that may cancel in it. A flat crossing amplifies
 * rounding in its time and in its slope: there the allowance grows with the square of its flatness.
 */
export function expectTwinGradients({ found, reference }: Twins, tally: TwinTally, flattest = 1): void {
  const { weights, delays, bias, threshold, adaptStep, taus, length } = reference.kernel.layout
  const kinds = { weights, delays, bias, threshold, adaptStep }
  const edges = [...Object.values(kinds), taus[0]?.at ?? length]
  Object.keys(kinds).forEach((kind, k) => {
    const part = ({ gradient }: KernelResult) => gradient.subarray(edges[k], edges[k + 1])
    expectNear(kind, part(found), part(reference))
  })
  const { size } = reference.kernel.values
  taus.forEach(({ field }, k) => {
    const part = ({ taus: perNeuron }: KernelResult) => perNeuron.subarray(k * size, (k + 1) * size)
    expectNear(field, part(found), part(reference))
  })
  expect(found.returned.length).toBe(reference.returned.length)
  const flat = (returned: readonly Float64Array[]) => Float64Array.from(returned.flatMap((values) => [...values]))
  expectNear('inputTimes', flat(found.returned), flat(reference.returned))
  expect(found.grazing).toBe(reference.grazing)

  /** A gradient event is w (pI / tauSyn - pV / tauMem), where dL/dw is the sum of pI. */
  function cancelling(kind: string): number {
    if (['weights', 'bias', 'threshold', 'adaptStep', 'tauAdapt'].includes(kind)) return 0
    const { values, parameters } = reference.kernel
    if (!hasNeurons(values)) throw new RangeError('actors have no time constants')
    const tau = Math.min(...values.tauMem, ...values.tauSynExc, ...values.tauSynInh)
    return (largest(parameters.subarray(weights, delays)) * largest(reference.gradient.subarray(weights, delays))) / tau
  }

  function expectNear(kind: string, own: Float64Array, expected: Float64Array): void {
    expect(own.length).toBe(expected.length)
    const scale = Math.max(largest(expected), cancelling(kind))
    const allowed = GRADIENT_ACCURACY * scale * Math.max(1, flattest / FLAT) ** 2
    own.forEach((value, k) => {
      const difference = Math.abs(value - expected[k]!)
      // `expect` takes longer than all the rest.
      if (!(difference <= allowed))
        expect(difference, `${kind}[${k}]: ${value} and ${expected[k]}`).toBeLessThanOrEqual(allowed)
      if (scale > 0) tally.worstGradient = Math.max(tally.worstGradient, difference / allowed)
    })
    tally.compared[kind] = (tally.compared[kind] ?? 0) + expected.filter((value) => value !== 0).length
  }
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
