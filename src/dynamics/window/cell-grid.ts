import { exponentOf, powerOfTwo } from '../../numerics/double-exponent.js'
import { exp } from '../../numerics/exp.js'
import { deriveConstants } from '../derive-constants.js'
import { KAPPA_EXC, PROPAGATOR_SIZE, propagate } from '../propagator.js'
import { splitDecay } from './split-decay.js'
import type { WindowPlanFields } from './window-plan.js'

/** Cells are at most this part of each time constant: the series in assembly/window/growth.ts counts on it. */
const PART = 1 / 4
/** Cells may be as long as this whatever the delays are; around a cycle some delay is longer, see `shortCycle`. */
const ALWAYS_SHORT = 1 / 16
/** Bits of a weight, counted from the largest one, that the sums of arrivals keep; 17 more count arrivals. */
const WEIGHT_BITS = 46

/** The time constants that all neurons of a group share, in ms. */
export interface WindowTaus {
  readonly tauMem: number
  readonly tauSyn: number
}

/**
 * Length in ms of the cells of time that neurons pass at once: a power of two, so that their bounds are exact.
 *
 * @param leastDelay bound on the delays of what neurons send: around every cycle time has to gain a cell
 */
export function cellLength({ tauMem, tauSyn }: WindowTaus, leastDelay: number): number {
  const most = Math.min(PART * Math.min(tauMem, tauSyn), Math.max(leastDelay, ALWAYS_SHORT))
  return powerOfTwo(exponentOf(most))
}

/** What follows from the time constants, the length of a cell and the largest weight. */
export function gridFields(taus: WindowTaus, cell: number, largestWeight: number): WindowPlanFields {
  const { tauMem, tauSyn } = taus
  const share = shareOf(taus)
  const factors = new Float64Array(PROPAGATOR_SIZE)
  propagate(deriveConstants(tauMem, tauSyn, tauSyn, tauMem), cell, factors)
  const [ofCurrent, ofVoltage] = [splitDecay(cell, tauSyn), splitDecay(cell, tauMem)]
  return {
    ...{ cell, perCell: 1 / cell, share, cellKappa: factors[KAPPA_EXC] as number },
    ...{ unitOfCurrent: unitOf(largestWeight), unitOfVoltage: unitOf(largestWeight * share) },
    ...{ currentKeep: ofCurrent.high, voltageKeep: ofVoltage.high },
    ...{ currentKeepRest: ofCurrent.rest, voltageKeepRest: ofVoltage.rest },
    currentOverVoltage: exp(cell / tauMem - cell / tauSyn),
    ...{ perTauSyn: 1 / tauSyn, perTauMem: 1 / tauMem },
    ...{ currentHalfGrowth: exp(cell / 2 / tauSyn), voltageHalfGrowth: exp(cell / 2 / tauMem) },
    ...{ currentHalfDecay: exp(-cell / 2 / tauSyn), voltageHalfDecay: exp(-cell / 2 / tauMem) },
  }
}

/** Of a weight: what it adds to the sums of current and scaled voltage when it arrives in the middle of a cell. */
export function weightScale(weight: number, fields: WindowPlanFields): readonly [current: number, voltage: number] {
  const { currentHalfGrowth, voltageHalfGrowth, unitOfCurrent, unitOfVoltage, share } = fields as Required<
    typeof fields
  >
  return [(weight * currentHalfGrowth) / unitOfCurrent, (weight * share * voltageHalfGrowth) / unitOfVoltage]
}

/** tauSyn / (tauMem - tauSyn): V = U - share · I in the scaled state. */
export function shareOf({ tauMem, tauSyn }: WindowTaus): number {
  return tauSyn / (tauMem - tauSyn)
}

/** A power of two of which the largest weight, grown over a cell, has WEIGHT_BITS bits. */
function unitOf(weight: number): number {
  const largest = Math.abs(weight) * 1.3
  return powerOfTwo(largest > 0 ? exponentOf(largest) + 1 - WEIGHT_BITS : -WEIGHT_BITS)
}
