import fc from 'fast-check'
import { arbitraryArrivals, arbitraryNeuron, arbitraryScale, between } from './arbitraries.js'
import { cells } from './cells.js'
import { Course, type CoursePoint } from './course.js'
import { exact, ZERO } from './decimal.js'
import { DecimalMembrane, type MembraneState } from './decimal-membrane.js'
import { type Arrival, DecimalNeuron, type NeuronParameters } from './decimal-neuron.js'
import { peakOf } from './first-crossing.js'

/** A trial in which one arrival lifts V just over theta, or just not. */
export interface GrazingCase {
  readonly neuron: NeuronParameters
  readonly arrivals: readonly Arrival[]
  readonly until: number
  /** The arrival whose weight was tuned; the next one is a long time away. */
  readonly tuned: number
  readonly side: 'above' | 'below'
  /** How long V would stay above theta without a reset; below: were the picture mirrored at theta. In ms. */
  readonly duration: number
  /** The maximum of V - theta after the tuned arrival, without a reset. */
  readonly height: number
  /** Where that maximum is, after the tuned arrival. */
  readonly peakAfter: number
}

/** How long after the tuned arrival nothing else arrives, relative to the membrane's time constant. */
const QUIET = 12
const LARGEST_WEIGHT = 1e3

/** Grazing trials; crossings that last from a microsecond to a millisecond, and misses by as much. */
export function grazingCase(): fc.Arbitrary<GrazingCase> {
  return fc
    .record({
      neuron: arbitraryNeuron({ biasUpTo: 0.8 }),
      before: arbitraryArrivals(6),
      gap: fc.oneof(fc.constant(0), between(0, 30)),
      behind: arbitraryArrivals(3),
      duration: arbitraryScale(1e-3, 1),
      side: fc.constantFrom('above' as const, 'below' as const),
    })
    .map(({ neuron, before, gap, behind, duration, side }) => {
      const time = Number(before.at(-1)?.time ?? 0) + gap
      const start = stateAtArrival(neuron, before, time)
      const tuning = start === null ? null : tune(neuron, start, { duration, side })
      if (tuning === null) return null
      const quiet = time + QUIET * neuron.tauMem
      const later = behind.map(({ time: after, weight }) => ({ time: quiet + Number(after), weight }))
      const { weight, peak } = tuning
      const arrivals = [...before, { time, weight }, ...later]
      const until = quiet + 200
      return { neuron, arrivals, until, tuned: before.length, side, duration, height: peak.f, peakAfter: peak.t }
    })
    .filter((grazing) => grazing !== null)
}

/** Just before the tuned arrival; null inside a refractory period or at theta. */
function stateAtArrival(neuron: NeuronParameters, before: readonly Arrival[], time: number): MembraneState | null {
  const trial = new DecimalNeuron(neuron)
  let lastSpike = ZERO.minus(1e9)
  for (const { time: at, weight } of [...before, { time, weight: 0 }]) {
    const horizon = exact(at)
    for (let due = trial.nextSpike(horizon); due !== null; due = trial.nextSpike(horizon)) {
      trial.spike(due)
      lastSpike = due.time
    }
    trial.arrive(horizon, weight)
  }
  return lastSpike.plus(neuron.refractory).lt(time) ? trial.current : null
}

/** The weight that lifts the maximum to a height at which V stays above theta for `duration`: bisection in doubles. */
function tune(
  neuron: NeuronParameters,
  start: MembraneState,
  { duration, side }: { duration: number; side: 'above' | 'below' },
): { weight: number; peak: CoursePoint } | null {
  const membrane = new DecimalMembrane(neuron)
  const courseAt = (weight: number) => {
    return new Course(neuron, { ...start, exc: start.exc.plus(exact(weight)) }, membrane)
  }
  const length = QUIET * neuron.tauMem
  const touching = bisect((weight) => isAbove(courseAt(weight), length, 0))
  if (touching === null) return null
  const touch = highest(courseAt(touching), length)
  if (touch === null || touch.f2 >= 0) return null
  const height = ((side === 'above' ? 1 : -1) * Math.abs(touch.f2) * duration * duration) / 8
  const weight = bisect((candidate) => isAbove(courseAt(candidate), length, height))
  const peak = weight === null ? null : highest(courseAt(weight), length)
  if (weight === null || peak === null || Math.abs(peak.f - height) > 0.01 * Math.abs(height)) return null
  return { weight, peak }
}

/** The smallest weight of which `isEnough` is true; null if 0 is enough, or the largest isn't. */
function bisect(isEnough: (weight: number) => boolean): number | null {
  let [low, high] = [0, LARGEST_WEIGHT]
  if (isEnough(low) || !isEnough(high)) return null
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}

function isAbove(course: Course, length: number, height: number): boolean {
  return (highest(course, length)?.f ?? Number.NEGATIVE_INFINITY) >= height
}

/** The highest local maximum after the start, if it is anywhere near theta. */
function highest(course: Course, length: number): CoursePoint | null {
  let best: CoursePoint | null = null
  for (const { kind, from, to } of cells(course, length, () => best?.f ?? -0.5)) {
    if (kind !== 'peak') continue
    const top = peakOf(course, from, to)
    if (best === null || top.f > best.f) best = top
  }
  return best
}
