import type { LifValues } from '../../network/models/lif.js'
import { exp } from '../../numerics/exp.js'
import { nextDown } from '../../numerics/neighbours.js'
import type { TimeConstants } from '../equations/time-constants.js'
import { GRAZING } from '../equations/tolerances.js'
import { hasTwoCurrents, holds } from '../parameters/group-traits.js'
import { Adjoint, type AdjointOptions, type GradientOffsets, type UndefinedSlope } from './adjoint.js'
import { type GroupPart, LifNeurons, type LifParameters } from './lif.js'
import { integer, type Memory, real } from './memory.js'
import { undefinedShift } from './neuron-faults.js'
import { type LayOutNeurons, tauAdjointAt } from './neuron-run.js'
import { PeakTape } from './peak-tape.js'
import { type RateBand, rateGradient } from './rate-band.js'
import { SpikeTape } from './spike-tape.js'
import type { TauAdjoint } from './tau-adjoint.js'

/**
 * Adaptive leaky integrate-and-fire neurons, backward: one number per spike comes in, one goes out per arrival.
 *
 * The verbs mirror `LifNeurons`: `settle` undoes the spikes and ends of refractory periods later than an instant.
 */
class LifAdjoint extends Adjoint {
  /** Gradient events and explicit terms, summed, per place in the emitted batch of the present step. */
  private deltas: Float64Array = new Float64Array(0)
  private undefinedSlope: UndefinedSlope = 'refuse'
  private readonly group: GroupPart
  private readonly neurons: LifNeurons
  private readonly at: LifParameters
  private readonly pAdapt: number
  private readonly pAdaptNow: number
  /** dL/d(end of the refractory period) of the spike next in line, once that end is processed. */
  private readonly atEnd: number
  private readonly ended: number
  private readonly next: number
  /** What the rate band takes from r at every spike of the trial. */
  private readonly push: number
  private rateBand: RateBand | undefined
  /** Where V jumps: the instant of the arrivals that have brought about the spike undone last, and its share per weight. */
  private readonly jumpAt: number
  private readonly jumpShare: number

  constructor(
    memory: Memory,
    constants: readonly TimeConstants[],
    slots: number,
    shared: { group: GroupPart; parameters: LifParameters; neurons: LifNeurons; taus: TauAdjoint | null },
  ) {
    super(memory, constants, slots, shared.neurons.peaks, shared.taus)
    this.group = shared.group
    this.neurons = shared.neurons
    this.at = shared.parameters
    const entries = slots * this.size
    this.pAdapt = memory.reals(entries)
    this.pAdaptNow = memory.reals(entries)
    this.atEnd = memory.reals(entries)
    this.ended = memory.integers(entries)
    this.next = memory.integers(entries)
    this.push = memory.reals(entries)
    this.jumpAt = memory.reals(entries)
    this.jumpShare = memory.reals(entries)
  }

  override begin(options: AdjointOptions): void {
    super.begin(options)
    this.undefinedSlope = options.undefinedSlope
    this.rateBand = options.rateBand
  }

  override beginStep(deltas: Float64Array): void {
    this.deltas = deltas
  }

  override reset(slot: number, trial: number): void {
    super.reset(slot, trial)
    const { f64, i32 } = this.memory
    const [from, to] = [slot * this.size, (slot + 1) * this.size]
    for (const region of [this.pAdapt, this.pAdaptNow, this.atEnd, this.jumpShare])
      f64.fill(0, region + from, region + to)
    i32.fill(0, this.ended + from, this.ended + to)
    for (let n = 0; n < this.size; n++) i32[this.next + from + n] = this.neurons.head(trial * this.size + n)
    if (this.rateBand === undefined) return
    for (let n = 0; n < this.size; n++)
      f64[this.push + from + n] = rateGradient(this.rateBand, this.neurons.spikeCount(trial * this.size + n))
  }

  override settle(i: number, n: number, time: number, g: GradientOffsets): void {
    for (;;) {
      const record = integer(this.memory.i32, this.next + i)
      if (record < 0 || !(this.dueOf(i, n, record) > time)) return
      this.undo(i, n, record, this.neurons.tape.time(record), g)
    }
  }

