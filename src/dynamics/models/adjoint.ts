import { FactorCache } from '../equations/factor-cache.js'
import { DECAY_EXC, DECAY_INH, DECAY_MEM, DECAY_MEM_M1, KAPPA_EXC, KAPPA_INH } from '../equations/propagator.js'
import type { TimeConstants } from '../equations/time-constants.js'
import type { TauOffsets } from '../parameters/parameter-layout.js'
import { Pulse } from '../pulse.js'
import { VerbCount } from '../traffic/memory-traffic.js'
import { integer, type Memory, real } from './memory.js'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL, type PeakTape } from './peak-tape.js'
import type { RateBand } from './rate-band.js'
import type { TauAdjoint } from './tau-adjoint.js'

/**
 * What to do with a spike whose crossing has no slope, so that its time has no derivative: refuse the gradient, or leave
 * the spike out of it, which is counted as grazing. A gradient beyond the range of a double at a crossing that does not
 * graze is refused anyhow.
 */
export type UndefinedSlope = 'refuse' | 'ignore'

/** What the backward pass of a run starts from. */
export interface AdjointOptions {
  /** dL/d(max V) per (trial, neuron), where a loss looks at maxima. */
  readonly peakGradients: Float64Array | null
  readonly undefinedSlope: UndefinedSlope
  readonly rateBand?: RateBand | undefined
  readonly pulse: Pulse
}

/** Offsets of a gradient vector's parts for one slot: where contributions of one trial are summed. */
export interface GradientOffsets extends TauOffsets {
  readonly weights: number
  readonly delays: number
  readonly shared: number
  readonly bias: number
  readonly threshold: number
  readonly adaptStep: number
}

/**
 * The adjoint state of neurons, carried backward: p = dL/d(V, I), one pI per current.
 *
 * Between events, over D:   pI := e^{-D/tauSyn} pI + kappa(D) pV      dL/dbias += pV (1 - e^{-D/tauMem})
 *                           pV := e^{-D/tauMem} pV
 *
 * Without a leak: dL/dbias += pV D/ms, pV as it is.
 *
 * The verbs are those of `LifAdjoint`; what a neuron without a threshold has no use for does nothing here.
 */
export class Adjoint {
  readonly size: number
  protected readonly memory: Memory
  protected readonly constants: readonly TimeConstants[]
  protected readonly pV: number
  protected readonly pExc: number
  protected readonly pInh: number
  /** The time the adjoint state belongs to. */
  protected readonly now: number
  /** Arrivals of the neuron that are not yet processed backward. */
  protected readonly left: number
  /** Results of the last `arrive`. */
  dWeight = 0
  event = 0
  /** Grazing crossings met so far in a run. */
  grazing = 0
  protected peakGradients: Float64Array | null = null
  protected pulse = new Pulse()
  protected done = new VerbCount()
  private readonly peaks: PeakTape | null
  private readonly factors = new FactorCache()
  /** Null unless the gradient by the time constants is wanted. */
  protected readonly taus: TauAdjoint | null

  constructor(
    memory: Memory,
    constants: readonly TimeConstants[],
    slots: number,
    peaks: PeakTape | null,
    taus: TauAdjoint | null = null,
  ) {
    this.taus = taus
    this.memory = memory
    this.constants = constants
    this.size = constants.length
    this.peaks = peaks
    const entries = slots * this.size
    this.pV = memory.reals(entries)
    this.pExc = memory.reals(entries)
    this.pInh = memory.reals(entries)
    this.now = memory.reals(entries)
    this.left = memory.integers(entries)
  }

  /** Starts the backward pass of a run. */
  begin({ peakGradients, pulse }: AdjointOptions): void {
    this.peakGradients = peakGradients
    this.pulse = pulse
    this.grazing = 0
  }

  /** How often what was done since this was asked last. */
  takeCount(): VerbCount {
    const { done } = this
    this.done = new VerbCount()
    return done
  }

  /** Starts to undo a step; `deltas` has what came back for each spike it emitted, in order. */
  beginStep(_deltas: Float64Array): void {}

  /** Puts a slot at the end of `trial`. */
  reset(slot: number, _trial: number): void {
    this.done.resets += this.size
    const [from, to] = [slot * this.size, (slot + 1) * this.size]
    for (const region of [this.pV, this.pExc, this.pInh, this.now]) this.memory.f64.fill(0, region + from, region + to)
    this.taus?.reset(from, to)
  }

  /** Undoes every own event of a neuron later than `time`. */
  settle(_i: number, _n: number, _time: number, _g: GradientOffsets): void {}

