import { effectByMem, effectBySyn, respondToTaus } from '../equations/integral-response'
import { gradient, laneWeights } from '../events/own-events'
import { tauRows } from '../gradients/taus'
import { lane } from '../lanes/lanes'
import { hasInhibition, perTauSyn, perTauSynInh, rate, rateInh } from '../schema/header'
import { P_U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  GRADIENT_BY_TAU_MEM,
  GRADIENT_BY_TAU_SYN,
  GRADIENT_BY_TAU_SYN_INH,
  TIME,
} from '../schema/records'

/** The arrivals of an instant, the last one first: those that excite, then those that have a current of their own. */
export function addInstantToTaus(instant: usize): void {
  const isSplit = hasInhibition()
  respondToTaus(load<f64>(instant, TIME), perTauSyn(), rate())
  const start = <usize>load<u32>(instant, ARRIVALS)
  const end = <usize>load<u32>(instant, ARRIVALS_END)
  for (let arrival = end; arrival > start; ) {
    arrival -= ARRIVAL
    const row = laneWeights + <usize>load<u32>(arrival)
    for (let n = 0; n < 8; n++) {
      const w = load<f64>(row + 8 * <usize>n)
      if (!isSplit || w >= 0) addToTaus(n, w, GRADIENT_BY_TAU_SYN)
    }
  }
  if (!isSplit) return
  respondToTaus(load<f64>(instant, TIME), perTauSynInh(), rateInh())
  for (let arrival = end; arrival > start; ) {
    arrival -= ARRIVAL
    const row = laneWeights + <usize>load<u32>(arrival)
    for (let n = 0; n < 8; n++) {
      const w = load<f64>(row + 8 * <usize>n)
      if (w < 0) addToTaus(n, w, GRADIENT_BY_TAU_SYN_INH)
    }
  }
}

/** An arrival at a lane, after `respondToTaus`: dL/dtau += q w dG/dtau. */
export function addToTaus(n: i32, weight: f64, bySyn: usize): void {
  const at = tauRows(gradient) + 8 * <usize>n
  const q = lane(P_U, n)
  store<f64>(at, load<f64>(at, GRADIENT_BY_TAU_MEM) + weight * (q * effectByMem), GRADIENT_BY_TAU_MEM)
  const synapse = at + bySyn
  store<f64>(synapse, load<f64>(synapse) + weight * (q * effectBySyn))
}
