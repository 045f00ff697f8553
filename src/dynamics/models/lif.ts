import type { SpikeTrains } from '../../events/spike-trains.js'
import { nextUp } from '../../numerics/neighbours.js'
import { firstCrossing, isRuledOut, staysBelow } from '../equations/crossing.js'
import type { Membrane } from '../equations/membrane.js'
import { DECAY_EXC, DECAY_INH, decayAdaptation } from '../equations/propagator.js'
import type { TimeConstants } from '../equations/time-constants.js'
import { hasJumped, Jumps } from './jumps.js'
import { integer, type Memory, real } from './memory.js'
import { RUNAWAY } from './neuron-faults.js'
import { type NeuronOptions, Neurons, type StateColumns } from './neurons.js'
import type { PeakTape } from './peak-tape.js'
import { type AllowedSpikes, refuseSpikes } from './spike-limit.js'
import { emitSpikes, type SpikeTape, StepUnits } from './spike-tape.js'

/** Offsets of the per-neuron parameters a LIF group reads. */
export interface LifParameters {
  readonly bias: number
  readonly threshold: number
  readonly adaptStep: number
  readonly vReset: number
  readonly refractory: number
}

/** Which neurons of a group these are, for messages and the spikes they emit. */
export interface GroupPart {
  readonly name: string
  /** Number of the first neuron in the whole group. */
  readonly start: number
  /** Neurons of the whole group. */
  readonly total: number
}

/** Not in a refractory period. */
const FREE = -1

/**
 * Adaptive leaky integrate-and-fire neurons, forward.
 *
 * The own events of a neuron are arrivals, spikes and ends of its refractory period; `settle` runs the ones that are
 * due before `arrive` takes the next arrival. See `LifAdjoint` for the same verbs backward.
 */
export class LifNeurons extends Neurons {
  readonly tape: SpikeTape
  /** Set when the voltage maximum of silent neurons is wanted. */
  readonly peaks: PeakTape | null
  private stopAfterFirst = false
  private allowed: AllowedSpikes = { spikeLimit: Number.POSITIVE_INFINITY, segmented: false, firstTrial: 0 }
  private readonly group: GroupPart
  private readonly at: LifParameters
  private readonly adaptation: number
  /** End of the refractory period, or FREE. */
  private readonly held: number
  /** Time of the next spike if no arrival comes before it; NaN: not worked out yet. */
  private readonly next: number
  private readonly fired: number
  private readonly jumps: Jumps
  /** Last tape record of each (trial, neuron), -1 while silent. */
  private readonly heads: number
  private stepStart = 0
  /** Neurons of the present step's records. */
  private readonly units = new StepUnits()

  constructor(
    memory: Memory,
    constants: readonly TimeConstants[],
    { slots, trials }: { slots: number; trials: number },
    shared: { group: GroupPart; parameters: LifParameters; tape: SpikeTape; peaks: PeakTape | null },
  ) {
    super(memory, constants, { slots, trials }, shared.parameters.bias)
    this.group = shared.group
    this.at = shared.parameters
    this.tape = shared.tape
    this.peaks = shared.peaks
    this.adaptation = memory.reals(this.entries)
    this.held = memory.reals(this.entries)
    this.next = memory.reals(this.entries)
    this.jumps = new Jumps(memory, this.entries)
    this.fired = memory.integers(this.entries)
    this.heads = memory.integers(this.records)
  }

  override reset(slot: number): void {
    super.reset(slot)
    const { f64, i32 } = this.memory
    const [from, to] = [slot * this.size, (slot + 1) * this.size]
    f64.fill(0, this.adaptation + from, this.adaptation + to)
    this.jumps.clear(from, to)
    f64.fill(FREE, this.held + from, this.held + to)
    f64.fill(Number.NaN, this.next + from, this.next + to)
    i32.fill(0, this.fired + from, this.fired + to)
  }

  override begin(options: NeuronOptions): void {
    super.begin(options)
    this.stopAfterFirst = options.stopAfterFirst
    this.allowed = options
    this.tape.clear()
    this.stepStart = 0
    this.memory.i32.fill(-1, this.heads, this.heads + this.records)
  }

