import { EMITTED, powerBelow, SPIKE } from './delayed-spikes'
import { crossShare } from './delayed-stretches'
import { ratio, tauMem, tauSyn } from './plan'

/**
 * A grid of time for trials with many spikes: bins of a width that is a power of two, `BINS` of them a block.
 *
 * It depends on the spikes of the trial alone, all of which reach every neuron.
 */
export const BINS: i32 = 32
/** In a bin about so many spikes. */
const CROWD: f64 = 8
/** Widths are between these shares of the shorter time constant. */
const NARROW: f64 = 1 / 64
const WIDE: f64 = 1 / 4
/** With fewer spikes than this per bin neurons are run event by event. */
const SPARSE: f64 = 0.5
/** Time constants that are closer make differences cancel, more distant ones leave the membrane nothing to do. */
const CROSS: f64 = 8

/** The longest delay, by the shorter time constant. */
const REACH: f64 = 16

/** Width of a bin, and of a block, in ms. */
export let width: f64 = 0
export let blockWidth: f64 = 0

/** Lays the grid for some spikes of a trial; false if they are too few for it, or the time constants too close. */
export function layGrid(first: usize, end: usize): bool {
  if (ratio() == 1 || !(abs(crossShare()) <= CROSS) || end == first) return false
  const count = <f64>((end - first) / SPIKE)
  const spread = load<f64>(end - SPIKE, EMITTED) - load<f64>(first, EMITTED)
  const shorter = min(tauMem(), tauSyn())
  width = powerBelow(max(NARROW * shorter, min(WIDE * shorter, (CROWD * spread) / count)))
  blockWidth = <f64>BINS * width
  return count * width >= SPARSE * (spread + width)
}

/** Longer delays than this are not for the grid: their factors would be too coarse. */
export function reachOfGrid(): f64 {
  return REACH * min(tauMem(), tauSyn())
}

/** The start of the bin, or block, that a time lies in. */
export function startOf(time: f64, size: f64): f64 {
  return floor(time / size) * size
}
