import { BRIEF } from '../schema/constants'
import { perTauMem, perTauSyn, perTauSynInh, tauAdapt } from '../schema/header'
import {
  adaptationAfter,
  decayInh,
  decayMem,
  decayMemM1,
  decaySyn,
  kappa,
  kappaInh,
  propagate,
  propagateInhibition,
} from './propagator'

/**
 * The free course of a neuron from its state right after an event, as in src/dynamics/equations/membrane.ts with a bias of 0:
 *
 *     U(D) = U e^{-D/tauMem} + kappa(D) I + kappaInh(D) J      theta(D) = threshold + A e^{-D/tauAdapt}
 */
let u: f64 = 0
let i: f64 = 0
let j: f64 = 0
let a: f64 = 0
let threshold: f64 = 0

/** Of the last `look`: U - theta, its slope, U, its slope, both currents and A. */
export let excess: f64 = 0
export let excessSlope: f64 = 0
export let height: f64 = 0
export let slope: f64 = 0
/** The slope of U less what brief currents add to it as they are, I(D) / tauMem. */
export let restSlope: f64 = 0
export let iNow: f64 = 0
export let jNow: f64 = 0
export let aNow: f64 = 0

/** Whether the membrane is so much slower than a current that the slope of U is taken in another form. */
export function isBrief(perTau: f64): bool {
  return perTau > BRIEF * perTauMem()
}

/** Sets off, and looks at the state itself. */
export function setOff(fromU: f64, fromI: f64, fromJ: f64, fromA: f64, toThreshold: f64): void {
  u = fromU
  i = fromI
  j = fromJ
  a = fromA
  threshold = toThreshold
  excess = u - threshold - a
  height = u
  iNow = i
  jNow = j
  aNow = a
  slope = (i + j - u) * perTauMem()
  restSlope = ((isBrief(perTauSyn()) ? 0 : i) + (isBrief(perTauSynInh()) ? 0 : j) - u) * perTauMem()
  excessSlope = slope + a / tauAdapt()
}

/** Looks at what has become of it after D ms. */
export function look(d: f64): void {
  propagate(d)
  iNow = i * decaySyn
  let driven = kappa * i
  // The slope obeys the same equation as U, driven by I' and J'; what brief ones leave of themselves is taken at once.
  const isBriefI = isBrief(perTauSyn())
  let lasting = isBriefI ? 0 : i
  let brief = isBriefI ? iNow : 0
  let fallen = kappa * i * (isBriefI ? perTauMem() : perTauSyn())
  if (j != 0) {
    propagateInhibition(d)
    jNow = j * decayInh
    driven += kappaInh * j
    const isBriefJ = isBrief(perTauSynInh())
    if (isBriefJ) brief += jNow
    else lasting += j
    fallen += kappaInh * j * (isBriefJ ? perTauMem() : perTauSynInh())
  }
  aNow = inline.always(adaptationAfter(a, d))
  // Small steps start from the small difference U - threshold.
  height = decayMemM1 > -0.4 ? u + (u * decayMemM1 + driven) : u * decayMem + driven
  excess = (decayMemM1 > -0.4 ? u - threshold + (u * decayMemM1 + driven) : height - threshold) - aNow
  restSlope = (lasting - u) * perTauMem() * decayMem - fallen
  slope = restSlope + brief * perTauMem()
  excessSlope = aNow == 0 ? slope : slope + aNow / tauAdapt()
}

/** The crossing in (from, to], U < theta at `from`, U >= theta at `to`, one zero between: Newton kept in a bracket. */
export function refineCrossing(from: f64, to: f64): f64 {
  let low = from
  let high = to
  let d = to
  do {
    look(d)
    if (excess >= 0) high = d
    else low = d
    d -= excess / excessSlope
    if (!(d > low && d < high)) d = low + (high - low) / 2
  } while (d > low && d < high)
  return high
}
