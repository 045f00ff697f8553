import { cells } from './cells.js'
import { Course } from './course.js'
import { exact, Real, ZERO } from './decimal.js'
import { DecimalMembrane, type MembraneParameters, type MembraneState } from './decimal-membrane.js'
import { firstCrossing, type NearMiss, peakOf } from './first-crossing.js'

/** One LIF neuron; times in ms. */
export interface NeuronParameters extends MembraneParameters {
  readonly vReset: number
  readonly refractory: number
  readonly adaptStep: number
}

export interface Arrival {
  /** A double, taken exactly, or a decimal. */
  readonly time: number | Real
  readonly weight: number
}

export interface DecimalSpike {
  readonly time: Real
  /** d/dt (V - theta) just before the jump. */
  readonly slope: Real
  /** threshold + A just before the jump. */
  readonly theta: Real
}

export interface NeuronRun {
  readonly spikes: readonly DecimalSpike[]
  /** See `DecimalNeuron.peakMargin`. */
  readonly peakMargin: number
}

/** A spike that will happen unless an arrival comes first. */
export interface DueSpike extends DecimalSpike {
  readonly state: MembraneState
}

/** Turning points of V - theta at one event: what an arrival there can turn into a local maximum. */
interface Corner {
  readonly height: number
  slope: number
}

/** Maxima farther from theta than this share of threshold - vReset are not near misses. */
const NEAR = 1e-3
/** A trajectory followed beyond its spike for longer than this many time constants has no maximum. */
const LONG = 60

/** One LIF neuron in decimal arithmetic, moved on event by event: slow, complete, and true to 1e-35 ms. */
export class DecimalNeuron {
  /**
   * The smallest |V - theta| over the local maxima that only just failed to be a spike, or only just made one (the
   * maximum the voltage would have reached without the reset). Infinity if none is nearer than 1e-3 (threshold -
   * vReset). To double precision unless below that.
   */
  peakMargin = Number.POSITIVE_INFINITY

  private readonly membrane: DecimalMembrane
  private readonly near: number
  private now = ZERO
  private state: MembraneState = { v: ZERO, exc: ZERO, inh: ZERO, adaptation: ZERO }
  /** End of the refractory period. */
  private heldUntil = ZERO
  private misses: readonly { readonly time: Real; readonly margin: number }[] = []
  /** The last spike's state without its jump, until the next event. */
  private unreset: { readonly time: Real; readonly state: MembraneState } | null = null
  private corners: Corner[] = []
  readonly parameters: NeuronParameters

  constructor(parameters: NeuronParameters) {
    this.parameters = parameters
    this.membrane = new DecimalMembrane(parameters)
    this.near = NEAR * (parameters.threshold - parameters.vReset)
  }

  /** Just after the last event. */
  get current(): MembraneState {
    return this.state
  }

  /** The next spike at or before the horizon, if nothing arrives before it. Changes nothing but what is remembered. */
  nextSpike(horizon: Real): DueSpike | null {
    this.misses = []
    const begin = Real.max(this.now, this.heldUntil)
    if (begin.gt(horizon)) return null
    const start = this.stateAt(begin)
    if (!this.membrane.excess(start).isNegative()) return this.due(begin, start)
    // Rounded up: a crossing in the sliver counts, one beyond the horizon is sorted out below.
    const length = horizon.minus(begin).toNumber() * (1 + 2 * Number.EPSILON)
    const search = firstCrossing(this.parameters, this.membrane, start, { length, near: this.near })
    this.misses = search.misses.map(({ after, margin }: NearMiss) => ({ time: begin.plus(after), margin }))
    if (search.crossing === null) return null
    const time = begin.plus(search.crossing.after)
    return time.gt(horizon) ? null : this.due(time, search.crossing.state)
  }

  spike({ time, state }: DueSpike): void {
    this.leave(time)
    const { adaptStep, vReset, refractory } = this.parameters
    this.unreset = { time, state }
    this.now = time
    this.heldUntil = refractory === 0 ? time : time.plus(exact(refractory))
    this.state = { ...state, v: exact(vReset), adaptation: state.adaptation.plus(exact(adaptStep)) }
  }

  /** A spike at a time somebody else found, a little beside the true one: what follows then has the same past as there. */
  spikeAt(time: Real): void {
    this.spike({ ...this.due(time, this.stateAt(time)) })
  }

