import { decayInh, decayMem, decaySyn, kappa, kappaInh, propagate, propagateInhibition } from '../equations/propagator'
import { gradient, laneWeights } from '../events/own-events'
import { setLane } from '../lanes/lanes'
import { END, SPIKE_INTERVAL_P_I, SPIKE_INTERVAL_P_J, SPIKE_INTERVAL_P_U } from '../schema/delayed-records'
import { hasInhibition, perTauMem, perTauSyn, perTauSynInh } from '../schema/header'
import { EVENTS } from '../schema/lanes'
import { isUndone } from './arrivals'
import { inhibitionOf } from './inhibited-spike-intervals'
import { delayGradient } from './lane-rows'
import { spikeIntervalOf, spikeIntervalsEnd } from './spike-intervals'

/** What arrives at the lane at work at a time, with a propagator of its own: whatever the time constants and delays. */
export function undoAlone(time: f64, row: usize, n: i32): void {
  const place = row + 8 * <usize>n
  const spikeInterval = spikeIntervalOf(n, time)
  const d = spikeInterval < spikeIntervalsEnd ? load<f64>(spikeInterval, END) - time : -1
  setLane(EVENTS, n, 0)
  if (d < 0 || !isUndone(time)) return
  propagate(d)
  const p = load<f64>(spikeInterval, SPIKE_INTERVAL_P_U)
  const w = load<f64>(laneWeights + place)
  let current: f64
  let perSyn = perTauSyn()
  if (w < 0 && hasInhibition()) {
    propagateInhibition(d)
    perSyn = perTauSynInh()
    current = decayInh * load<f64>(inhibitionOf(spikeInterval), SPIKE_INTERVAL_P_J) + kappaInh * p
  } else current = decaySyn * load<f64>(spikeInterval, SPIKE_INTERVAL_P_I) + kappa * p
  const event = w * (current * perSyn - decayMem * p * perTauMem())
  store<f64>(gradient + place, load<f64>(gradient + place) + current)
  store<f64>(delayGradient + place, load<f64>(delayGradient + place) + event)
  setLane(EVENTS, n, event)
}
