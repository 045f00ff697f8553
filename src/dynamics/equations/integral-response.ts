import { exp } from '../../numerics/exp.js'
import { earlyMoment, lateMoment } from '../../numerics/exp-moments.js'
import { expm1 } from '../../numerics/expm1.js'
import type { TimeConstants } from './time-constants.js'
import { SMALL, TERMS } from './tolerances.js'

/** How a voltage is weighted in time, and up to when: ∫_0^until e^{-t/tau} V dt, in ms; either may be Infinity. */
export interface IntegralWeighting {
  readonly tau: number
  readonly until: number
}

/**
 * R = ∫_0^D e^{-s u} (1 - e^{-gap u})/gap du, with s, gap >= 0 in 1/ms and D in ms; D is finite or s > 0.
 *
 *     R = (psi(s) - e^{-s D} psi(gap)) / (s + gap),    psi(r) = (1 - e^{-r D})/r, D where r = 0
 *
 * The limits s -> 0 and gap -> 0 need no care then, but for (s + gap) D < 1 the difference cancels. There R is taken as a
 * divided difference of the exponential function: D^2 e^{-F} sum_n h_n(F, Y)/(n + 2)! with F = (s + gap) D, Y = gap D and
 * h_n = F h_{n-1} + Y^n, of terms that all are positive.
 */
export function risingIntegral(s: number, gap: number, d: number): number {
  const sum = s + gap
  const whole = sum * d
  if (whole < 1) return d * d * exp(-whole) * dividedDifference(whole, gap * d)
  const x = s * d
  const left = x < SMALL ? 1 + expm1(-x) : exp(-x)
  const gone = x < SMALL ? -expm1(-x) : 1 - left
  const early = s === 0 ? d : gone / s
  return (early - (left === 0 ? 0 : left * meanDecay(gap, d))) / sum
}

/**
 * (1 * e^{-twice t} * e^{-twice t} * e^{-once t})(D), * being convolution: minus the derivative by `twice` of
 * (1 * e^{-twice t} * e^{-once t})(D) = `risingIntegral`.
 *
 * A divided difference of the third order. Where it would cancel it is a series of positive terms, else
 * (risingIntegral of the two without the fast one - (e^{-twice t} * e^{-twice t} * e^{-once t})(D)) / fast.
 *
 * @param gap |twice - once|, to full precision
 */
function doubledIntegral(twice: number, once: number, gap: number, d: number): number {
  const isSlow = twice <= once
  const fast = isSlow ? once : twice
  if (fast * d < 1)
    return d * d * d * exp(-fast * d) * thirdDifference(fast * d, isSlow ? gap * d : 0, isSlow ? 0 : gap * d)
  const left = exp(-(isSlow ? twice : once) * d)
  const y = gap * d
  const late = lateMoment(y)
  const last = left === 0 ? 0 : d * d * left * (isSlow ? late : earlyMoment(y, late))
  const whole = isSlow ? risingIntegral(twice, 0, d) : risingIntegral(once, gap, d)
  return (whole - last) / fast
}

/** ∫_0^D e^{-r u} du = (1 - e^{-r D})/r. */
function meanDecay(r: number, d: number): number {
  return r === 0 ? d : -expm1(-r * d) / r
}

/** sum_n h_n(F, Y)/(n + 2)!, the divided difference of e^x at F, Y and 0. */
function dividedDifference(whole: number, gap: number): number {
  let power = 1
  let symmetric = 1
  let factor = 0.5
  let sum = factor
  for (let n = 1; n < TERMS; n++) {
    power *= gap
    symmetric = whole * symmetric + power
    factor /= n + 2
    sum += symmetric * factor
  }
  return sum
}

/** sum_n h_n(F, P, P, R)/(n + 3)!, the divided difference of e^x at F, P, P and R. */
function thirdDifference(whole: number, twice: number, once: number): number {
  let [first, second, third, fourth] = [1, 1, 1, 1]
  let factor = 1 / 6
  let sum = factor
  for (let n = 1; n < TERMS + 4; n++) {
    first *= whole
    second = twice * second + first
    third = twice * third + second
    fourth = once * fourth + third
    factor /= n + 3
    sum += fourth * factor
  }
  return sum
}

