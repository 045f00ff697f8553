import { kappa, propagate } from '../equations/propagator'
import { NEAR } from '../numerics/exp-pair'
import { log1p } from '../numerics/log1p'
import { HORIZON } from '../schema/constants'
import * as header from '../schema/header'
import { OfLane } from '../schema/header'
import { Own, TAUS_PER_NEURON } from '../schema/records'
import { laneOffset, setLaneOffset } from './lanes'

/** What follows computes with the time constants of a lane, where neurons have their own. */
export function takeUpTaus(laneGroup: i32, n: i32): void {
  if (header.laneTaus() != 0)
    setLaneOffset(header.laneTaus() - header.HEADER_AT + header.LANE_TAUS * (8 * <usize>laneGroup + <usize>n))
}

/** What follows computes with those of the header. */
export function putDownTaus(): void {
  if (laneOffset != 0) setLaneOffset(0)
}

/** The shortest of the time constants that voltages and currents move by, in ms. */
export function shortestTau(): f64 {
  const shorter = min(header.tauMem(), header.tauSyn())
  return header.hasInhibition() ? min(shorter, header.tauSynInh()) : shorter
}

/**
 * Writes what follows from the time constants of a lane group's neurons, where each has its own; as `deriveConstants` of
 * src/dynamics does. Lanes beyond the last neuron have those of that one.
 */
export function deriveTaus(laneGroup: i32): void {
  if (header.laneTaus() == 0) return
  for (let n = 0; n < 8; n++) {
    const at = header.laneTaus() + header.LANE_TAUS * (8 * <usize>laneGroup + <usize>n)
    deriveLane(at, <usize>min(8 * laneGroup + n, header.size() - 1))
    takeUpTaus(laneGroup, n)
    propagate(load<f64>(at, OfLane.PEAK_TIME))
    store<f64>(at, kappa, OfLane.PEAK_KAPPA)
    if (header.tausPerNeuron() != 0) writeRows(header.tausPerNeuron() + TAUS_PER_NEURON * <usize>laneGroup, n, at)
  }
  putDownTaus()
}

function deriveLane(at: usize, neuron: usize): void {
  const tauMem = load<f64>(header.tauMemAt() + header.tauMemStep() * neuron)
  const tauSyn = load<f64>(header.tauSynAt() + header.tauSynStep() * neuron)
  const tauSynInh = load<f64>(header.tauSynInhAt() + header.tauSynInhStep() * neuron)
  const tauAdapt = load<f64>(header.tauAdaptAt() + header.tauAdaptStep() * neuron)
  const gap = abs(tauSyn - tauMem)
  const longer = max(tauMem, tauSyn)
  const excess = gap / min(tauMem, tauSyn)
  store<f64>(at, tauMem, OfLane.TAU_MEM)
  store<f64>(at, tauSyn, OfLane.TAU_SYN)
  store<f64>(at, gap / (tauMem * tauSyn), OfLane.RATE)
  store<f64>(at, gap == 0 ? 0 : tauSyn / gap, OfLane.SCALE)
  store<f64>(at, tauAdapt, OfLane.TAU_ADAPT)
  store<f64>(at, excess == 0 ? tauSyn : (longer * log1p(excess)) / excess, OfLane.PEAK_TIME)
  store<f64>(at, (tauSyn - tauMem) / (tauMem * tauSyn), OfLane.RATE_GAP)
  const slower = max(max(tauMem, tauSyn), tauAdapt)
  store<f64>(at, HORIZON * (header.hasInhibition() ? max(slower, tauSynInh) : slower), OfLane.SEARCH_HORIZON)
  store<f64>(at, 1 / tauMem, OfLane.PER_TAU_MEM)
  store<f64>(at, 1 / tauSyn, OfLane.PER_TAU_SYN)
  store<i32>(at, ratioOf(tauMem, tauSyn), OfLane.RATIO)
  store<i32>(at, tauMem >= tauSyn ? 1 : 0, OfLane.MEMBRANE_IS_SLOWER)
  deriveInhibition(at, tauMem, tauSyn, tauSynInh)
}

function deriveInhibition(at: usize, tauMem: f64, tauSyn: f64, tauSynInh: f64): void {
  const gap = abs(tauSynInh - tauMem)
  store<f64>(at, tauSynInh, OfLane.TAU_SYN_INH)
  store<f64>(at, 1 / tauSynInh, OfLane.PER_TAU_SYN_INH)
  store<f64>(at, gap / (tauMem * tauSynInh), OfLane.RATE_INH)
  store<f64>(at, gap == 0 ? 0 : tauSynInh / gap, OfLane.SCALE_INH)
  store<f64>(at, (tauSyn - tauSynInh) / (tauSynInh * tauSyn), OfLane.INHIBITION_GAP)
  store<i32>(at, ratioOf(tauMem, tauSynInh), OfLane.RATIO_INH)
  store<i32>(at, tauMem >= tauSynInh ? 1 : 0, OfLane.MEMBRANE_IS_SLOWER_INH)
}

function ratioOf(tauMem: f64, tauSyn: f64): i32 {
  return tauMem == tauSyn ? 1 : tauMem == 2 * tauSyn ? 2 : tauMem == 4 * tauSyn ? 4 : 0
}

/** What registers need, of the lane whose record is at `from`. */
function writeRows(laneGroup: usize, n: i32, from: usize): void {
  const at = laneGroup + 8 * <usize>n
  const perMem = load<f64>(from, OfLane.PER_TAU_MEM)
  const perSyn = load<f64>(from, OfLane.PER_TAU_SYN)
  const rate = load<f64>(from, OfLane.RATE)
  const isMembrane = load<i32>(from, OfLane.MEMBRANE_IS_SLOWER) != 0
  const near = NEAR / max(perMem, perSyn)
  store<f64>(at, perMem, Own.PER_TAU_MEM)
  store<f64>(at, perSyn, Own.PER_TAU_SYN)
  store<f64>(at, isMembrane ? perMem : perSyn, Own.PER_SLOWER)
  store<f64>(at, rate, Own.RATE)
  store<f64>(at, load<f64>(from, OfLane.SCALE), Own.SCALE)
  store<f64>(at, rate == 0 ? perMem : 0, Own.EQUAL)
  store<f64>(at, load<f64>(from, OfLane.PEAK_TIME), Own.PEAK_TIME)
  store<f64>(at, load<f64>(from, OfLane.PEAK_KAPPA), Own.PEAK_KAPPA)
  store<i64>(at, isMembrane ? -1 : 0, Own.IS_MEMBRANE)
  store<f64>(laneGroup, n == 0 ? near : min(load<f64>(laneGroup, Own.NEAR), near), Own.NEAR)
}
