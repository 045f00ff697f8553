import { kappa, propagate } from '../equations/propagator'
import { NEAR } from '../numerics/exp-pair'
import { log1p } from '../numerics/log1p'
import { HORIZON } from '../schema/constants'
import {
  HEADER_AT,
  hasInhibition,
  LANE_TAUS,
  laneTaus,
  OF_LANE_INHIBITION_GAP,
  OF_LANE_MEMBRANE_IS_SLOWER,
  OF_LANE_MEMBRANE_IS_SLOWER_INH,
  OF_LANE_PEAK_KAPPA,
  OF_LANE_PEAK_TIME,
  OF_LANE_PER_TAU_MEM,
  OF_LANE_PER_TAU_SYN,
  OF_LANE_PER_TAU_SYN_INH,
  OF_LANE_RATE,
  OF_LANE_RATE_GAP,
  OF_LANE_RATE_INH,
  OF_LANE_RATIO,
  OF_LANE_RATIO_INH,
  OF_LANE_SCALE,
  OF_LANE_SCALE_INH,
  OF_LANE_SEARCH_HORIZON,
  OF_LANE_TAU_ADAPT,
  OF_LANE_TAU_MEM,
  OF_LANE_TAU_SYN,
  OF_LANE_TAU_SYN_INH,
  ownTaus,
  size,
  tauAdaptAt,
  tauAdaptStep,
  tauMem,
  tauMemAt,
  tauMemStep,
  tauSyn,
  tauSynAt,
  tauSynInh,
  tauSynInhAt,
  tauSynInhStep,
  tauSynStep,
} from '../schema/header'
import {
  OWN_EQUAL,
  OWN_IS_MEMBRANE,
  OWN_NEAR,
  OWN_PEAK_KAPPA,
  OWN_PEAK_TIME,
  OWN_PER_SLOWER,
  OWN_PER_TAU_MEM,
  OWN_PER_TAU_SYN,
  OWN_RATE,
  OWN_SCALE,
  OWN_TAUS,
} from '../schema/records'
import { laneOffset, setLaneOffset } from './lanes'

/** What follows computes with the time constants of a lane, where neurons have their own. */
export function takeUpTaus(laneGroup: i32, n: i32): void {
  if (laneTaus() != 0) setLaneOffset(laneTaus() - HEADER_AT + LANE_TAUS * (8 * <usize>laneGroup + <usize>n))
}

/** What follows computes with those of the header. */
export function putDownTaus(): void {
  if (laneOffset != 0) setLaneOffset(0)
}

/** The shortest of the time constants that voltages and currents move by, in ms. */
export function shortestTau(): f64 {
  const shorter = min(tauMem(), tauSyn())
  return hasInhibition() ? min(shorter, tauSynInh()) : shorter
}

/**
 * Writes what follows from the time constants of a lane group's neurons, where each has its own; as `deriveConstants` of
 * src/dynamics does. Lanes beyond the last neuron have those of that one.
 */
export function deriveTaus(laneGroup: i32): void {
  if (laneTaus() == 0) return
  for (let n = 0; n < 8; n++) {
    const at = laneTaus() + LANE_TAUS * (8 * <usize>laneGroup + <usize>n)
    deriveLane(at, <usize>min(8 * laneGroup + n, size() - 1))
    takeUpTaus(laneGroup, n)
    propagate(load<f64>(at, OF_LANE_PEAK_TIME))
    store<f64>(at, kappa, OF_LANE_PEAK_KAPPA)
    if (ownTaus() != 0) writeRows(ownTaus() + OWN_TAUS * <usize>laneGroup, n, at)
  }
  putDownTaus()
}

