import { DECAY_EXC, DECAY_INH, DECAY_MEM, KAPPA_EXC, KAPPA_INH } from '../equations/propagator.js'
import {
  DECAY_EXC_BY_SYN,
  DECAY_INH_BY_SYN,
  DECAY_MEM_BY_MEM,
  KAPPA_EXC_BY_MEM,
  KAPPA_EXC_BY_SYN,
  KAPPA_INH_BY_MEM,
  KAPPA_INH_BY_SYN,
  propagateTaus,
  TAU_PROPAGATOR_SIZE,
} from '../equations/tau-propagator.js'
import type { TimeConstants } from '../equations/time-constants.js'
import type { TauOffsets } from '../parameters/parameter-layout.js'
import { type Memory, real } from './memory.js'

/** The adjoint of a neuron's voltage and currents. */
export interface AdjointState {
  readonly pV: number
  readonly pExc: number
  readonly pInh: number
}

/**
 * The gradient by the time constants, carried backward beside the adjoint p.
 *
 * p times the derivative of the propagator is linear in the state, U = V - bias, I and A, and so is what earlier
 * propagators make of it: its factors q (by tauMem), z (by tauSyn, one per current) and a (by tauAdapt) are carried
 * backward, and the state itself is never asked for. With the propagator m, e, kappa over D and its derivatives,
 *
 *     qI := e qI + kappa qU + pU dkappa/dtauMem       qU := m qU + pU dm/dtauMem
 *     z  := e z + pI de/dtauSyn + pU dkappa/dtauSyn   a  := e^{-D/tauAdapt} a + pA d(e^{-D/tauAdapt})/dtauAdapt
 *
 * and wherever the state is given a value: at an arrival dL/dtauMem += w qI, dL/dtauSyn += w z; where V leaves vReset, or
 * 0 at the start, dL/dtauMem += U qU and qU := 0; at a spike dL/dtauAdapt += a adaptStep. A voltage that is held
 * contributes nothing. Where an arrival moves V at once, dL/dtauMem += w qU.
 */
export class TauAdjoint {
  private readonly memory: Memory
  private readonly constants: readonly TimeConstants[]
  private readonly bias: number
  private readonly qU: number
  private readonly qExc: number
  private readonly qInh: number
  private readonly zExc: number
  private readonly zInh: number
  private readonly a: number
  /** The derivatives over the last step, and what they are of. */
  private readonly derivatives = new Float64Array(TAU_PROPAGATOR_SIZE)
  private step = -1
  private of: TimeConstants | null = null

  /** @param bias offset of the per-neuron bias in the memory */
  constructor(memory: Memory, constants: readonly TimeConstants[], slots: number, bias: number) {
    this.memory = memory
    this.constants = constants
    this.bias = bias
    const entries = slots * constants.length
    this.qU = memory.reals(entries)
    this.qExc = memory.reals(entries)
    this.qInh = memory.reals(entries)
    this.zExc = memory.reals(entries)
    this.zInh = memory.reals(entries)
    this.a = memory.reals(entries)
  }

  /** Puts entries from … to - 1 at the end of a trial. */
  reset(from: number, to: number): void {
    const { qU, qExc, qInh, zExc, zInh, a } = this
    for (const region of [qU, qExc, qInh, zExc, zInh, a]) this.memory.f64.fill(0, region + from, region + to)
  }

  isZero(i: number): boolean {
    const { f64 } = this.memory
    const { qU, qExc, qInh, zExc, zInh } = this
    return [qU, qExc, qInh, zExc, zInh].every((region) => real(f64, region + i) === 0)
  }

  /** The same of the adaptation. */
  isUnadapted(i: number): boolean {
    return real(this.memory.f64, this.a + i) === 0
  }

  /**
   * Back over d ms.
   *
   * @param factors of the propagator
   * @param p at the later end
   */
  flow(i: number, n: number, d: number, factors: Float64Array, { pV, pExc, pInh }: AdjointState): void {
    const { f64 } = this.memory
    const by = this.derivativesOver(this.constants[n] as TimeConstants, d, factors)
    const qU = real(f64, this.qU + i)
    f64[this.qExc + i] =
      real(factors, DECAY_EXC) * real(f64, this.qExc + i) +
      real(factors, KAPPA_EXC) * qU +
      real(by, KAPPA_EXC_BY_MEM) * pV
    f64[this.qInh + i] =
      real(factors, DECAY_INH) * real(f64, this.qInh + i) +
      real(factors, KAPPA_INH) * qU +
      real(by, KAPPA_INH_BY_MEM) * pV
    f64[this.zExc + i] =
      real(factors, DECAY_EXC) * real(f64, this.zExc + i) +
      real(by, DECAY_EXC_BY_SYN) * pExc +
      real(by, KAPPA_EXC_BY_SYN) * pV
    f64[this.zInh + i] =
      real(factors, DECAY_INH) * real(f64, this.zInh + i) +
      real(by, DECAY_INH_BY_SYN) * pInh +
      real(by, KAPPA_INH_BY_SYN) * pV
    f64[this.qU + i] = real(factors, DECAY_MEM) * qU + real(by, DECAY_MEM_BY_MEM) * pV
  }

  private derivativesOver(c: TimeConstants, d: number, factors: Float64Array): Float64Array {
    if (d !== this.step || c !== this.of) {
      propagateTaus(c, d, factors, this.derivatives)
      this.step = d
      this.of = c
    }
    return this.derivatives
  }

  /** An arrival through a weight: its sign says whose time constant it moves with, also while both are equal. */
  arrive(i: number, n: number, weight: number, g: TauOffsets): void {
    const { f64 } = this.memory
    const isExcitatory = weight >= 0
    const into = (isExcitatory ? g.tauSynExc : g.tauSynInh) + n
    const ofCurrent = isExcitatory ? this.qExc : this.qInh
    const moved = (this.constants[n] as TimeConstants).isInstant ? this.qU : ofCurrent
    f64[g.tauMem + n] = real(f64, g.tauMem + n) + weight * real(f64, moved + i)
    f64[into] = real(f64, into) + weight * real(f64, (isExcitatory ? this.zExc : this.zInh) + i)
  }

  /** V begins a free course at `v`, whatever it was before. */
  start(i: number, n: number, v: number, g: TauOffsets): void {
    const { f64 } = this.memory
    const u = v - real(f64, this.bias + n)
    f64[g.tauMem + n] = real(f64, g.tauMem + n) + u * real(f64, this.qU + i)
    f64[this.qU + i] = 0
  }

  /**
   * The adaptation back over d ms.
   *
   * @param decay e^{-d/tauAdapt}
   * @param pA its adjoint at the later end
   */
  flowAdaptation(i: number, d: number, tauAdapt: number, decay: number, pA: number): void {
    const { f64 } = this.memory
    f64[this.a + i] = decay * (real(f64, this.a + i) + (pA * (d / tauAdapt)) / tauAdapt)
  }

  /** The adaptation is raised by `step`. */
  raise(i: number, n: number, step: number, g: TauOffsets): void {
    const { f64 } = this.memory
    f64[g.tauAdapt + n] = real(f64, g.tauAdapt + n) + step * real(f64, this.a + i)
  }
}
