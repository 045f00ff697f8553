import { shortestTau } from '../lanes/lane-taus'
import { exp } from '../numerics/exp'
import { listedIn, projection } from '../projections'
import {
  delays,
  hasInhibition,
  increments,
  longestDelays,
  memGrowths,
  parameters,
  rows,
  size,
  synGrowths,
  tauMem,
  tauSyn,
  tauSynInh,
  weights,
} from '../schema/header'
import {
  DELAY_KIND,
  DELAYS_AT,
  FIRST_ROW,
  LISTED,
  LISTED_DELAY,
  LISTED_PLACE,
  NONE,
  PER_SOURCE,
  PER_SYNAPSE,
  RANGE_END,
  RANGE_START,
  UNITS,
} from '../schema/records'

/** Delays longer than this multiple of the shortest time constant have factors that are never used. */
const RANGE: f64 = 600

/**
 * Copies the delays of a lane group's synapses to [row][lane], whatever they share, and notes
 *
 *     w e^{d/tauSyn}, w e^{d/tauMem}      e^{d/tauSyn}, e^{d/tauMem}
 *
 * so that a synaptic event needs no exponential; tauSyn is that of the current that the weight drives. The weights must be
 * in place.
 */
export function packDelays(laneGroup: i32, p: i32): void {
  if (listedIn(laneGroup, p) == 0) packDense(laneGroup, p)
  else packListed(laneGroup, p)
}

function packDense(laneGroup: i32, p: i32): void {
  const kind = load<i32>(projection(p), DELAY_KIND)
  const units = load<i32>(projection(p), UNITS)
  const from = parameters() + <usize>load<u32>(projection(p), DELAYS_AT)
  const place = 8 * (laneGroup * rows() + load<i32>(projection(p), FIRST_ROW))
  const count = min(8, size() - 8 * laneGroup)
  for (let unit = 0; unit < units; unit++)
    for (let n = 0; n < count; n++) {
      const synapse = units * (8 * laneGroup + n) + unit
      const index = kind == PER_SYNAPSE ? synapse : kind == PER_SOURCE ? unit : 0
      const delay = kind == NONE ? 0 : load<f64>(from + 8 * <usize>index)
      packDelay(<usize>(place + 8 * unit + n), delay)
    }
}

/** Of pairs without a synapse the rows have an endless delay from the start. */
function packListed(laneGroup: i32, p: i32): void {
  const hasDelays = load<i32>(projection(p), DELAY_KIND) != NONE
  const from = parameters() + <usize>load<u32>(projection(p), DELAYS_AT)
  const place: usize = 8 * <usize>laneGroup * <usize>rows()
  const range = listedIn(laneGroup, p)
  const end = <usize>load<u32>(range, RANGE_END)
  for (let synapse = <usize>load<u32>(range, RANGE_START); synapse < end; synapse += LISTED) {
    const delay = hasDelays ? load<f64>(from + 8 * <usize>load<u32>(synapse, LISTED_DELAY)) : 0
    packDelay(place + <usize>load<u32>(synapse, LISTED_PLACE) / 8, delay)
  }
}

/** Notes the longest delay of each neuron of a lane group, once all are in place. */
export function noteLongest(laneGroup: i32): void {
  const longest = longestDelays() + 64 * <usize>laneGroup
  const first = delays() + 64 * <usize>rows() * <usize>laneGroup
  memory.fill(longest, 0, 64)
  for (let row = first; row < first + 64 * <usize>rows(); row += 64)
    for (let at: usize = 0; at < 64; at += 8) {
      const delay = load<f64>(row + at)
      if (delay < Infinity) store<f64>(longest + at, max(load<f64>(longest + at), delay))
    }
}

function packDelay(place: usize, delay: f64): void {
  const growing = min(delay, RANGE * shortestTau())
  const weight = load<f64>(weights() + 8 * place)
  const syn = exp(growing / (hasInhibition() && weight < 0 ? tauSynInh() : tauSyn()))
  const mem = exp(growing / tauMem())
  store<f64>(delays() + 8 * place, delay)
  store<f64>(synGrowths() + 8 * place, syn)
  store<f64>(memGrowths() + 8 * place, mem)
  store<f64>(increments() + 16 * place, weight * syn)
  store<f64>(increments() + 16 * place, weight * mem, 8)
}
