import type { LiValues } from '../../network/models/li.js'
import { IntegralResponse, type IntegralWeighting } from '../equations/integral-response.js'
import type { TimeConstants } from '../equations/time-constants.js'
import { Adjoint, type GradientOffsets } from './adjoint.js'
import { type Memory, real } from './memory.js'
import { type LayOutNeurons, tauAdjointAt } from './neuron-run.js'
import { type NeuronOptions, Neurons } from './neurons.js'
import { PeakTape } from './peak-tape.js'

/**
 * Leaky integrators, forward: tauMem V' = -V + I + bias without a threshold; the observable is max V over the trial.
 */
class LiNeurons extends Neurons {
  readonly peaks: PeakTape

  constructor(
    memory: Memory,
    constants: readonly TimeConstants[],
    residence: { slots: number; trials: number },
    shared: { bias: number; peaks: PeakTape },
  ) {
    super(memory, constants, residence, shared.bias)
    this.peaks = shared.peaks
  }

  override arrive(i: number, n: number, record: number, time: number, weight: number): void {
    const { f64 } = this.memory
    const last = real(f64, this.last + i)
    if (time > last) {
      this.peaks.passInterval(record, this.load(i, n), last, time - last, this.arrivals(record))
      this.flow(i, n, time - last)
    }
    const before = this.slope(i, n)
    this.jump(i, n, record, time, weight)
    this.peaks.passArrival(record, real(f64, this.v + i), time, this.arrivals(record), before, this.slope(i, n))
  }

  override finish(i: number, n: number, record: number, until: number): void {
    const last = real(this.memory.f64, this.last + i)
    this.peaks.passRest(record, this.load(i, n), last, until, this.arrivals(record))
  }
}

/** What arrivals at a neuron add to its integral, per synaptic current. */
interface Responses {
  readonly exc: IntegralResponse
  readonly inh: IntegralResponse
}

/**
 * Leaky integrators whose observable is S = ∫_0^T e^{-t/tau} V(t) dt, beside the maximum.
 *
 *     S = sum over arrivals (w, t) of w G(t) + bias B       see `IntegralResponse`
 *
 * Linear in what arrives: arrivals are added in event order, the bias last.
 */
class LiIntegrators extends LiNeurons {
  private readonly sums: number
  private readonly responses: readonly Responses[]

  constructor(
    memory: Memory,
    constants: readonly TimeConstants[],
    residence: { slots: number; trials: number },
    shared: { bias: number; peaks: PeakTape },
    weighting: IntegralWeighting,
  ) {
    super(memory, constants, residence, shared)
    this.sums = memory.reals(this.records)
    const known = new Map<TimeConstants, Responses>()
    this.responses = constants.map((c) => {
      const exc = new IntegralResponse(c, weighting)
      const made = known.get(c) ?? { exc, inh: c.split ? new IntegralResponse(c, weighting, 'inh') : exc }
      known.set(c, made)
      return made
    })
  }

  override begin(options: NeuronOptions): void {
    super.begin(options)
    this.memory.f64.fill(0, this.sums, this.sums + this.records)
  }

  override arrive(i: number, n: number, record: number, time: number, weight: number): void {
    super.arrive(i, n, record, time, weight)
    this.add(record, weight * this.responseTo(n, time, weight).effect)
  }

  override finish(i: number, n: number, record: number, until: number): void {
    super.finish(i, n, record, until)
    const bias = real(this.memory.f64, this.bias + n)
    if (bias !== 0) this.add(record, bias * this.biasEffect(n))
  }

  /** What an arrival at `time` does to the integral of a neuron; good until the next question. */
  responseTo(n: number, time: number, weight: number): Readonly<Pick<IntegralResponse, 'effect' | 'shift'>> {
    const { exc, inh } = this.responses[n] as Responses
    // As in `Neurons.jump`.
    const response = weight >= 0 ? exc : inh
    response.at(time)
    return response
  }

  /** The same by the time constants: good until the next question. */
  differentiate(n: number, time: number, weight: number): Readonly<Pick<IntegralResponse, 'byMem' | 'bySyn'>> {
    const { exc, inh } = this.responses[n] as Responses
    const response = weight >= 0 ? exc : inh
    response.differentiate(time)
    return response
  }

  /** What the bias of a neuron adds to dS/dtauMem. */
  biasByMem(n: number): number {
    return real(this.memory.f64, this.bias + n) * (this.responses[n] as Responses).exc.biasByMem
  }

  /** dS/dbias. */
  biasEffect(n: number): number {
    return (this.responses[n] as Responses).exc.bias
  }

  /** [trial][neuron], once the trials have ended. */
  integrals(): Float64Array {
    return this.memory.f64.slice(this.sums, this.sums + this.records)
  }

  private add(record: number, share: number): void {
    const { f64 } = this.memory
    f64[this.sums + record] = real(f64, this.sums + record) + share
  }
}

/**
 * The adjoint of a loss on the integrals, q = dL/dS: nothing has to be carried backward.
 *
 *     dL/dw += q G(t)     gradient event: w q G'(t)     dL/dbias += q B     dL/dtau += q (w dG/dtau + bias dB/dtau)
 */
class LiIntegralAdjoint extends Adjoint {
  private readonly integrators: LiIntegrators

  private readonly tauGradient: boolean

  constructor(
    memory: Memory,
    constants: readonly TimeConstants[],
    { slots, tauGradient }: { readonly slots: number; readonly tauGradient: boolean },
    integrators: LiIntegrators,
  ) {
    super(memory, constants, slots, null)
    this.integrators = integrators
    this.tauGradient = tauGradient
  }

  override arrive(_i: number, n: number, record: number, time: number, weight: number, g: GradientOffsets): void {
    this.done.arrivals++
    const q = this.gradientOf(record)
    const { effect, shift } = this.integrators.responseTo(n, time, weight)
    this.dWeight = q * effect
    this.event = weight * (q * shift)
    if (!this.tauGradient || q === 0) return
    const { byMem, bySyn } = this.integrators.differentiate(n, time, weight)
    this.add(g.tauMem + n, weight * (q * byMem))
    this.add((weight >= 0 ? g.tauSynExc : g.tauSynInh) + n, weight * (q * bySyn))
  }

  override finish(_i: number, n: number, record: number, g: GradientOffsets): void {
    const q = this.gradientOf(record)
    if (q === 0) return
    this.add(g.bias + n, q * this.integrators.biasEffect(n))
    if (this.tauGradient) this.add(g.tauMem + n, q * this.integrators.biasByMem(n))
  }

  private add(at: number, share: number): void {
    const { f64 } = this.memory
    f64[at] = real(f64, at) + share
  }

  private gradientOf(record: number): number {
    return this.peakGradients === null ? 0 : real(this.peakGradients, record)
  }
}

/** Maxima are always kept; where integrals are wanted, they are what the adjoint starts from. */
export const layOutLi: LayOutNeurons<LiValues> = ({ size }, place) => {
  const { memory, constants, shape, layout, parameters } = place
  const peaks = new PeakTape(memory, shape.trials * size)
  const shared = { bias: parameters + layout.bias, peaks }
  if (shape.integral !== undefined) {
    const integrators = new LiIntegrators(memory, constants, shape, shared, shape.integral)
    const adjoint = new LiIntegralAdjoint(memory, constants, shape, integrators)
    return { neurons: integrators, adjoint, peaks, integrals: () => integrators.integrals() }
  }
  const neurons = new LiNeurons(memory, constants, shape, shared)
  const adjoint = new Adjoint(memory, constants, shape.slots, peaks, tauAdjointAt(place, shared.bias))
  return { neurons, adjoint, peaks }
}
