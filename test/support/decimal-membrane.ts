import { exact, Real } from './decimal.js'
import { decimalExp } from './decimal-exp.js'

/** One neuron's membrane; times in ms. */
export interface MembraneParameters {
  readonly tauMem: number
  readonly tauSynExc: number
  readonly tauSynInh: number
  readonly tauAdapt: number
  readonly bias: number
  readonly threshold: number
}

export interface MembraneState {
  readonly v: Real
  readonly exc: Real
  readonly inh: Real
  readonly adaptation: Real
}

/** V - theta at one instant, and its first three derivatives. */
export interface ExcessJet {
  readonly f: Real
  readonly f1: Real
  readonly f2: Real
  readonly f3: Real
}

/**
 * The flow of the membrane between events, written down from its closed form in 70 digits.
 *
 *     tauMem V' = -V + I_exc + I_inh + bias      tauSyn I' = -I      tauAdapt A' = -A      theta = threshold + A
 */
export class DecimalMembrane {
  readonly threshold: Real
  readonly bias: Real
  private readonly rateMem: Real
  private readonly rateExc: Real
  private readonly rateInh: Real
  private readonly rateAdapt: Real
  /** tauSyn / (tauSyn - tauMem); null where the two are equal. */
  private readonly gainExc: Real | null
  private readonly gainInh: Real | null
  private readonly oneSynapse: boolean

  constructor(p: MembraneParameters) {
    this.threshold = exact(p.threshold)
    this.bias = exact(p.bias)
    this.rateMem = new Real(1).div(exact(p.tauMem))
    this.rateExc = new Real(1).div(exact(p.tauSynExc))
    this.rateInh = new Real(1).div(exact(p.tauSynInh))
    this.rateAdapt = new Real(1).div(exact(p.tauAdapt))
    this.gainExc = gain(p.tauSynExc, p.tauMem)
    this.gainInh = gain(p.tauSynInh, p.tauMem)
    this.oneSynapse = p.tauSynExc === p.tauSynInh
  }

  /** The state d >= 0 ms later, nothing happening in between. */
  flow(state: MembraneState, d: Real): MembraneState {
    if (d.isZero()) return state
    const mem = decay(this.rateMem, d)
    const exc = state.exc.isZero() && !(this.oneSynapse && !state.inh.isZero()) ? null : decay(this.rateExc, d)
    const inh = state.inh.isZero() ? null : this.oneSynapse ? exc : decay(this.rateInh, d)
    let v = state.v.minus(this.bias).times(mem).plus(this.bias)
    if (exc !== null) v = v.plus(this.kappa(this.gainExc, d, mem, exc).times(state.exc))
    if (inh !== null) v = v.plus(this.kappa(this.gainInh, d, mem, inh).times(state.inh))
    return {
      v,
      exc: exc === null ? state.exc : state.exc.times(exc),
      inh: inh === null ? state.inh : state.inh.times(inh),
      adaptation: state.adaptation.isZero() ? state.adaptation : state.adaptation.times(decay(this.rateAdapt, d)),
    }
  }

  excess(state: MembraneState): Real {
    return state.v.minus(this.threshold).minus(state.adaptation)
  }

  jet(state: MembraneState): ExcessJet {
    const exc1 = state.exc.times(this.rateExc)
    const inh1 = state.inh.times(this.rateInh)
    const exc2 = exc1.times(this.rateExc)
    const inh2 = inh1.times(this.rateInh)
    const a1 = state.adaptation.times(this.rateAdapt)
    const a2 = a1.times(this.rateAdapt)
    const v1 = state.exc.plus(state.inh).plus(this.bias).minus(state.v).times(this.rateMem)
    const v2 = v1.plus(exc1).plus(inh1).times(this.rateMem).neg()
    const v3 = exc2.plus(inh2).minus(v2).times(this.rateMem)
    return {
      f: this.excess(state),
      f1: v1.plus(a1),
      f2: v2.minus(a2),
      f3: v3.plus(a2.times(this.rateAdapt)),
    }
  }

  /** kappa(d) = tauSyn/(tauSyn - tauMem) (e^{-d/tauSyn} - e^{-d/tauMem}), or d/tauMem e^{-d/tauMem}. */
  private kappa(factor: Real | null, d: Real, mem: Real, syn: Real): Real {
    return factor === null ? d.times(this.rateMem).times(mem) : syn.minus(mem).times(factor)
  }
}

function gain(tauSyn: number, tauMem: number): Real | null {
  if (tauSyn === tauMem) return null
  const syn = exact(tauSyn)
  return syn.div(syn.minus(exact(tauMem)))
}

function decay(rate: Real, d: Real): Real {
  return decimalExp(d.times(rate).neg())
}