  arrive(time: Real, weight: number): void {
    if (time.gt(this.now) || this.unreset !== null) {
      const held = this.heldUntil.gt(time)
      const state = this.stateAt(time)
      this.leave(time)
      this.state = state
      this.now = time
      if (!held) this.corners.push(this.corner(state))
    } else if (this.corners.length === 0 && !this.heldUntil.gt(time)) {
      this.corners.push(this.corner(this.state))
    }
    for (const corner of this.corners) this.turn(corner, corner.slope + weight / this.parameters.tauMem)
    const added = exact(weight)
    const { exc, inh } = this.state
    this.state = weight < 0 ? { ...this.state, inh: inh.plus(added) } : { ...this.state, exc: exc.plus(added) }
  }

  /** The trial ends: a maximum there counts as one. */
  finish(until: Real): void {
    const open = until.isFinite() && !this.heldUntil.gt(until)
    const last = open ? this.corner(this.stateAt(until)) : null
    this.leave(until)
    for (const corner of last === null ? this.corners : [...this.corners, last]) this.turn(corner, -Infinity)
  }

  private turn(corner: Corner, slope: number): void {
    if (corner.slope >= 0 && slope < 0) this.note(Math.abs(corner.height))
    corner.slope = slope
  }

  /** Settles what the time up to the next event held. */
  private leave(time: Real): void {
    for (const miss of this.misses) if (miss.time.lte(time)) this.note(miss.margin)
    this.misses = []
    this.corners = []
    if (this.unreset === null) return
    this.followOn(this.unreset.state, time.minus(this.unreset.time).toNumber())
    this.unreset = null
  }

  /** The maximum after a spike, had there been no reset. */
  private followOn(state: MembraneState, length: number): void {
    const course = new Course(this.parameters, state, this.membrane)
    const { tauMem, tauSynExc, tauSynInh, tauAdapt } = this.parameters
    const end = Math.min(length, LONG * Math.max(tauMem, tauSynExc, tauSynInh, tauAdapt))
    for (const { kind, from, to } of cells(course, end, () => Number.NEGATIVE_INFINITY)) {
      if (kind === 'peak') this.note(Math.abs(peakOf(course, from, to).f))
      if (kind === 'peak' || to.f > this.near) return
    }
    if (end < length) return
    const { f: height, f1: slope } = course.at(end)
    this.corners.push({ height, slope })
  }

  private note(margin: number): void {
    if (margin < this.near) this.peakMargin = Math.min(this.peakMargin, margin)
  }

  private corner(state: MembraneState): Corner {
    const { f, f1 } = this.membrane.jet(state)
    return { height: f.toNumber(), slope: f1.toNumber() }
  }

  private due(time: Real, state: MembraneState): DueSpike {
    const slope = this.membrane.jet(state).f1
    return { time, slope, theta: this.membrane.threshold.plus(state.adaptation), state }
  }

  /** V is held at vReset until the end of the refractory period. */
  private stateAt(time: Real): MembraneState {
    if (!this.heldUntil.gt(this.now)) return this.membrane.flow(this.state, time.minus(this.now))
    const { v } = this.state
    const held = { ...this.membrane.flow(this.state, Real.min(time, this.heldUntil).minus(this.now)), v }
    return time.gt(this.heldUntil) ? this.membrane.flow(held, time.minus(this.heldUntil)) : held
  }
}

export interface RunOptions {
  /** More spikes than this are an error; default 10 000. */
  readonly mostSpikes?: number
}

/**
 * The spikes of one LIF neuron in [0, until), and how nearly it missed one or made one.
 *
 * An own spike at exactly the time of an arrival comes first; the end of a refractory period before both.
 *
 * @param arrivals in event order; weight >= 0 is excitatory
 */
export function simulateNeuron(
  parameters: NeuronParameters,
  arrivals: readonly Arrival[],
  until: number,
  { mostSpikes = 10_000 }: RunOptions = {},
): NeuronRun {
  const neuron = new DecimalNeuron(parameters)
  const end = exact(until)
  const spikes: DecimalSpike[] = []
  const runTo = (horizon: Real) => {
    for (let due = neuron.nextSpike(horizon); due?.time.lt(end); due = neuron.nextSpike(horizon)) {
      spikes.push({ time: due.time, slope: due.slope, theta: due.theta })
      if (spikes.length > mostSpikes) throw new RangeError(`more than ${mostSpikes} spikes`)
      neuron.spike(due)
    }
  }
  for (const { time, weight } of arrivals) {
    const at = exact(time)
    if (at.gte(end)) break
    runTo(at)
    neuron.arrive(at, weight)
  }
  runTo(end)
  neuron.finish(end)
  return { spikes, peakMargin: neuron.peakMargin }
}