  /** When the end of the refractory period of a spike is, or when the spike itself, whichever is next in line. */
  private dueOf(i: number, n: number, record: number): number {
    const spike = this.neurons.tape.time(record)
    return this.endIsDue(i, n, record) ? spike + real(this.memory.f64, this.at.refractory + n) : spike
  }

  override settleStep(i: number, n: number, first: number, g: GradientOffsets): void {
    for (;;) {
      const record = integer(this.memory.i32, this.next + i)
      if (record < first || record < 0) return
      this.undo(i, n, record, this.neurons.tape.time(record), g)
    }
  }

  override arrive(i: number, n: number, record: number, time: number, weight: number, g: GradientOffsets): void {
    super.arrive(i, n, record, time, weight, g)
    const { f64 } = this.memory
    const share = real(f64, this.jumpShare + i)
    if (share === 0 || !(weight > 0)) return
    if (time === real(f64, this.jumpAt + i)) this.event += weight * share
    else f64[this.jumpShare + i] = 0
  }

  override finish(i: number, n: number, record: number, g: GradientOffsets): void {
    const q = this.peakGradients === null ? 0 : real(this.peakGradients, record)
    // The hinge strength · (threshold - vMax): q = -strength on vMax, +strength on the threshold.
    if (q !== 0) this.memory.f64[g.threshold + n] = real(this.memory.f64, g.threshold + n) - q
    super.finish(i, n, record, g)
  }

  private undo(i: number, n: number, record: number, spike: number, g: GradientOffsets): void {
    this.pulse.count(1)
    if (this.endIsDue(i, n, record))
      this.release(i, n, record, spike + real(this.memory.f64, this.at.refractory + n), g)
    else this.fire(i, n, record, spike, g)
  }

  private endIsDue(i: number, n: number, record: number): boolean {
    if (integer(this.memory.i32, this.ended + i) !== 0) return false
    if (!(real(this.memory.f64, this.at.refractory + n) > 0)) return false
    return !Number.isNaN(this.neurons.tape.endCurrent(record))
  }

  /** End of a refractory period: cRef = -pV (I + bias - vReset) / tauMem;   pV := 0. */
  private release(i: number, n: number, record: number, end: number, g: GradientOffsets): void {
    this.done.ends++
    this.flow(i, n, end, g)
    const { f64, i32 } = this.memory
    f64[this.atEnd + i] = this.restart(i, n, this.neurons.tape.endCurrent(record))
    this.taus?.start(i, n, real(f64, this.at.vReset + n), g)
    f64[this.pV + i] = 0
    i32[this.ended + i] = 1
  }

  /** dL/d(instant at which V leaves vReset) under a current. */
  private restart(i: number, n: number, current: number): number {
    const { f64 } = this.memory
    const { leak, tauDrive } = this.constants[n] as TimeConstants
    const rise = current + real(f64, this.at.bias + n) - leak * real(f64, this.at.vReset + n)
    return (-real(f64, this.pV + i) * rise) / tauDrive
  }

