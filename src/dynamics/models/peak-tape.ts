import { restOver } from '../equations/crossing.js'
import type { Membrane } from '../equations/membrane.js'
import { extremaOf } from '../equations/rolle.js'
import { integer, type Memory, real } from './memory.js'

/** Where the maximum of a voltage over a trial sits. */
export const PEAK_AT_START = 0
/** Between two events, or at the end of the trial: V itself is stationary or the time is fixed. */
export const PEAK_INSIDE = 1
/** Exactly on an arrival: V rises before and does not after. */
export const PEAK_ON_ARRIVAL = 2
/** Right after an arrival that has moved V at once, and V falls from there: its time is that of the arrival. */
const PEAK_AFTER_ARRIVAL = 3

/**
 * The maximum over [0, until) of each neuron's voltage in each trial, and what its gradient needs: where it sits, after
 * how many of the neuron's arrivals, and V' just before it. Ties go to the earliest.
 */
export class PeakTape {
  private readonly memory: Memory
  private readonly reals: number
  private readonly integers: number
  private readonly count: number
  private done = { looks: 0, passed: 0, notes: 0 }

  constructor(memory: Memory, count: number) {
    this.memory = memory
    this.count = count
    this.reals = memory.reals(3 * count)
    this.integers = memory.integers(2 * count)
  }

  /** Every neuron at rest: V = 0 at t = 0. */
  clear(): void {
    this.memory.f64.fill(0, this.reals, this.reals + 3 * this.count)
    this.memory.i32.fill(0, this.integers, this.integers + 2 * this.count)
  }

  /** Intervals looked into, arrivals passed and peaks noted since this was asked last. */
  takeCount(): { readonly looks: number; readonly passed: number; readonly notes: number } {
    const { done } = this
    this.done = { looks: 0, passed: 0, notes: 0 }
    return done
  }

  /** Considers the extrema strictly inside the next `d` ms of a membrane's free course, which starts at `time`. */
  passInterval(i: number, membrane: Membrane, time: number, d: number, arrivals: number): void {
    this.done.looks++
    const highest = restOver(membrane, d) + membrane.constants.peakKappa * Math.max(membrane.iExc, 0)
    if (highest < this.value(i)) return
    if (membrane.constants.isInstant) {
      // V is monotone between jumps: its maximum is where the interval begins, or ends.
      membrane.at(0)
      this.consider(i, membrane.v, time, PEAK_AFTER_ARRIVAL, arrivals, membrane.vSlope)
      return
    }
    for (const extremum of extremaOf(membrane)) {
      if (!(extremum < d)) break
      membrane.at(extremum)
      this.consider(i, membrane.vAt, time + extremum, PEAK_INSIDE, arrivals, 0)
    }
  }

  /** Considers the voltage at an arrival, the slope before it and after it; where V has come to the bias, that rounds to 0. */
  passArrival(i: number, v: number, time: number, arrivals: number, before: number, after: number): void {
    this.done.passed++
    if (before >= 0 && !(after > 0)) this.consider(i, v, time, PEAK_ON_ARRIVAL, arrivals, before)
  }

  /** Considers the rest of the trial after the last event, at `time`, its end included. */
  passRest(i: number, membrane: Membrane, time: number, until: number, arrivals: number): void {
    this.passInterval(i, membrane, time, until - time, arrivals)
    if (until === Infinity) return
    membrane.at(until - time)
    this.consider(i, membrane.vAt, until, PEAK_INSIDE, arrivals, 0)
  }

  private consider(i: number, v: number, time: number, kind: number, arrivals: number, slope: number): void {
    if (!(v > this.value(i))) return
    this.done.notes++
    const { f64, i32 } = this.memory
    f64[this.reals + i] = v
    f64[this.reals + this.count + i] = time
    f64[this.reals + 2 * this.count + i] = slope
    i32[this.integers + i] = kind
    i32[this.integers + this.count + i] = arrivals
  }

  value(i: number): number {
    return real(this.memory.f64, this.reals + i)
  }

  time(i: number): number {
    return real(this.memory.f64, this.reals + this.count + i)
  }

  /** V' in 1/ms just before a peak on an arrival, or just after the arrival that a peak follows. */
  slope(i: number): number {
    return real(this.memory.f64, this.reals + 2 * this.count + i)
  }

  kind(i: number): number {
    return integer(this.memory.i32, this.integers + i)
  }

  /** How many arrivals of the neuron come before the peak; a peak on an arrival counts that arrival. */
  arrivals(i: number): number {
    return integer(this.memory.i32, this.integers + this.count + i)
  }
}
