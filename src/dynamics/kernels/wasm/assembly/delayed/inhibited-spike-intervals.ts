import { inhibitoryCrossShare } from '../equations/propagator'
import { lane } from '../lanes/lanes'
import { exp } from '../numerics/exp'
import {
  BETA_INH,
  BY_MEM_INH,
  BY_SYN_INH,
  SPIKE_INTERVAL_INHIBITION,
  SPIKE_INTERVAL_P_J,
  SPIKE_INTERVAL_Q_J,
  SPIKE_INTERVAL_Z_J,
} from '../schema/delayed-records'
import { inhibitedSpikeIntervals, spikeIntervals, tauSynInh, wantsTaus } from '../schema/header'
import { Q_J, Z_J } from '../schema/lanes'
import { inhM0, inhS0 } from './spike-interval-taus'

/**
 * What an interval between own events knows of the inhibitory current, where there are two: as `spike-intervals.ts` and
 * `spike-interval-taus.ts` have it of the excitatory one, with tauSynInh in place of tauSyn, eight lanes each, as far from
 * `inhibitedSpikeIntervals` as the inter-spike interval is from `spikeIntervals`:
 *
 *     pJ right before the event | BETA | qJ and zJ right before the event | BY_MEM | BY_SYN
 */

/** Of a place in an inter-spike interval, the place that belongs to it. */
export function inhibitionOf(own: usize): usize {
  return inhibitedSpikeIntervals() + (own - spikeIntervals())
}

export function clearInhibition(spikeInterval: usize): void {
  memory.fill(inhibitionOf(spikeInterval), 0, SPIKE_INTERVAL_INHIBITION)
}

/** An inter-spike interval of a lane is opened. */
export function noteInhibition(own: usize, n: i32, pJ: f64): void {
  const at = inhibitionOf(own)
  store<f64>(at, pJ, SPIKE_INTERVAL_P_J)
  if (!wantsTaus()) return
  store<f64>(at, lane(Q_J, n), SPIKE_INTERVAL_Q_J)
  store<f64>(at, lane(Z_J, n), SPIKE_INTERVAL_Z_J)
}

/** Makes BETA, BY_MEM and BY_SYN relative to an origin that is so many ms before the event. */
export function scaleInhibition(own: usize, elapsed: f64, pU: f64): void {
  const at = inhibitionOf(own)
  const toSyn = exp(-elapsed / tauSynInh())
  store<f64>(at, (load<f64>(at, SPIKE_INTERVAL_P_J) + inhibitoryCrossShare() * pU) * toSyn, BETA_INH)
  if (!wantsTaus()) return
  store<f64>(at, (load<f64>(at, SPIKE_INTERVAL_Q_J) - inhM0 * pU) * toSyn, BY_MEM_INH)
  store<f64>(at, (load<f64>(at, SPIKE_INTERVAL_Z_J) - inhS0 * pU) * toSyn, BY_SYN_INH)
}