  protected override stateRegions(): Readonly<Record<string, number>> {
    return { ...super.stateRegions(), adaptation: this.adaptation, heldUntil: this.held }
  }

  override saveState(): StateColumns {
    const { fired, entries } = this
    return { ...super.saveState(), fired: Float64Array.from(this.memory.i32.subarray(fired, fired + entries)) }
  }

  override restoreState(columns: StateColumns): void {
    super.restoreState(columns)
    columns.fired?.forEach((count, i) => {
      this.memory.i32[this.fired + i] = count
      // Of the spikes themselves nothing is kept: any record of the tape stands for them.
      this.memory.i32[this.heads + i] = count > 0 ? 0 : -1
    })
  }

  override beginStep(tape: 'kept' | 'dropped'): number {
    if (tape === 'dropped') this.tape.clear()
    this.stepStart = this.tape.count
    return this.stepStart
  }

  override get stepCount(): number {
    return this.tape.count - this.stepStart
  }

  override emit(starts: Int32Array): SpikeTrains {
    const { tape, stepStart: firstRecord, units } = this
    return emitSpikes({ tape, unitOf: (k) => units.of(k), firstRecord, firstUnit: this.group.start }, starts)
  }

  /** Last tape record of a (trial, neuron), -1 when it is silent. */
  head(record: number): number {
    return integer(this.memory.i32, this.heads + record)
  }

  /** Spikes of a neuron in a trial, as long as they are kept. */
  spikeCount(record: number): number {
    let count = 0
    for (let entry = this.head(record); entry >= 0; entry = this.tape.previous(entry)) count++
    return count
  }

  override isSilent(record: number): boolean {
    return this.head(record) < 0
  }

  /** Runs every spike and end of a refractory period up to and including time `last`. */
  override settle(i: number, n: number, record: number, last: number): void {
    for (;;) {
      const end = real(this.memory.f64, this.held + i)
      if (end !== FREE) {
        if (!(end <= last)) return
        this.release(i, n, record, end)
      } else {
        const spike = this.nextSpike(i, n, last)
        if (!(spike <= last)) return
        this.pulse.count(1)
        this.fire(i, n, record, spike)
      }
    }
  }

  override arrive(i: number, n: number, record: number, time: number, weight: number): void {
    const { f64 } = this.memory
    const d = time - real(f64, this.last + i)
    const tracked = this.peaks !== null && integer(this.memory.i32, this.heads + record) < 0
    if (d > 0) {
      if (tracked) this.peaks?.passInterval(record, this.load(i, n), time - d, d, this.arrivals(record))
      if (real(f64, this.held + i) === FREE) this.flow(i, n, d)
      else this.decayCurrents(i, n, d)
      this.decayThreshold(i, n, d)
    }
    const before = tracked ? this.slope(i, n) : 0
    const v = real(f64, this.v + i)
    this.jump(i, n, record, time, weight)
    f64[this.next + i] = Number.NaN
    if ((this.constants[n] as TimeConstants).isInstant) {
      this.carry(i, n, d, weight)
      // V just after the arrivals of an instant is looked at with the interval that they begin.
      if (tracked && d > 0) this.peaks?.passArrival(record, v, time, this.arrivals(record), before, 0)
    } else if (tracked)
      this.peaks?.passArrival(record, real(f64, this.v + i), time, this.arrivals(record), before, this.slope(i, n))
  }

  /** A weight has moved V at once, d ms after the event before: not while V is held. */
  private carry(i: number, n: number, d: number, weight: number): void {
    const { f64 } = this.memory
    if (real(f64, this.held + i) !== FREE) f64[this.v + i] = real(f64, this.at.vReset + n)
    else this.jumps.add(i, d, weight)
  }

  /** The rest of the trial of a silent neuron whose maximum is wanted. */
  override finish(i: number, n: number, record: number, until: number): void {
    if (this.peaks === null || this.head(record) >= 0) return
    const last = real(this.memory.f64, this.last + i)
    this.peaks.passRest(record, this.load(i, n), last, until, this.arrivals(record))
  }

  override nextEvent(i: number, n: number): number {
    const end = real(this.memory.f64, this.held + i)
    return end === FREE ? this.nextSpike(i, n, Number.MAX_VALUE) : end
  }

