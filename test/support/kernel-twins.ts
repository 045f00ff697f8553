import { expect } from 'vitest'
import type { Kernel } from '../../src/dynamics/kernel.js'
import type { KernelOptions } from '../../src/dynamics/kernel-options.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { attainableTimes } from './attainable-times.js'
import { type Cutting, driveKernel, type KernelResult } from './drive-kernel.js'
import { type KernelCase, kernelOf, optionsOf } from './kernel-case.js'
import { refractoryEnds } from './refractory-ends.js'

/** What both kernels made of one input. */
export interface Twins {
  readonly sample: KernelCase
  readonly simd: TwinResult
  readonly reference: TwinResult
}

export interface TwinResult extends KernelResult {
  readonly kernel: Kernel
  readonly grazing: number
}

export interface TwinRun {
  readonly options?: Partial<KernelOptions>
  /** Row-major [trial][neuron]; default: none. */
  readonly peakGradients?: Float64Array | null
  /** How the input is cut into batches for the SIMD kernel; default: not at all. */
  readonly batches?: Cutting['batches']
}

/** What was compared, and how near it came to what is allowed. */
export interface TwinTally {
  spikes: number
  /** Ends of refractory periods. */
  ends: number
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
  return { spikes: 0, ends: 0, worstTime: 0, worstGradient: 0, compared: {}, flat: 0 }
}

/** Relative to the largest number of its kind in a run. */
const GRADIENT_ACCURACY = 1e-10
/** From this looseness of spike times on a crossing is flat, and gradients are allowed more. */
const FLAT = 100

/** dL/d(time) of a spike, smooth in time: two kernels that differ in the last bits of a time are told nearly the same. */
function smoothDelta({ times, units }: SpikeTrains, k: number): number {
  return Math.sin(7 * units[k]! + times[k]!)
}

/** Runs both kernels forward and, unless the options say otherwise, backward. */
export function runTwins(sample: KernelCase, { options, peakGradients = null, batches = [] }: TwinRun = {}): Twins {
  const input = {
    trains: sample.trains,
    options: optionsOf(sample, { tauGradient: true, ...options }),
    peakGradients,
    delta: smoothDelta,
  }
  const run = (kind: 'simd' | 'reference', cut: Cutting['batches']): TwinResult => {
    const kernel = kernelOf(sample, kind)
    const result = driveKernel(kernel, input, { horizons: [], batches: cut, arrival: 'early' })
    return { ...result, kernel, grazing: kernel.grazing }
  }
  return { sample, simd: run('simd', batches), reference: run('reference', []) }
}

/** No spike more or less, and every time as near as is attainable; returns the largest looseness. */
export function expectTwinSpikes({ sample, simd, reference }: Twins, tally: TwinTally): number {
  const { size } = reference.kernel.values
  const [found, expected] = [byNeuron(simd.spikes, size), byNeuron(reference.spikes, size)]
  expect(found.map((times) => times.length)).toEqual(expected.map((times) => times.length))
  let loosest = 1
  expected.forEach((times, at) => {
    const where = { trial: Math.floor(at / size), n: at % size }
    attainableTimes(sample, { ...where, times }).forEach(({ bound, looseness }, k) => {
      const share = Math.abs(found[at]![k]! - times[k]!) / bound
      if (!(share <= 1))
        expect(share, `spike ${k} of neuron ${where.n} in trial ${where.trial} at ${times[k]}`).toBeLessThanOrEqual(1)
      tally.worstTime = Math.max(tally.worstTime, share)
      tally.spikes++
      loosest = Math.max(loosest, looseness)
    })
  })
  tally.ends += refractoryEnds(sample, reference.spikes).length
  if (loosest > FLAT) tally.flat++
  return loosest
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
 * rounding in its time and in its slope: there the allowance grows with the square of the looseness of spike times.
 */
export function expectTwinGradients({ simd, reference }: Twins, tally: TwinTally, loosest = 1): void {
  const { weights, delays, bias, threshold, adaptStep, taus, length } = reference.kernel.layout
  const kinds = { weights, delays, bias, threshold, adaptStep }
  const edges = [...Object.values(kinds), taus[0]?.at ?? length]
  Object.keys(kinds).forEach((kind, k) => {
    const part = ({ gradient }: KernelResult) => gradient.subarray(edges[k], edges[k + 1])
    expectNear(kind, part(simd), part(reference))
  })
  const { size } = reference.kernel.values
  taus.forEach(({ field }, k) => {
    const part = ({ taus: perNeuron }: KernelResult) => perNeuron.subarray(k * size, (k + 1) * size)
    expectNear(field, part(simd), part(reference))
  })
  expect(simd.answers.length).toBe(reference.answers.length)
  const flat = (answers: readonly Float64Array[]) => Float64Array.from(answers.flatMap((values) => [...values]))
  expectNear('inputTimes', flat(simd.answers), flat(reference.answers))
  expect(simd.grazing).toBe(reference.grazing)

  /** A gradient event is w (pI / tauSyn - pV / tauMem), where dL/dw is the sum of pI. */
  function cancelling(kind: string): number {
    if (['weights', 'bias', 'threshold', 'adaptStep', 'tauAdapt'].includes(kind)) return 0
    const { values, parameters } = reference.kernel
    const tau = Math.min(values.tauMem[0]!, values.tauSynExc[0]!)
    return (largest(parameters.subarray(weights, delays)) * largest(reference.gradient.subarray(weights, delays))) / tau
  }

  function expectNear(kind: string, found: Float64Array, expected: Float64Array): void {
    expect(found.length).toBe(expected.length)
    const scale = Math.max(largest(expected), cancelling(kind))
    const allowed = GRADIENT_ACCURACY * scale * Math.max(1, loosest / FLAT) ** 2
    found.forEach((value, k) => {
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
