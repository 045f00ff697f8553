import { exp } from '../numerics/exp'
import { tauAdapt } from '../schema/header'
import {
  adaptations,
  adapted,
  arrivalCount,
  arrivalsAt,
  binEnd,
  binKappa,
  candidates,
  endShare,
  heldCount,
  heldNeurons,
  heldUntil,
  keeps,
  levels,
  limits,
  logAt,
  logHeads,
  logRoom,
  neurons,
  restless,
  restlessCount,
  states,
  tops,
  walkFlags,
} from '../schema/window-header'
import {
  ARRIVAL,
  ARRIVAL_ADDED,
  ARRIVAL_END,
  ARRIVAL_FIRST,
  ARRIVAL_X,
  ENTRY,
  ENTRY_ARRIVAL,
  ENTRY_BEFORE,
  ENTRY_X,
  PROJECTION_IS_DOUBLE,
  PROJECTION_STRIDE,
  SHORT_RECORD,
} from '../schema/window-records'
import { MARGIN, MARGIN_OF_ARRIVAL } from './margins'
import { projectionOf, RECORD_TARGET, recordAdded, recordX } from './records'

/** Where a log ends. */
export const NO_ENTRY: u32 = 0xffffffff

let count: i32 = 0
/** Arrivals at candidates that the log should have. */
let logged: u32 = 0

/**
 * Lists the neurons that have to walk through the bin event by event; returns their number.
 *
 * The others provably stay below their threshold, and do not come above the maximum so far where that is wanted. With the
 * arrivals that excite alone, which are what the sums have by now, U(t) e^{-(end - t)/tauMem} would never fall if I were not
 * below 0 at the start:
 *
 *     U(t) <= (U(end) + kappa(bin) max(-I, 0)) e^{bin/tauMem}
 *
 * @param mostArrivals at one neuron; a walk adds them up in another order
 */
export function chooseCandidates(sums: usize, mostArrivals: f64): i32 {
  const all = neurons()
  beginCandidates()
  for (let k = 0; k < restlessCount(); k++) add(load<i32>(restless() + 4 * <usize>k))
  // The share of the current at the end of the bin, seen from there like the scaled voltage.
  const ofCurrent = f64x2.splat(endShare())
  const kappa = f64x2.splat((binKappa() / f64x2.extract_lane(keeps(), 1)) * (1 + MARGIN))
  const kept = f64x2.splat(f64x2.extract_lane(keeps(), 1))
  const zero = f64x2.splat(0)
  const margin = f64x2.splat(MARGIN + MARGIN_OF_ARRIVAL * mostArrivals)
  let state = states()
  let limit = tops() == 0 ? limits() : lowestLevels()
  for (let n = 0; n < all; n += 2) {
    const before = v128.load(state)
    const other = v128.load(state, 16)
    const first = f64x2.add(before, v128.load(sums))
    const second = f64x2.add(other, v128.load(sums, 16))
    const current = f64x2.mul(ofCurrent, v128.shuffle<i64>(first, second, 0, 2))
    const scaled = v128.shuffle<i64>(first, second, 1, 3)
    const end = f64x2.sub(scaled, current)
    const lacking = f64x2.max(f64x2.neg(v128.shuffle<i64>(before, other, 0, 2)), zero)
    const rounding = f64x2.mul(margin, f64x2.add(f64x2.abs(scaled), f64x2.abs(current)))
    const most = f64x2.add(f64x2.max(end, f64x2.mul(end, kept)), f64x2.add(f64x2.mul(kappa, lacking), rounding))
    const below = i64x2.bitmask(f64x2.lt(most, v128.load(limit)))
    if (below != 3) {
      if (!(below & 1) && !isRaised(n, f64x2.extract_lane(most, 0), load<f64>(limit))) add(n)
      if (!(below & 2) && n + 1 < all && !isRaised(n + 1, f64x2.extract_lane(most, 1), load<f64>(limit, 8))) add(n + 1)
    }
    state += 32
    limit += 16
    sums += 32
  }
  return count
}

/** Less than any difference: neurons at rest come up to their maximum, and not above it. */
const LEAST: f64 = 5e-324

/** The voltages at which neurons have to be looked at: their threshold, or above what their maximum is so far. */
export function lowestLevels(): usize {
  const first = levels()
  const limit = limits()
  const top = tops()
  const bytes: usize = (<usize>((neurons() + 1) & ~1)) << 3
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(first + at, f64x2.min(v128.load(limit + at), f64x2.add(v128.load(top + at), f64x2.splat(LEAST))))
  return first
}

