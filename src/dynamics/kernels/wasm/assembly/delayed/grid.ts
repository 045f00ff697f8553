import { inhibitoryCrossShare } from '../equations/propagator'
import { shortestTau } from '../lanes/lane-taus'
import { BINS } from '../schema/delayed-records'
import { hasInhibition, tauMem, tauSyn, tauSynInh, tausPerNeuron, units } from '../schema/header'
import { crossShare } from './spike-intervals'
import { powerBelow } from './spikes'

/**
 * A grid of time: bins of a width that is a power of two, `BINS` of them a block.
 *
 * The group alone decides about it, never what arrives: what comes later leaves no trace.
 */

/** The width is at most this share of the geometric mean of tauMem and the shorter tauSyn, and that of the shortest one. */
const SHARE: f64 = 1 / 20
const SHARE_OF_SHORTEST: f64 = 1 / 4
/** Neurons that fewer units than this lead to are run event by event. */
const FEW: i32 = 64
/** Time constants that are nearly equal make differences cancel. */
const CROSS: f64 = 8
/** Longer delays than this, by the shortest time constant, have factors that are too coarse. */
const REACH: f64 = 16

/** Width of a bin, and of a block, in ms. */
export let width: f64 = 0
export let blockWidth: f64 = 0
/** The longest delay that the grid is for. */
export let reachOfGrid: f64 = 0

/** Lays the grid; false if the group is to be run event by event. */
export function layGrid(): bool {
  // Lanes with time constants of their own have no factors in common.
  if (units() < FEW || tausPerNeuron() != 0 || !(abs(crossShare()) <= CROSS)) return false
  if (hasInhibition() && !(abs(inhibitoryCrossShare()) <= CROSS)) return false
  const shortest = shortestTau()
  const syn = hasInhibition() ? min(tauSyn(), tauSynInh()) : tauSyn()
  width = powerBelow(min(SHARE * sqrt(tauMem() * syn), SHARE_OF_SHORTEST * shortest))
  blockWidth = <f64>BINS * width
  reachOfGrid = REACH * shortest
  return true
}

/** The end of the last bin that ends up to a time; where there is no grid: the time. */
export function completeBy(time: f64): f64 {
  return layGrid() ? floor(time / width) * width : time
}

/** The start of the block that a time lies in. */
export function blockOf(time: f64): f64 {
  return floor(time / blockWidth) * blockWidth
}

/** The width of a bin in ms; 0: the group is run event by event. */
export function binWidth(): f64 {
  return layGrid() ? width : 0
}