  /** Time of the next spike; only its being later than `last` is exact when it is. */
  private nextSpike(i: number, n: number, last: number): number {
    const { f64 } = this.memory
    const known = real(f64, this.next + i)
    if (!Number.isNaN(known)) return known
    const m = this.load(i, n)
    if (staysBelow(m)) {
      f64[this.next + i] = Infinity
      return Infinity
    }
    const since = real(f64, this.last + i)
    // A crossing up to half an ulp beyond `last` still rounds to it.
    const d = last - since + last * Number.EPSILON
    if (isRuledOut(m, d, this.factors)) return Infinity
    const spike = hasJumped(m) ? nextUp(since) : since + firstCrossing(m, d)
    if (spike !== Infinity || last === Number.MAX_VALUE) f64[this.next + i] = spike
    return spike
  }

  /** V := vReset, A := A + adaptStep, I unchanged; V is then held for the refractory period. */
  private fire(i: number, n: number, record: number, time: number): void {
    this.done.spikes++
    const { f64, i32 } = this.memory
    const d = time - real(f64, this.last + i)
    const { isInstant } = this.constants[n] as TimeConstants
    const carried = isInstant ? this.jumps.of(i, this.load(i, n)) : Number.NaN
    if (d > 0) {
      this.decayCurrents(i, n, d)
      this.decayThreshold(i, n, d)
    }
    const a = real(f64, this.adaptation + i)
    const iExc = real(f64, this.iExc + i)
    const iInh = real(f64, this.iInh + i)
    const refractory = real(f64, this.at.refractory + n)
    f64[this.v + i] = real(f64, this.at.vReset + n)
    f64[this.adaptation + i] = a + real(f64, this.at.adaptStep + n)
    f64[this.last + i] = time
    f64[this.next + i] = Number.NaN
    f64[this.held + i] = this.stopAfterFirst ? Infinity : refractory > 0 ? time + refractory : FREE
    const fired = integer(i32, this.fired + i) + 1
    if (fired > this.allowed.spikeLimit || fired > RUNAWAY) {
      const trial = Math.floor(record / this.size)
      refuseSpikes({ fired, group: this.group, n, trial, time }, this.allowed)
    }
    i32[this.fired + i] = fired
    const entry = this.tape.append(time, iExc, iInh, a, integer(i32, this.heads + record))
    this.tape.setCarried(entry, carried)
    this.jumps.clear(i)
    this.units.note(entry - this.stepStart, n)
    this.memory.i32[this.heads + record] = entry
  }

  /** End of a refractory period: V leaves vReset. */
  private release(i: number, n: number, record: number, time: number): void {
    this.done.ends++
    const { f64 } = this.memory
    const d = time - real(f64, this.last + i)
    if (d > 0) {
      this.decayCurrents(i, n, d)
      this.decayThreshold(i, n, d)
    }
    f64[this.last + i] = time
    f64[this.held + i] = FREE
    this.jumps.clear(i)
    f64[this.next + i] = Number.NaN
    this.tape.setEnd(this.head(record), real(f64, this.iExc + i), real(f64, this.iInh + i))
  }

  private decayCurrents(i: number, n: number, d: number): void {
    this.done.decays++
    const { f64 } = this.memory
    const f = this.factors.get(this.constants[n] as TimeConstants, d)
    f64[this.iExc + i] = real(f64, this.iExc + i) * real(f, DECAY_EXC)
    f64[this.iInh + i] = real(f64, this.iInh + i) * real(f, DECAY_INH)
  }

  private decayThreshold(i: number, n: number, d: number): void {
    const { f64 } = this.memory
    const a = real(f64, this.adaptation + i)
    if (a === 0) return
    this.done.adaptations++
    f64[this.adaptation + i] = a * decayAdaptation(this.constants[n] as TimeConstants, d)
  }

  protected override load(i: number, n: number): Membrane {
    const m = super.load(i, n)
    m.adaptation = real(this.memory.f64, this.adaptation + i)
    m.threshold = real(this.memory.f64, this.at.threshold + n)
    return m
  }
}
