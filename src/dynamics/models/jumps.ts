import type { Membrane } from '../equations/membrane.js'
import { type Memory, real } from './memory.js'

/** What has carried V of neurons without a current: the sum of the positive weights of the instant of their last own event. */
export class Jumps {
  private readonly memory: Memory
  private readonly carried: number

  constructor(memory: Memory, entries: number) {
    this.memory = memory
    this.carried = memory.reals(entries)
  }

  clear(from: number, to = from + 1): void {
    this.memory.f64.fill(0, this.carried + from, this.carried + to)
  }

  /** A weight has arrived d ms after the event before. */
  add(i: number, d: number, weight: number): void {
    const { f64 } = this.memory
    f64[this.carried + i] = (d > 0 ? 0 : real(f64, this.carried + i)) + Math.max(weight, 0)
  }

  /** What has carried a membrane over its threshold; NaN: no jump did. */
  of(i: number, m: Membrane): number {
    return hasJumped(m) ? real(this.memory.f64, this.carried + i) : Number.NaN
  }
}

/**
 * Whether V is at its threshold right after the last event, which only a jump brings about: then the neuron fires at the next
 * double, once all arrivals of the instant are in. A spike at an instant comes before what arrives then.
 */
export function hasJumped(m: Membrane): boolean {
  if (!m.constants.isInstant) return false
  m.at(0)
  return m.excess >= 0
}
