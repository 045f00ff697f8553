import { exponentOf, powerOfTwo } from '../../numerics/double-exponent.js'
import { exp } from '../../numerics/exp.js'
import { deriveConstants } from '../derive-constants.js'
import { KAPPA_EXC, PROPAGATOR_SIZE, propagate } from '../propagator.js'
import { splitDecay } from './split-decay.js'
import type { WindowPlanFields } from './window-plan.js'

/** Cells are at most this part of each time constant: the series in assembly/window/growth.ts counts on it. */
const PART = 1 / 4
/** In ms: longer cells would leave too many neurons walking through them. */
const MOST = 1

/** The time constants that all neurons of a group share, in ms. */
export interface WindowTaus {
  readonly tauMem: number
  readonly tauSyn: number
}

/**
 * Length in ms of the cells of time that neurons pass at once: a power of two, so that their bounds are exact. It depends on
 * nothing but the time constants: delays, which may be learned, can be shorter than a cell, and windows then end inside of
 * one.
 */
export function cellLength({ tauMem, tauSyn }: WindowTaus): number {
  return cellUnder(Math.min(tauMem, tauSyn))
}

/** The same where so many ms are the shortest time constant. */
export function cellUnder(tau: number): number {
  return powerOfTwo(exponentOf(Math.min(PART * tau, MOST)))
}

/** What follows from the time constants and the length of a cell. */
export function gridFields(taus: WindowTaus, cell: number): WindowPlanFields {
  const { tauMem, tauSyn } = taus
  const isSheared = areNearlyEqual(taus)
  const share = isSheared ? 0 : shareOf(taus)
  const factors = new Float64Array(PROPAGATOR_SIZE)
  propagate(deriveConstants(tauMem, tauSyn, tauSyn, tauMem), cell, factors)
  const [ofCurrent, ofVoltage] = [splitDecay(cell, tauSyn), splitDecay(cell, tauMem)]
  const [currentHalfGrowth, voltageHalfGrowth] = [exp(cell / 2 / tauSyn), exp(cell / 2 / tauMem)]
  const cellKappa = factors[KAPPA_EXC] as number
  const cellShear = isSheared ? cellKappa * exp(cell / tauMem) : 0
  return {
    ...{ cell, perCell: 1 / cell, share, cellKappa },
    ...{ isSheared: Number(isSheared), shearRate: (tauMem - tauSyn) / (tauMem * tauSyn), cellShear },
    ...{ currentKeep: ofCurrent.high, voltageKeep: ofVoltage.high },
    ...{ currentKeepRest: ofCurrent.rest, voltageKeepRest: ofVoltage.rest },
    endShare: isSheared ? -cellShear : share * exp(cell / tauMem - cell / tauSyn),
    ...{ perTauSyn: 1 / tauSyn, perTauMem: 1 / tauMem },
    ...{ currentHalfGrowth, voltageHalfGrowth },
    ...{ scaleOfCurrent: currentHalfGrowth, scaleOfVoltage: share * voltageHalfGrowth },
    ...{ currentHalfDecay: exp(-cell / 2 / tauSyn), voltageHalfDecay: exp(-cell / 2 / tauMem) },
  }
}

/** A larger share of the current in the scaled voltage would cost too many digits. */
const MOST_SHARE = 8

/** Whether the scaled state would cost too many digits in its usual form: see assembly/window/shear.ts. */
export function areNearlyEqual(taus: WindowTaus): boolean {
  return !(Math.abs(shareOf(taus)) <= MOST_SHARE)
}

/** tauSyn / (tauMem - tauSyn): V = U - share · I in the scaled state. */
export function shareOf({ tauMem, tauSyn }: WindowTaus): number {
  return tauSyn / (tauMem - tauSyn)
}
