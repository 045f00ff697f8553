import { exponentOf, powerOfTwo } from '../../../../numerics/double-exponent.js'
import { exp } from '../../../../numerics/exp.js'
import { deriveConstants } from '../../../equations/derive-constants.js'
import { KAPPA_EXC, PROPAGATOR_SIZE, propagate } from '../../../equations/propagator.js'
import type { WindowHeaderFields } from '../window-header.js'

/** Bins are at most this part of each time constant: the series in assembly/window/growth.ts counts on it. */
const PART = 1 / 4
/** In ms: longer bins would leave too many neurons walking through them. */
const MOST = 1

/** The time constants that all neurons of a group share, in ms. */
export interface WindowTaus {
  readonly tauMem: number
  readonly tauSyn: number
}

/**
 * Length in ms of the bins of time that neurons pass at once: a power of two, so that their bounds are exact. It depends on
 * nothing but the time constants: delays, which may be learned, can be shorter than a bin, and windows then end inside of
 * one.
 */
export function binLength({ tauMem, tauSyn }: WindowTaus): number {
  return binUnder(Math.min(tauMem, tauSyn))
}

/** The same where the shortest time constant is `tau` ms. */
export function binUnder(tau: number): number {
  return powerOfTwo(exponentOf(Math.min(PART * tau, MOST)))
}

/** What follows from the time constants and the length of a bin. */
export function gridFields(taus: WindowTaus, bin: number): WindowHeaderFields {
  const { tauMem, tauSyn } = taus
  const isSheared = areNearlyEqual(taus)
  const share = isSheared ? 0 : shareOf(taus)
  const factors = new Float64Array(PROPAGATOR_SIZE)
  propagate(deriveConstants(tauMem, tauSyn, tauSyn, tauMem), bin, factors)
  const [ofCurrent, ofVoltage] = [splitDecay(bin, tauSyn), splitDecay(bin, tauMem)]
  const [currentHalfGrowth, voltageHalfGrowth] = [exp(bin / 2 / tauSyn), exp(bin / 2 / tauMem)]
  const binKappa = factors[KAPPA_EXC] as number
  const binShear = isSheared ? binKappa * exp(bin / tauMem) : 0
  return {
    ...{ bin, perBin: 1 / bin, share, binKappa },
    ...{ isSheared: Number(isSheared), shearRate: (tauMem - tauSyn) / (tauMem * tauSyn), binShear },
    ...{ currentKeep: ofCurrent.high, voltageKeep: ofVoltage.high },
    ...{ currentKeepRest: ofCurrent.rest, voltageKeepRest: ofVoltage.rest },
    endShare: isSheared ? -binShear : share * exp(bin / tauMem - bin / tauSyn),
    ...{ perTauSyn: 1 / tauSyn, perTauMem: 1 / tauMem },
    ...{ currentHalfGrowth, voltageHalfGrowth },
    ...{ scaleOfCurrent: currentHalfGrowth, scaleOfVoltage: share * voltageHalfGrowth },
    ...{ currentHalfDecay: exp(-bin / 2 / tauSyn), voltageHalfDecay: exp(-bin / 2 / tauMem) },
  }
}

/** A larger share of the current in the scaled voltage would cost too many digits. */
const MOST_SHARE = 8

/** Whether the scaled state would cost too many digits in its usual form: see assembly/window/growth.ts. */
export function areNearlyEqual(taus: WindowTaus): boolean {
  return !(Math.abs(shareOf(taus)) <= MOST_SHARE)
}

/** tauSyn / (tauMem - tauSyn): V = U - share · I in the scaled state. */
export function shareOf({ tauMem, tauSyn }: WindowTaus): number {
  return tauSyn / (tauMem - tauSyn)
}

/** Binary places of the series. */
const PLACES = 160n

/**
 * e^{-x/y} as a double and what rounding took from it: applied over and over, a rounded factor would go astray.
 *
 * @param x a positive double up to y
 * @param y a positive double
 */
export function splitDecay(x: number, y: number): { readonly high: number; readonly rest: number } {
  const [a, b] = [binaryFraction(x), binaryFraction(y)]
  const shift = PLACES + b.places - a.places
  const quotient = shift >= 0n ? (a.integer << shift) / b.integer : a.integer / (b.integer << -shift)
  let term = 1n << PLACES
  let sum = term
  for (let n = 1n; term !== 0n; n++) {
    term = ((-term * quotient) / n) >> PLACES
    if (term === -1n) break
    sum += term
  }
  const high = Number(sum)
  return { high: high / 2 ** 160, rest: Number(sum - BigInt(high)) / 2 ** 160 }
}

/** A double as integer · 2^-places. */
function binaryFraction(x: number): { readonly integer: bigint; readonly places: bigint } {
  let places = 0
  let scaled = x
  for (; !Number.isInteger(scaled); scaled *= 2) places++
  return { integer: BigInt(scaled), places: BigInt(places) }
}