  /**
   * Own spike: c = delta + cRef + pA adaptStep / tauAdapt;   r = c / gdot;   dL/dthreshold += r;
   * dL/dadaptStep += pA;   pA := pA + r;   pV := -r.
   *
   * A spike by a jump of V moves with the arrivals that have carried V over: r = 0, and c goes to them by their positive weights.
   */
  private fire(i: number, n: number, record: number, time: number, g: GradientOffsets): void {
    this.done.spikes++
    this.flow(i, n, time, g)
    const { f64, i32 } = this.memory
    const { tape } = this.neurons
    const c = this.constants[n] as TimeConstants
    const current = tape.current(record)
    const pA = this.flowAdaptation(i, time, c)
    const cRef = real(f64, this.at.refractory + n) > 0 ? real(f64, this.atEnd + i) : this.restart(i, n, current)
    const delta = real(this.deltas, tape.place(record))
    this.taus?.start(i, n, real(f64, this.at.vReset + n), g)
    this.taus?.raise(i, n, real(f64, this.at.adaptStep + n), g)
    const total = delta + cRef + (pA * real(f64, this.at.adaptStep + n)) / c.tauAdapt
    const carried = tape.carried(record)
    const hasJumped = !Number.isNaN(carried)
    if (carried > 0) {
      f64[this.jumpAt + i] = nextDown(time)
      f64[this.jumpShare + i] = total / carried
    }
    const exact = total === 0 || hasJumped ? 0 : this.shift(n, record, time, total, current)
    const r = this.rateBand === undefined ? exact : exact - real(f64, this.push + i)
    f64[g.adaptStep + n] = real(f64, g.adaptStep + n) + pA
    f64[g.threshold + n] = real(f64, g.threshold + n) + r
    f64[this.pAdapt + i] = pA + r
    f64[this.pV + i] = -r
    f64[this.atEnd + i] = 0
    i32[this.ended + i] = 0
    i32[this.next + i] = tape.previous(record)
  }

  /**
   * r = c / gdot with gdot = (I + bias - theta) / tauMem + A / tauAdapt, the slope of V - theta at the crossing; without a leak
   * (I + bias) / ms + A / tauAdapt.
   */
  private shift(n: number, record: number, time: number, total: number, current: number): number {
    // A spike at the very start of a trial (threshold <= 0) is no crossing: nothing moves it.
    if (time === 0) return 0
    const { f64 } = this.memory
    const c = this.constants[n] as TimeConstants
    const a = this.neurons.tape.adaptation(record)
    const theta = real(f64, this.at.threshold + n) + a
    const slope = (current + real(f64, this.at.bias + n) - c.leak * theta) / c.tauDrive + a / c.tauAdapt
    const grazes = slope * c.tauDrive < GRAZING * Math.abs(theta)
    if (grazes) this.grazing++
    const r = total / slope
    if (slope > 0 && Number.isFinite(r)) return r
    // What is left out has been counted.
    if (this.undefinedSlope === 'ignore' && (grazes || slope <= 0)) return 0
    throw undefinedShift({ group: this.group.name, unit: this.group.start + n, time }, slope)
  }

  private flowAdaptation(i: number, time: number, c: TimeConstants): number {
    const { f64 } = this.memory
    const p = real(f64, this.pAdapt + i)
    const d = real(f64, this.pAdaptNow + i) - time
    f64[this.pAdaptNow + i] = time
    if (p === 0 && (this.taus === null || this.taus.isUnadapted(i))) return 0
    const decay = exp(-d / c.tauAdapt)
    this.taus?.flowAdaptation(i, d, c.tauAdapt, decay, p)
    return p === 0 ? 0 : p * decay
  }
}

export const layOutLif: LayOutNeurons<LifValues> = (values, place) => {
  const { memory, constants, shape, layout, parameters } = place
  const { name, start, size, total, vReset, refractory } = values
  const at = {
    bias: parameters + layout.bias,
    threshold: parameters + layout.threshold,
    adaptStep: parameters + layout.adaptStep,
    vReset: memory.reals(size),
    refractory: memory.reals(size),
  }
  const peaks = shape.trackSilent ? new PeakTape(memory, shape.trials * size) : null
  const tape = new SpikeTape(memory, {
    split: hasTwoCurrents(values),
    refractory: holds(values),
    jumps: constants.some(({ isInstant }) => isInstant),
  })
  const group = { name, start, total }
  const neurons = new LifNeurons(memory, constants, shape, { group, parameters: at, tape, peaks })
  const shared = { group, parameters: at, neurons, taus: tauAdjointAt(place, at.bias) }
  const adjoint = new LifAdjoint(memory, constants, shape.slots, shared)
  return {
    ...{ neurons, adjoint, peaks },
    begin(end) {
      tape.begin(end)
      memory.f64.set(vReset, at.vReset)
      memory.f64.set(refractory, at.refractory)
    },
  }
}
