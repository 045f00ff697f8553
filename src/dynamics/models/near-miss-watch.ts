import type { Membrane } from '../equations/membrane.js'
import { decayAdaptation } from '../equations/propagator.js'
import { extremaOf } from '../equations/rolle.js'
import type { NearMiss } from './near-miss.js'
import type { NearMissNotes } from './near-miss-notes.js'

/** A neuron in a trial: its entry in the state at work, and its record among those of all trials. */
export interface WatchedNeuron {
  readonly i: number
  readonly record: number
}

/** V has no maximum that waits for its fall, nor is it followed past a spike. */
const NONE = Number.NaN

/**
 * Watches the voltages of neurons for near misses and for spikes that might not have been, see `birthPush`. It is told of
 * what happens as it happens, and changes nothing of it.
 */
export class NearMissWatch {
  private readonly nearMiss: NearMiss
  private readonly notes: NearMissNotes
  private readonly size: number
  /** The maximum that waits: V, or NONE; its time; how far it is above the threshold. */
  private readonly best: Float64Array
  private readonly bestTime: Float64Array
  private readonly bestZ: Float64Array
  /** V at the end of the interval passed last. */
  private readonly lastV: Float64Array
  /** Past a spike: V without its reset, or NONE; its maximum and how far that is above the threshold. */
  private readonly w: Float64Array
  private readonly top: Float64Array
  private readonly topZ: Float64Array
  /** The spike's time and record on the tape, and A just before it. */
  private readonly spikeTime: Float64Array
  private readonly spikeRecord: Int32Array
  private readonly adaptation: Float64Array

  constructor(
    nearMiss: NearMiss,
    notes: NearMissNotes,
    { slots, size }: { readonly slots: number; readonly size: number },
  ) {
    const reals = () => new Float64Array(slots * size)
    this.nearMiss = nearMiss
    this.notes = notes
    this.size = size
    this.best = reals().fill(NONE)
    this.bestTime = reals()
    this.bestZ = reals()
    this.lastV = reals()
    this.w = reals().fill(NONE)
    this.top = reals()
    this.topZ = reals()
    this.spikeTime = reals()
    this.spikeRecord = new Int32Array(slots * size)
    this.adaptation = reals()
  }

  /** Puts a slot at rest. */
  reset(slot: number): void {
    const [from, to] = [slot * this.size, (slot + 1) * this.size]
    this.best.fill(NONE, from, to)
    this.w.fill(NONE, from, to)
  }

  /**
   * The free course of a membrane over `d` ms from `since`, without its end.
   *
   * @param isHeld in a refractory period
   */
  pass(at: WatchedNeuron, membrane: Membrane, since: number, d: number, isHeld: boolean): void {
    const { i } = at
    const a = membrane.adaptation
    // So that extrema are those of V.
    membrane.adaptation = 0
    if (!isHeld && (this.waits(i) || this.comesNear(membrane))) this.passV(at, membrane, a, since, d)
    if (!Number.isNaN(this.w[i])) this.passW(at, membrane, since, d)
  }

  /** An arrival, with V and theta at it and V' before and after. */
  arrive({ i }: WatchedNeuron, time: number, v: number, theta: number, before: number, after: number): void {
    if (before > 0 && !(after > 0)) this.consider(i, v, time, theta)
  }

  /** An own spike, with theta and A just before it. */
  spike(at: WatchedNeuron, time: number, spikeRecord: number, theta: number, adaptation: number): void {
    const { i } = at
    this.end(at, NONE)
    if (this.nearMiss.dying !== true || time === 0) return
    this.w[i] = this.top[i] = theta
    this.topZ[i] = 0
    this.spikeTime[i] = time
    this.spikeRecord[i] = spikeRecord
    this.adaptation[i] = adaptation
  }

  /** The end of a trial, after its last interval. */
  finish(at: WatchedNeuron): void {
    this.end(at, this.lastV[at.i] as number)
  }

  /** @param v what V has come to; NONE: above all that waits */
  private end({ i, record }: WatchedNeuron, v: number): void {
    if (this.waits(i) && v <= (this.best[i] as number)) this.count(i, record)
    this.best[i] = NONE
    if (!Number.isNaN(this.w[i])) this.die(i, record)
  }

  private waits(i: number): boolean {
    return !Number.isNaN(this.best[i])
  }

  /** Whether V may come nearer to the threshold than `below`. */
  private comesNear(m: Membrane): boolean {
    const most = Math.max(m.v, m.bias) + m.constants.peakKappa * Math.max(m.iExc, 0)
    return most > m.threshold - this.nearMiss.below
  }

  private passV({ i, record }: WatchedNeuron, m: Membrane, a: number, since: number, d: number): void {
    let before = m.v
    for (const extremum of extremaOf(m)) {
      if (!(extremum < d)) break
      m.at(extremum)
      const v = m.vAt
      const isMaximum = v > before
      before = v
      if (!isMaximum) this.fall(i, record, v)
      else this.consider(i, v, since + extremum, m.threshold + a * decayAdaptation(m.constants, extremum))
    }
    m.at(d)
    this.lastV[i] = m.vAt
    this.fall(i, record, m.vAt)
  }

  /** A local maximum of V. */
  private consider(i: number, v: number, time: number, theta: number): void {
    if (v < (this.best[i] as number)) return
    const z = v - theta
    this.best[i] = z > -this.nearMiss.below ? v : NONE
    this.bestTime[i] = time
    this.bestZ[i] = z
  }

  private fall(i: number, record: number, v: number): void {
    if (v <= (this.best[i] as number) - this.nearMiss.fall) this.count(i, record)
  }

  private count(i: number, record: number): void {
    this.notes.miss(record, this.bestTime[i] as number, this.bestZ[i] as number)
    this.best[i] = NONE
  }

  private passW({ i, record }: WatchedNeuron, m: Membrane, since: number, d: number): void {
    m.v = this.w[i] as number
    for (const extremum of extremaOf(m)) {
      if (!(extremum < d)) break
      if (this.isDecided(i, record, m, since, extremum)) return
    }
    if (!this.isDecided(i, record, m, since, d)) this.w[i] = m.vAt
  }

  /** Goes on to D; true where V has gone too far above the threshold, or has fallen from its maximum. */
  private isDecided(i: number, record: number, m: Membrane, since: number, d: number): boolean {
    const { below, fall } = this.nearMiss
    m.at(d)
    const v = m.vAt
    if (v > (this.top[i] as number)) {
      const after = since + d - (this.spikeTime[i] as number)
      const theta = m.threshold + (this.adaptation[i] as number) * decayAdaptation(m.constants, after)
      this.top[i] = v
      this.topZ[i] = v - theta
      if (v - theta >= below) this.w[i] = NONE
    } else if (v <= (this.top[i] as number) - fall) this.die(i, record)
    return Number.isNaN(this.w[i])
  }

  private die(i: number, record: number): void {
    const [spike, time, z] = [this.spikeRecord[i] as number, this.spikeTime[i] as number, this.topZ[i] as number]
    this.notes.dying(record, spike, time, z)
    this.w[i] = NONE
  }
}