/** Whether what own spikes have left a threshold raised by at the end of the bin rules a crossing out. */
function isRaised(n: i32, most: f64, limit: f64): bool {
  const at: usize = 8 * <usize>n
  const a = load<f64>(adaptations() + at)
  if (a == 0) return false
  const left = a * exp((load<f64>(adapted() + at) - binEnd()) / tauAdapt())
  return most + MARGIN * (abs(limit) + left) < limit + left
}

/** Lists those that walk in any case: neurons whose refractory period ends in the bin. */
export function beginCandidates(): void {
  count = 0
  const end = binEnd()
  const held = heldNeurons()
  const all = heldCount()
  for (let k = 0; k < all; k++) {
    const n = load<u32>(held + 4 * <usize>k)
    if (load<f64>(heldUntil() + 8 * <usize>n) < end) add(n)
  }
}

/** Lists a neuron once, whatever there is against it. */
export function add(n: i32): void {
  if (load<u8>(walkFlags() + <usize>n) != 0) return
  store<u32>(candidates() + 4 * <usize>count, n)
  store<u8>(walkFlags() + <usize>n, 1)
  store<u32>(logHeads() + 4 * <usize>n, NO_ENTRY)
  count++
}

/** Notes the arrivals at candidates, the last one first; returns how many there are, noted or not. */
export function logArrivals(): u32 {
  beginLog()
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  // Backward, since the last entry of a neuron comes to be the first of its list.
  for (let after = end; after > arrivalsAt(); after -= ARRIVAL) {
    const arrival = after - ARRIVAL
    const projection = projectionOf(arrival)
    if (load<u32>(projection, PROJECTION_STRIDE) == SHORT_RECORD) logShort(arrival)
    else if (load<u32>(projection, PROJECTION_IS_DOUBLE) != 0) logRecords<f64>(arrival, projection)
    else logRecords<f32>(arrival, projection)
  }
  return logged
}

/** Nothing is noted at any candidate. */
export function beginLog(): void {
  for (let k = 0; k < count; k++) store<u32>(logHeads() + 4 * <usize>candidate(k), NO_ENTRY)
  logged = 0
}

export function loggedEntries(): u32 {
  return logged
}

export function candidateCount(): i32 {
  return count
}

function logShort(arrival: usize): void {
  const flags = walkFlags()
  const stop = <usize>load<u32>(arrival, ARRIVAL_END)
  const added = v128.load(arrival, ARRIVAL_ADDED)
  const x = load<f64>(arrival, ARRIVAL_X)
  let at = <usize>load<u32>(arrival, ARRIVAL_FIRST)
  for (; at + 8 <= stop; at += 8) {
    const four = load<u64>(at)
    const a = <u32>four & 0xffff
    const b = <u32>(four >> 16) & 0xffff
    const c = <u32>(four >> 32) & 0xffff
    const d = <u32>(four >> 48)
    if (load<u8>(flags + a) | load<u8>(flags + b) | load<u8>(flags + c) | load<u8>(flags + d)) {
      if (load<u8>(flags + a)) note(a, added, x, arrival)
      if (load<u8>(flags + b)) note(b, added, x, arrival)
      if (load<u8>(flags + c)) note(c, added, x, arrival)
      if (load<u8>(flags + d)) note(d, added, x, arrival)
    }
  }
  for (; at < stop; at += 2) {
    const a = <u32>load<u16>(at)
    if (load<u8>(flags + a)) note(a, added, x, arrival)
  }
}

function logRecords<T>(arrival: usize, projection: usize): void {
  const flags = walkFlags()
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const stop = <usize>load<u32>(arrival, ARRIVAL_END)
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < stop; record += stride) {
    const target = load<u32>(record, RECORD_TARGET)
    if (load<u8>(flags + target))
      note(target, recordAdded<T>(arrival, projection, record), recordX<T>(arrival, projection, record), arrival)
  }
}

/** Notes an arrival at a candidate, if there is room. */
export function note(n: u32, added: v128, x: f64, arrival: usize): void {
  const entry = logged++
  if (entry >= logRoom()) return
  const at = logAt() + ENTRY * <usize>entry
  const head = logHeads() + 4 * <usize>n
  v128.store(at, added)
  store<f64>(at, x, ENTRY_X)
  store<u32>(at, load<u32>(head), ENTRY_BEFORE)
  store<u32>(at, <u32>arrival, ENTRY_ARRIVAL)
  store<u32>(head, entry)
}

/** The n-th neuron that walks. */
export function candidate(k: i32): i32 {
  return load<i32>(candidates() + 4 * <usize>k)
}

/** Clears the marks of all neurons that walk. */
export function dismissCandidates(): void {
  for (let k = 0; k < count; k++) store<u8>(walkFlags() + <usize>candidate(k), 0)
}