  /** Undoes the own events that belong to tape records from `first` on: the rest of the present step. */
  settleStep(_i: number, _n: number, _first: number, _g: GradientOffsets): void {}

  setArrivals(i: number, count: number): void {
    this.memory.i32[this.left + i] = count
  }

  /** Nothing that happens at or before the present time can change the loss any more. */
  isZero(i: number): boolean {
    const { f64 } = this.memory
    if (real(f64, this.pV + i) !== 0 || real(f64, this.pExc + i) !== 0 || real(f64, this.pInh + i) !== 0) return false
    return this.taus === null || this.taus.isZero(i)
  }

  /** Carries the adjoint state back to `time`. */
  flow(i: number, n: number, time: number, g: GradientOffsets): void {
    const { f64 } = this.memory
    const d = real(f64, this.now + i) - time
    f64[this.now + i] = time
    if (!(d > 0)) return
    this.done.flows++
    const f = this.factors.get(this.constants[n] as TimeConstants, d)
    const p = real(f64, this.pV + i)
    this.taus?.flow(i, n, d, f, { pV: p, pExc: real(f64, this.pExc + i), pInh: real(f64, this.pInh + i) })
    f64[this.pExc + i] = real(f, DECAY_EXC) * real(f64, this.pExc + i) + real(f, KAPPA_EXC) * p
    f64[this.pInh + i] = real(f, DECAY_INH) * real(f64, this.pInh + i) + real(f, KAPPA_INH) * p
    f64[g.bias + n] = real(f64, g.bias + n) - p * real(f, DECAY_MEM_M1)
    f64[this.pV + i] = real(f, DECAY_MEM) * p
  }

  /**
   * An arrival: leaves dL/dw in `dWeight` and the gradient event in `event`.
   *
   * A maximum right after the arrival joins p before the arrival is processed backward. One that sits on the arrival
   * belongs just before it: the arrival comes first, then q joins pV, and q V'(t-) the gradient event. One to which the arrival
   * has moved V moves along with it: q V'(t+) joins the gradient event.
   */
  arrive(i: number, n: number, record: number, time: number, weight: number, g: GradientOffsets): void {
    this.done.arrivals++
    const number = integer(this.memory.i32, this.left + i)
    this.memory.i32[this.left + i] = number - 1
    const q = this.peakGradients === null ? 0 : real(this.peakGradients, record)
    const peaks = q === 0 ? null : this.peaks
    const here = peaks !== null && peaks.arrivals(record) === number
    const onArrival = here && peaks.kind(record) === PEAK_ON_ARRIVAL
    if (here && !onArrival) this.addPeak(i, peaks.time(record), q)
    this.dWeight = 0
    this.event = 0
    if (!this.isZero(i)) {
      this.flow(i, n, time, g)
      this.transmit(i, n, weight)
      this.taus?.arrive(i, n, weight, g)
    }
    if (onArrival) this.addPeak(i, time, q)
    if (here && peaks.kind(record) !== PEAK_INSIDE) this.event += q * peaks.slope(record)
  }

  /** The first interval of the trial, before any event, where only the bias acts. */
  finish(i: number, n: number, record: number, g: GradientOffsets): void {
    const q = this.peakGradients === null ? 0 : real(this.peakGradients, record)
    if (q !== 0 && this.peaks?.arrivals(record) === 0) this.addPeak(i, this.peaks.time(record), q)
    this.flow(i, n, 0, g)
    this.taus?.start(i, n, 0, g)
  }

  /**
   * dL/dw = pI;   dL/d(arrival time) = w (pI / tauSyn - pV / tauMem), over 1 ms in place of tauMem without a leak.
   *
   * Where V jumps: dL/dw = pV;   dL/d(arrival time) = w pV / tauMem, 0 without a leak.
   */
  private transmit(i: number, n: number, weight: number): void {
    const { f64 } = this.memory
    const c = this.constants[n] as TimeConstants
    const pV = real(f64, this.pV + i)
    if (c.isInstant) {
      this.dWeight = pV
      this.event = (weight * pV * c.leak) / c.tauDrive
      return
    }
    const excitatory = weight >= 0 || !c.split
    const p = real(f64, (excitatory ? this.pExc : this.pInh) + i)
    this.dWeight = p
    this.event = weight * (p / (excitatory ? c.exc : c.inh).tauSyn - pV / c.tauDrive)
  }

  /** A loss on the voltage at `time`: pV := pV + q. */
  private addPeak(i: number, time: number, q: number): void {
    const { f64 } = this.memory
    f64[this.pV + i] = real(f64, this.pV + i) + q
    f64[this.now + i] = time
  }
}