function deriveLane(at: usize, neuron: usize): void {
  const tauMem = load<f64>(tauMemAt() + tauMemStep() * neuron)
  const tauSyn = load<f64>(tauSynAt() + tauSynStep() * neuron)
  const tauSynInh = load<f64>(tauSynInhAt() + tauSynInhStep() * neuron)
  const tauAdapt = load<f64>(tauAdaptAt() + tauAdaptStep() * neuron)
  const gap = abs(tauSyn - tauMem)
  const longer = max(tauMem, tauSyn)
  const excess = gap / min(tauMem, tauSyn)
  store<f64>(at, tauMem, OF_LANE_TAU_MEM)
  store<f64>(at, tauSyn, OF_LANE_TAU_SYN)
  store<f64>(at, gap / (tauMem * tauSyn), OF_LANE_RATE)
  store<f64>(at, gap == 0 ? 0 : tauSyn / gap, OF_LANE_SCALE)
  store<f64>(at, tauAdapt, OF_LANE_TAU_ADAPT)
  store<f64>(at, excess == 0 ? tauSyn : (longer * log1p(excess)) / excess, OF_LANE_PEAK_TIME)
  store<f64>(at, (tauSyn - tauMem) / (tauMem * tauSyn), OF_LANE_RATE_GAP)
  const slower = max(max(tauMem, tauSyn), tauAdapt)
  store<f64>(at, HORIZON * (hasInhibition() ? max(slower, tauSynInh) : slower), OF_LANE_SEARCH_HORIZON)
  store<f64>(at, 1 / tauMem, OF_LANE_PER_TAU_MEM)
  store<f64>(at, 1 / tauSyn, OF_LANE_PER_TAU_SYN)
  store<i32>(at, ratioOf(tauMem, tauSyn), OF_LANE_RATIO)
  store<i32>(at, tauMem >= tauSyn ? 1 : 0, OF_LANE_MEMBRANE_IS_SLOWER)
  deriveInhibition(at, tauMem, tauSyn, tauSynInh)
}

function deriveInhibition(at: usize, tauMem: f64, tauSyn: f64, tauSynInh: f64): void {
  const gap = abs(tauSynInh - tauMem)
  store<f64>(at, tauSynInh, OF_LANE_TAU_SYN_INH)
  store<f64>(at, 1 / tauSynInh, OF_LANE_PER_TAU_SYN_INH)
  store<f64>(at, gap / (tauMem * tauSynInh), OF_LANE_RATE_INH)
  store<f64>(at, gap == 0 ? 0 : tauSynInh / gap, OF_LANE_SCALE_INH)
  store<f64>(at, (tauSyn - tauSynInh) / (tauSynInh * tauSyn), OF_LANE_INHIBITION_GAP)
  store<i32>(at, ratioOf(tauMem, tauSynInh), OF_LANE_RATIO_INH)
  store<i32>(at, tauMem >= tauSynInh ? 1 : 0, OF_LANE_MEMBRANE_IS_SLOWER_INH)
}

function ratioOf(tauMem: f64, tauSyn: f64): i32 {
  return tauMem == tauSyn ? 1 : tauMem == 2 * tauSyn ? 2 : tauMem == 4 * tauSyn ? 4 : 0
}

/** What registers need, of the lane whose record is at `from`. */
function writeRows(laneGroup: usize, n: i32, from: usize): void {
  const at = laneGroup + 8 * <usize>n
  const perMem = load<f64>(from, OF_LANE_PER_TAU_MEM)
  const perSyn = load<f64>(from, OF_LANE_PER_TAU_SYN)
  const rate = load<f64>(from, OF_LANE_RATE)
  const isMembrane = load<i32>(from, OF_LANE_MEMBRANE_IS_SLOWER) != 0
  const near = NEAR / max(perMem, perSyn)
  store<f64>(at, perMem, OWN_PER_TAU_MEM)
  store<f64>(at, perSyn, OWN_PER_TAU_SYN)
  store<f64>(at, isMembrane ? perMem : perSyn, OWN_PER_SLOWER)
  store<f64>(at, rate, OWN_RATE)
  store<f64>(at, load<f64>(from, OF_LANE_SCALE), OWN_SCALE)
  store<f64>(at, rate == 0 ? perMem : 0, OWN_EQUAL)
  store<f64>(at, load<f64>(from, OF_LANE_PEAK_TIME), OWN_PEAK_TIME)
  store<f64>(at, load<f64>(from, OF_LANE_PEAK_KAPPA), OWN_PEAK_KAPPA)
  store<i64>(at, isMembrane ? -1 : 0, OWN_IS_MEMBRANE)
  store<f64>(laneGroup, n == 0 ? near : min(load<f64>(laneGroup, OWN_NEAR), near), OWN_NEAR)
}
