import { hasInhibition, tauMem, tauSyn, tauSynInh } from '../schema/header'

/** The shortest of the time constants that voltages and currents move by, in ms. */
export function shortestTau(): f64 {
  const shorter = min(tauMem(), tauSyn())
  return hasInhibition() ? min(shorter, tauSynInh()) : shorter
}
