import {
  DECAY_EXC,
  DECAY_INH,
  DECAY_MEM,
  DECAY_MEM_M1,
  decayAdaptation,
  KAPPA_EXC,
  KAPPA_INH,
  PROPAGATOR_SIZE,
  propagate,
} from './propagator.js'
import type { TimeConstants } from './time-constants.js'

/**
 * The state of one neuron right after its last event, and its course from there.
 *
 * The course is a closed form of the time D since that event; `at(D)` fills in the fields after `excess`. One such
 * object serves a whole group: it is loaded from the state arrays, asked, and overwritten.
 */
export class Membrane {
  constants: TimeConstants
  v = 0
  /** Excitatory current (the only one unless the constants are split). */
  iExc = 0
  iInh = 0
  adaptation = 0
  bias = 0
  threshold = Infinity

  /** V(D) - theta(D) of the last `at`. */
  excess = 0
  /** V(D), I(D) (one per current) and A(D) of the last `at`. */
  vAt = 0
  iExcAt = 0
  iInhAt = 0
  adaptationAt = 0
  /** V'(D) of the last `at`, in 1/ms. */
  vSlope = 0
  /** The same less what brief currents add to it as they are, I(D) / tauDrive. */
  restSlope = 0
  /** d/dD (V - theta) of the last `at`. */
  excessSlope = 0

  private readonly factors = new Float64Array(PROPAGATOR_SIZE)

  constructor(constants: TimeConstants) {
    this.constants = constants
  }

  at(d: number): void {
    const { constants: c, factors: f, v, bias, threshold } = this
    propagate(c, d, f)
    const m1 = f[DECAY_MEM_M1] as number
    const driven = (f[KAPPA_EXC] as number) * this.iExc + (f[KAPPA_INH] as number) * this.iInh
    const a = this.adaptation === 0 ? 0 : this.adaptation * decayAdaptation(c, d)
    // Small steps start from the small difference V - threshold, long ones end at the small difference bias - threshold.
    const short = m1 > -0.4 || c.leak === 0
    const left = (v - bias) * (f[DECAY_MEM] as number) + driven
    const moved = (c.leak * v - bias) * m1 + driven
    this.vAt = short ? v + moved : bias + left
    this.excess = (short ? v - threshold + moved : bias - threshold + left) - a
    this.iExcAt = this.iExc * (f[DECAY_EXC] as number)
    this.iInhAt = this.iInh * (f[DECAY_INH] as number)
    this.adaptationAt = a
    // V' obeys the same equation as V, driven by I' = -I / tauSyn; taken from V(D) it would drown in rounding late.
    // Of a brief current both are far larger than what they leave, (I(D) - kappa I) / tauMem: this is taken at once.
    const { exc, inh } = c
    const lasting = (exc.isBrief ? 0 : this.iExc) + (inh.isBrief ? 0 : this.iInh)
    const slopeNow = (bias - c.leak * v + lasting) / c.tauDrive
    const rest =
      slopeNow * (f[DECAY_MEM] as number) -
      ((f[KAPPA_EXC] as number) * this.iExc) / (exc.isBrief ? c.tauMem : exc.tauSyn) -
      ((f[KAPPA_INH] as number) * this.iInh) / (inh.isBrief ? c.tauMem : inh.tauSyn)
    this.restSlope = rest
    const brief = (exc.isBrief ? this.iExcAt : 0) + (inh.isBrief ? this.iInhAt : 0)
    const slope = rest + brief / c.tauDrive
    this.vSlope = slope
    this.excessSlope = a === 0 ? slope : slope + a / c.tauAdapt
  }
}