/**
 * What a spike of weight 1 that arrives at t adds to S = ∫_0^T e^{-c s} V(s) ds of a readout, c = 1/tau:
 *
 *     G(t) = e^{-c t} ∫_0^D e^{-c u} kappa(u) du = e^{-c t} R/tauMem,   D = T - t
 *     G'(t) = -e^{-c t} (c R/tauMem + e^{-c D} kappa(D))
 *
 * R with gap = |1/tauMem - 1/tauSyn| and s = c + the smaller one of the two rates. In the adjoint of a loss with dL/dS = q
 * this is pI(t) = q G(t), and the gradient event w (pI/tauSyn - pV/tauMem) is w q G'(t), which does not cancel: equal and
 * nearly equal time constants and trials without an end keep full precision. A bias adds bias · `bias`,
 *
 *     B = ∫_0^T e^{-c u} (1 - e^{-u/tauMem}) du
 */
export class IntegralResponse {
  /** G and G' of the last `at`. */
  effect = 0
  shift = 0
  /** dG/dtauMem and dG/dtauSyn of the last `differentiate`. */
  byMem = 0
  bySyn = 0
  /** B. */
  readonly bias: number
  private readonly fading: number
  private readonly until: number
  private readonly tauMem: number
  private readonly tauSyn: number
  private readonly slow: number
  private readonly gap: number
  private time = Number.NaN

  /** @param current whose arrivals, where there are two synaptic currents */
  constructor(c: TimeConstants, { tau, until }: IntegralWeighting, current: 'exc' | 'inh' = 'exc') {
    const { tauSyn, rate } = c[current]
    this.fading = 1 / tau
    this.until = until
    this.tauMem = c.tauMem
    this.tauSyn = tauSyn
    this.slow = this.fading + 1 / Math.max(c.tauMem, tauSyn)
    this.gap = rate
    this.bias = risingIntegral(this.fading, 1 / c.tauMem, until) / c.tauMem
  }

  /** Asks about an arrival at `time`, before the end of the trial. */
  at(time: number): void {
    if (time === this.time) return
    this.time = time
    const { fading, gap, slow, tauMem } = this
    const d = this.until - time
    const faded = fading === 0 ? 1 : exp(-fading * time)
    const integral = risingIntegral(slow, gap, d) / tauMem
    this.effect = faded * integral
    this.shift = -faded * (fading * integral + this.lastPotential(d))
  }

  /**
   * Asks how G at `time` changes with the time constants:
   *
   *     dG/dtauMem = e^{-c t} (T/tauMem^3 - R/tauMem^2),  T twice with the membrane     dG/dtauSyn = e^{-c t} T/(tauMem tauSyn^2)
   */
  differentiate(time: number): void {
    const { fading, gap, tauMem, tauSyn } = this
    const d = this.until - time
    const faded = fading === 0 ? 1 : exp(-fading * time)
    const [mem, syn] = [fading + 1 / tauMem, fading + 1 / tauSyn]
    const membraneTwice = doubledIntegral(mem, syn, gap, d)
    this.byMem = (faded * (membraneTwice / tauMem - risingIntegral(this.slow, gap, d))) / (tauMem * tauMem)
    this.bySyn = (faded * doubledIntegral(syn, mem, gap, d)) / (tauMem * tauSyn * tauSyn)
  }

  /** dB/dtauMem = -∫_0^T u e^{-(c + 1/tauMem) u} du / tauMem^2. */
  get biasByMem(): number {
    const rate = this.fading + 1 / this.tauMem
    const y = rate * this.until
    const x = y === Infinity ? 1 / (rate * this.tauMem) : this.until / this.tauMem
    return -(y === Infinity ? 1 : earlyMoment(y, lateMoment(y))) * (x * x)
  }

  /** e^{-c D} kappa(D) = e^{-s D} (1 - e^{-gap D})/(gap tauMem). */
  private lastPotential(d: number): number {
    const left = exp(-this.slow * d)
    return left === 0 ? 0 : (left * meanDecay(this.gap, d)) / this.tauMem
  }
}
