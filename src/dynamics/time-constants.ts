import { log1p } from '../numerics/log1p.js'
import { KAPPA_EXC, PROPAGATOR_SIZE, propagate } from './propagator.js'

/** What the propagator needs of one synaptic time constant beside tauMem. */
export interface SynapticConstants {
  readonly tauSyn: number
  /** |1/tauMem - 1/tauSyn| in 1/ms. */
  readonly rate: number
  /** tauSyn / |tauSyn - tauMem|; 0 when both are equal. */
  readonly scale: number
  /** tauMem >= tauSyn: the membrane is the slower exponential. */
  readonly membraneIsSlower: boolean
}

/** The time constants shared by a class of neurons, in ms, with what follows from them. */
export interface TimeConstants {
  readonly tauMem: number
  readonly exc: SynapticConstants
  /** The same object as `exc` when there is one synaptic current. */
  readonly inh: SynapticConstants
  /** Two synaptic currents, chosen by the sign of the weight. */
  readonly split: boolean
  readonly tauAdapt: number
  /** Where kappa of the excitatory current is largest, and its value there. */
  readonly peakTime: number
  readonly peakKappa: number
}

/**
 * The difference 1/a - 1/b of two rates, to full relative precision also when a and b nearly agree.
 */
export function rateDifference(a: number, b: number): number {
  return (b - a) / (a * b)
}

function synapticConstants(tauMem: number, tauSyn: number): SynapticConstants {
  const gap = Math.abs(tauSyn - tauMem)
  return {
    tauSyn,
    rate: gap / (tauMem * tauSyn),
    scale: gap === 0 ? 0 : tauSyn / gap,
    membraneIsSlower: tauMem >= tauSyn,
  }
}

/** Time of the maximum of kappa: tauMem tauSyn / (tauMem - tauSyn) ln(tauMem / tauSyn); tauSyn when equal. */
function kappaPeakTime(tauMem: number, tauSyn: number): number {
  const excess = (tauMem - tauSyn) / tauSyn
  return excess === 0 ? tauSyn : (tauMem * log1p(excess)) / excess
}

export function timeConstants(tauMem: number, tauSynExc: number, tauSynInh: number, tauAdapt: number): TimeConstants {
  const split = tauSynExc !== tauSynInh
  const exc = synapticConstants(tauMem, tauSynExc)
  const inh = split ? synapticConstants(tauMem, tauSynInh) : exc
  const peakTime = kappaPeakTime(tauMem, tauSynExc)
  const constants = { tauMem, exc, inh, split, tauAdapt, peakTime, peakKappa: 0 }
  const factors = new Float64Array(PROPAGATOR_SIZE)
  propagate(constants, peakTime, factors)
  return { ...constants, peakKappa: factors[KAPPA_EXC] as number }
}
