import type { LifParameters } from '../../../src/network/models/lif.js'
import { kappaOf } from '../../support/attainable-times.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import type { KernelSubject } from './kernel-subject.js'
import { type PlainCase, plainCase, withFurther } from './plain-case.js'

const TAU_MEM = 20
/** Of what a kernel that has two currents lets inhibit. */
const INHIBITS = 0.6

/** Time constants of so many neurons as a kernel must have them: the two currents, or each its own. */
export function tausFor(subject: KernelSubject, size: number, tauSyn: number): Partial<LifParameters> {
  const { must } = subject.cases.lif!
  // Those of the first neurons are as given.
  const column = (tau: number) => {
    return must.includes('taus per neuron')
      ? Array.from({ length: size }, (_, n) => (n < size - 1 ? tau : 0.9 * tau))
      : tau
  }
  if (!must.includes('two currents')) return { tauMem: column(TAU_MEM), tauSyn: column(tauSyn) } as LifParameters
  return { tauMem: column(TAU_MEM), tauSynExc: column(tauSyn), tauSynInh: column(INHIBITS * tauSyn) } as LifParameters
}

/** A case by hand, and the same with more that comes: in each of some trials a spike of its last unit. */
export interface EdgeCase {
  readonly sample: DrawnKernelCase
  with(times: readonly number[]): DrawnKernelCase
}

function edgeCase(subject: KernelSubject, plain: PlainCase): EdgeCase {
  const sample = plainCase(subject, plain)
  const unit = plain.weights.length - 1
  const more = (times: readonly number[]) =>
    withFurther(
      sample,
      plain,
      times.map((time) => [{ time, unit }]),
    )
  return { sample, with: more }
}

/** A neuron of every lane group has a threshold that it may meet: one beside it that is looked at would have all of them looked at. */
export const LANES = 8
const NEVER = 1e15
export const alone = (thresholds: readonly number[]) => {
  return thresholds.flatMap((threshold) => [threshold, ...Array.from({ length: LANES - 1 }, () => NEVER)])
}
/** The neurons of an edge case that may fire. */
export const mayFire = (n: number): boolean => n % LANES === 0

const RISING = 4

/** Neurons that one arrival at `start` makes fire one after the other; what comes besides stops them. */
export function brakedCase(
  subject: KernelSubject,
  {
    tauSyn,
    start,
    excitation,
    ...neuron
  }: { tauSyn: number; start: number; excitation: number } & Pick<LifParameters, 'bias' | 'adaptStep' | 'refractory'>,
): EdgeCase {
  const threshold = alone(Array.from({ length: RISING }, (_, n) => 0.25 + 0.2 * n))
  return edgeCase(subject, {
    neurons: { ...tausFor(subject, threshold.length, tauSyn), threshold, ...neuron, tauAdapt: 30, vReset: -1 },
    weights: [excitation, 0, -3 * excitation - 1e4],
    // Arrivals of nothing only part the intervals.
    spikes: [
      { time: start, unit: 0 },
      ...Array.from({ length: 40 }, (_, k) => ({ time: start + 5 + 0.3 * k, unit: 1 })),
    ],
    until: start + 40,
  })
}

/** Thresholds beside a peak, relative to it. */
const DISTANCES = [7, 9, 10, 11, 13, 15].map((exponent) => 10 ** -exponent)
const BOTH_SIDES = [...DISTANCES.map((distance) => -distance), 0, ...DISTANCES.toReversed()]

/**
 * An arrival of -size, and after a gap one that brings V back from there, or for a size of 0 up from rest, to a peak of 1,
 * beside which the thresholds lie; then perhaps something more.
 */
export function grazedCase(
  subject: KernelSubject,
  { size, gap, tauSyn, start }: { size: number; gap: number; tauSyn: number; start: number },
): EdgeCase {
  const weight = liftTo(1, size, gap, tausOf(subject, tauSyn))
  const threshold = alone(BOTH_SIDES.map((distance) => 1 + distance))
  return edgeCase(subject, {
    // Neurons that fire stay behind.
    neurons: { ...tausFor(subject, threshold.length, tauSyn), threshold, vReset: -2 * size },
    weights: [-size, weight, -Math.max(size, 1)],
    spikes: [
      { time: start, unit: 0 },
      { time: start + gap, unit: 1 },
    ],
    until: start + gap + 200,
  })
}

/** How far thresholds are from V at an instant, relative to all that drives it. */
const ROUNDINGS = [0, 1, -1, 3, -3, 30].map((units) => units * 2 ** -53)

/**
 * The same with thresholds that V meets on its way up as whole quarters of ms end, as bins and windows may; later ones are
 * above it.
 */
export function quarterCase(
  subject: KernelSubject,
  { size, gap, tauSyn, start }: { size: number; gap: number; tauSyn: number; start: number },
): EdgeCase {
  const [first, second] = [Math.floor(start), Math.floor(start) + Math.ceil(4 * gap) / 4]
  const taus = tausOf(subject, tauSyn)
  const weight = liftTo(1, size, second - first, taus)
  const voltage = voltageOf(weight, size, second - first, taus)
  const peak = whereHighest(voltage)
  const met = ROUNDINGS.map((rounding, k) => {
    const d = Math.max(0.25, Math.floor(4 * peak) / 4 - 0.25 * k)
    return voltage(d) + rounding * (1 + size + weight)
  }).filter((value) => value > 0)
  // Two currents may leave V below 0 at all of these instants.
  const threshold = alone(met.length > 0 ? met : [1])
  return edgeCase(subject, {
    neurons: { ...tausFor(subject, threshold.length, tauSyn), threshold, vReset: -2 * Math.max(size, 1) },
    weights: [-size, weight, -Math.max(size, 1)],
    spikes: [
      { time: first, unit: 0 },
      { time: second, unit: 1 },
    ],
    until: second + 200,
  })
}

/** Of what excites and of what inhibits. */
function tausOf(subject: KernelSubject, tauSyn: number): readonly [number, number] {
  return [tauSyn, subject.cases.lif!.must.includes('two currents') ? INHIBITS * tauSyn : tauSyn]
}

/** V after the second arrival. */
function voltageOf(weight: number, size: number, gap: number, [tauSyn, tauInh]: readonly [number, number]) {
  return (d: number) => weight * kappaOf(d, TAU_MEM, tauSyn) - size * kappaOf(d + gap, TAU_MEM, tauInh)
}

/** The weight of the second arrival at which V comes up to a peak. */
function liftTo(peak: number, size: number, gap: number, taus: readonly [number, number]): number {
  const top = (weight: number) => {
    const at = voltageOf(weight, size, gap, taus)
    return at(whereHighest(at))
  }
  let [low, high] = [0, 1e3 * size + 1e3]
  for (let middle = high / 2; middle > low && middle < high; middle = low + (high - low) / 2) {
    if (top(middle) > peak) high = middle
    else low = middle
  }
  return high
}

/** Golden sections, from the highest of some samples. */
function whereHighest(at: (d: number) => number): number {
  const step = 2
  let best = 0
  for (let d = step; d < 200; d += step) if (at(d) > at(best)) best = d
  let [from, to] = [Math.max(0, best - step), best + step]
  for (let k = 0; k < 60; k++) {
    const [a, b] = [to - 0.618 * (to - from), from + 0.618 * (to - from)]
    if (at(a) > at(b)) to = b
    else from = a
  }
  return (from + to) / 2
}
