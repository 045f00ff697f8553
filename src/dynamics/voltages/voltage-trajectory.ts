import { Membrane } from '../equations/membrane.js'
import type { TimeConstants } from '../equations/time-constants.js'

/** Not in a refractory period. */
const FREE = -1

/** What a neuron's voltage follows from beside its arrivals and spikes. */
export interface TrajectoryParameters {
  readonly constants: TimeConstants
  readonly bias: number
  readonly vReset: number
  readonly refractory: number
  /** Held for good after its first spike. */
  readonly stopAfterFirst: boolean
}

/**
 * The voltage of one neuron in one trial, where its arrivals and its own spikes are known: in closed form between them,
 *
 *     V(D) = V e^{-D/tauMem} + kappa(D) I + bias (1 - e^{-D/tauMem})
 *
 * At an arrival I jumps, or V where there is no current, at a spike V is put to vReset and held there for the refractory period.
 * Samples are right limits.
 */
export class VoltageTrajectory {
  private readonly membrane: Membrane
  private readonly parameters: TrajectoryParameters
  /** Of the last event. */
  private last = 0
  /** End of the refractory period, or FREE. */
  private held = FREE
  private samples: Float64Array = new Float64Array(0)
  private values: Float64Array = new Float64Array(0)
  private sampled = 0

  constructor(parameters: TrajectoryParameters) {
    this.parameters = parameters
    this.membrane = new Membrane(parameters.constants)
    this.membrane.bias = parameters.bias
  }

  /** @param values receives the voltage at each of the times, which do not decrease */
  sampleAt(times: Float64Array, values: Float64Array): void {
    this.samples = times
    this.values = values
    this.sampled = 0
  }

  arrive(time: number, weight: number): void {
    this.moveTo(time)
    const { membrane: m } = this
    if (m.constants.isInstant) {
      if (this.held === FREE) m.v += weight
    } else if (weight >= 0 || !m.constants.split) m.iExc += weight
    else m.iInh += weight
  }

  spike(time: number): void {
    this.moveTo(time)
    const { vReset, refractory, stopAfterFirst } = this.parameters
    this.membrane.v = vReset
    this.held = stopAfterFirst ? Infinity : refractory > 0 ? time + refractory : FREE
  }

  /** Takes all samples before a time. */
  finish(end: number): void {
    if (this.held !== FREE && this.held < end) this.release()
    this.sampleBefore(end)
  }

  /** A period that ends at this instant has ended. */
  private moveTo(time: number): void {
    if (this.held !== FREE && this.held <= time) this.release()
    this.sampleBefore(time)
    this.advance(time)
  }

  private release(): void {
    const { held } = this
    this.sampleBefore(held)
    this.advance(held)
    this.held = FREE
  }

  private advance(time: number): void {
    const { membrane: m } = this
    if (time > this.last) {
      m.at(time - this.last)
      if (this.held === FREE) m.v = m.vAt
      m.iExc = m.iExcAt
      m.iInh = m.iInhAt
    }
    this.last = time
  }

  private sampleBefore(time: number): void {
    const { membrane: m, samples, values } = this
    for (; this.sampled < samples.length; this.sampled++) {
      const sample = samples[this.sampled] as number
      if (sample >= time) return
      if (this.held === FREE) m.at(sample - this.last)
      values[this.sampled] = this.held === FREE ? m.vAt : m.v
    }
  }
}
