import { log1p } from '../../numerics/log1p.js'
import { KAPPA_EXC, PROPAGATOR_SIZE, propagate } from './propagator.js'
import type { SynapticConstants, TimeConstants } from './time-constants.js'
import { BRIEF } from './tolerances.js'

function synapticConstants(tauMem: number, tauSyn: number): SynapticConstants {
  const gap = Math.abs(tauSyn - tauMem)
  return {
    tauSyn,
    rate: tauMem === Infinity ? 1 / tauSyn : gap / (tauMem * tauSyn),
    scale: gap === 0 ? 0 : tauMem === Infinity ? tauSyn : tauSyn / gap,
    membraneIsSlower: tauMem >= tauSyn,
    isBrief: tauMem > BRIEF * tauSyn,
  }
}

/**
 * Time of the maximum of kappa: tauMem tauSyn / (tauMem - tauSyn) ln(tauMem / tauSyn); tauSyn when equal. It is symmetric, and
 * taken from the excess of the longer one over the shorter: one that falls below the other by nearly all of it rounds to
 * all of it, of which there is no logarithm. Without a leak it is never reached, without a current at once.
 */
function kappaPeakTime(tauMem: number, tauSyn: number): number {
  if (tauSyn === 0) return 0
  if (tauMem === Infinity) return Infinity
  const [shorter, longer] = tauMem < tauSyn ? [tauMem, tauSyn] : [tauSyn, tauMem]
  const excess = (longer - shorter) / shorter
  return excess === 0 ? tauSyn : (longer * log1p(excess)) / excess
}

/** Everything that follows from a neuron's time constants in ms. */
export function deriveConstants(tauMem: number, tauSynExc: number, tauSynInh: number, tauAdapt: number): TimeConstants {
  const split = tauSynExc !== tauSynInh
  const exc = synapticConstants(tauMem, tauSynExc)
  const inh = split ? synapticConstants(tauMem, tauSynInh) : exc
  const peakTime = kappaPeakTime(tauMem, tauSynExc)
  const leak: 0 | 1 = tauMem === Infinity ? 0 : 1
  const tauDrive = leak === 0 ? 1 : tauMem
  const isInstant = tauSynExc === 0
  const constants = { tauMem, leak, tauDrive, isInstant, exc, inh, split, tauAdapt, peakTime, peakKappa: 0 }
  if (leak === 0) return { ...constants, peakKappa: tauSynExc }
  const factors = new Float64Array(PROPAGATOR_SIZE)
  propagate(constants, peakTime, factors)
  return { ...constants, peakKappa: factors[KAPPA_EXC] as number }
}
