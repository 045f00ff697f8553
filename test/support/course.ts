import type { Real } from './decimal.js'
import type { MembraneParameters, MembraneState } from './decimal-membrane.js'

/** f = V - theta at one instant in doubles: derivatives, bounds of their rounding errors, and what is still to come. */
export interface CoursePoint {
  readonly t: number
  readonly f: number
  readonly f1: number
  readonly f2: number
  /** Bounds of the rounding errors of f, f1 and f2. */
  readonly e0: number
  readonly e1: number
  readonly e2: number
  /** Bound of |f'''| from here on. */
  readonly k: number
  /** Upper bound of f from here on. */
  readonly sup: number
  /** Everything in f that still decays. */
  readonly fading: number
}

/** Far above what a dozen operations and an exponential of an argument down to -1000 lose. */
const ROUNDING = 1e-12

/**
 * The same interval as `DecimalMembrane.flow` in doubles, as a map for the search: quick, and honest about its errors.
 *
 *     f(t) = c + w(t) - A(t)     w = V - bias     c = bias - threshold
 */
export class Course {
  private readonly c: number
  private readonly w: number
  private readonly exc: number
  private readonly inh: number
  private readonly adaptation: number
  private readonly p: MembraneParameters

  constructor(
    p: MembraneParameters,
    state: MembraneState,
    membrane: { readonly bias: Real; readonly threshold: Real },
  ) {
    this.p = p
    this.c = membrane.bias.minus(membrane.threshold).toNumber()
    this.w = state.v.minus(membrane.bias).toNumber()
    // Currents that fade alike are one current: what cancels, cancels exactly.
    const together = p.tauSynExc === p.tauSynInh
    this.exc = (together ? state.exc.plus(state.inh) : state.exc).toNumber()
    this.inh = together ? 0 : state.inh.toNumber()
    this.adaptation = state.adaptation.toNumber()
  }

  /** A step that is short on the scale of everything that moves. */
  get firstStep(): number {
    const { tauMem, tauSynExc, tauSynInh, tauAdapt } = this.p
    const taus = [
      tauMem,
      this.exc === 0 ? tauMem : tauSynExc,
      this.inh === 0 ? tauMem : tauSynInh,
      this.adaptation === 0 ? tauMem : tauAdapt,
    ]
    return Math.min(...taus) / 4
  }

  at(t: number): CoursePoint {
    const { tauMem: m, tauSynExc: se, tauSynInh: si, tauAdapt: ta } = this.p
    const exc = this.exc * Math.exp(-t / se)
    const inh = this.inh * Math.exp(-t / si)
    const a = this.adaptation * Math.exp(-t / ta)
    const fromV = this.w * Math.exp(-t / m)
    const fromExc = this.exc === 0 ? 0 : this.exc * kappa(t, se, m)
    const fromInh = this.inh === 0 ? 0 : this.inh * kappa(t, si, m)
    const w = fromV + fromExc + fromInh
    const v1 = (exc + inh - w) / m
    const v2 = -(v1 + exc / se + inh / si) / m
    const size = Math.abs(fromV) + Math.abs(fromExc) + Math.abs(fromInh)
    const current = Math.abs(exc) + Math.abs(inh)
    const bend = Math.abs(exc) / se + Math.abs(inh) / si
    const bend2 = Math.abs(exc) / (se * se) + Math.abs(inh) / (si * si)
    const e2 = ROUNDING * ((size + current) / (m * m) + bend / m + Math.abs(a) / (ta * ta))
    // m V''' = -V'' + I'', and |V''| never exceeds the larger of itself now and sup |I''|.
    const k = (Math.max(Math.abs(v2) + e2, bend2) + bend2) / m + Math.abs(a) / (ta * ta * ta)
    return {
      t,
      f: this.c + w - a,
      f1: v1 + a / ta,
      f2: v2 - a / (ta * ta),
      e0: ROUNDING * (Math.abs(this.c) + size + Math.abs(a)),
      e1: ROUNDING * ((size + current) / m + Math.abs(a) / ta),
      e2,
      k: k * (1 + ROUNDING),
      sup: this.c + Math.max(w, Math.max(exc, 0) + Math.max(inh, 0)),
      fading: size + current + Math.abs(a),
    }
  }
}

/** The larger exponential taken out, so that no two nearly equal numbers are subtracted. */
function kappa(t: number, tauSyn: number, tauMem: number): number {
  const difference = Math.abs(tauSyn - tauMem)
  const slow = Math.exp(-t / Math.max(tauSyn, tauMem))
  if (difference === 0) return (t / tauMem) * slow
  return -slow * (tauSyn / difference) * Math.expm1((-t * difference) / (tauSyn * tauMem))
}
