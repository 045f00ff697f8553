import { decayMem, decaySyn, kappa, propagate } from '../equations/propagator'
import { decayInh, kappaInh, propagateInhibition } from '../events/inhibition'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { addEvent, takeEvents } from '../gradients/returned-events'
import { touch } from '../gradients/touch-rows'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, lanes, setLane } from '../lanes/lanes'
import {
  ALPHA,
  BETA,
  CUT,
  EMITTED,
  END,
  FIRST_CUT,
  REACH,
  SCALED_END,
  SPIKE,
  SPIKE_FACTORS,
  SPIKE_INTERVAL,
  SPIKE_INTERVAL_P_I,
  SPIKE_INTERVAL_P_J,
  SPIKE_INTERVAL_P_U,
  SPIKE_SLOT,
  SPIKE_UNIT,
} from '../schema/delayed-records'
import {
  adjoints,
  delays,
  eventSums,
  hasInhibition,
  horizon,
  longestDelays,
  memGrowths,
  ownTaus,
  perTauMem,
  perTauSyn,
  perTauSynInh,
  rate,
  rateInh,
  ratio,
  reached,
  rows,
  size,
  spikeShifts,
  synGrowths,
  tauMem,
  wantsTaus,
} from '../schema/header'
import { EVENTS, MASKS } from '../schema/lanes'
import { EVENT } from '../schema/records'
import {
  ARRIVAL_NUMBER,
  ARRIVAL_UNIT,
  ARRIVES,
  isUndone,
  listArrivals,
  listed,
  rowOfArrival,
  undoneBefore,
  undoneSince,
} from './arrivals'
import { inhibitionOf } from './inhibited-spike-intervals'
import { undoAtOwnTaus } from './own-taus'
import { countUndone, forgetUndone, noteUndone, noteUndoneRow } from './own-traffic'
import { eventAtPeak, lanesOnArrival } from './peak-events'
import {
  crossShare,
  firstSpikeInterval,
  isScaledFor,
  reachOfSpikeIntervals,
  scaleSpikeIntervals,
  spikeIntervalOf,
  spikeIntervalsEnd,
} from './spike-intervals'
import { originOf } from './spikes'
import { addTaus, addTausAlone, beginDelayedTaus, sumsOf } from './taus'
import { undoTwoAtOnce } from './two-currents-adjoint'
import { addTausOfTwo, addTausOfTwoAlone } from './two-currents-taus'
import { endOfRowsOf, firstRowOf, hasRowOfEach, numberOf } from './unit-rows'

/** Closer to an own event than this share of 1 / |1/tauMem - 1/tauSyn| the terms of pI cancel too much. */
const CANCELLING: f64 = 1 / 1024

/** Where the lane group's delays, the gradient of them, and e^{d/tauMem} and e^{d/tauSyn} lie. */
export let laneDelays: usize = 0
export let delayGradient: usize = 0
let laneMemGrowths: usize = 0
let laneSynGrowths: usize = 0

/** The inter-spike intervals that the arrivals of the spike at work may belong to. */
let lowest: usize = 0
let highest: usize = 0
/** The longest delay of the lane group. */
let longest: f64 = 0
/** Arrivals closer to their own event than this are undone one by one. */
let near: f64 = 0
/** pI = BETA e^{(t - O)/tauSyn} + pU (turn (E - t) + cross) */
let turn: f64 = 0
let cross: f64 = 0
/** The trial at work, and its lanes whose maximum sits on an arrival. */
let trial: i32 = 0
let turned: i32 = 0
/** Lanes, as bits, whose arrival is left to be undone one by one. */
let left: i32 = 0
/** All later spikes come after every own event. */
let latestReach: f64 = 0
/** Every spike has one row, whose arrivals are undone at once, but for a few lanes. */
let isPlain: bool = false

/** The lane group at work has its inter-spike intervals in a window of a trial; its arrivals come next. */
export function beginAdjoint(ofTrial: i32): void {
  trial = ofTrial
  turned = lanesOnArrival(trial)
  const offset: usize = 64 * <usize>rows() * <usize>laneGroup
  laneDelays = delays() + offset
  laneMemGrowths = memGrowths() + offset
  laneSynGrowths = synGrowths() + offset
  delayGradient = gradient + 64 * (<usize>rows() + 3)
  lowest = highest = spikeIntervalsEnd - SPIKE_INTERVAL
  longest = 0
  for (let n: usize = 0; n < 8; n++) longest = max(longest, load<f64>(longestDelays() + 64 * <usize>laneGroup + 8 * n))
  near = rate() > 0 ? CANCELLING / rate() : 0
  if (hasInhibition() && rateInh() > 0) near = max(near, CANCELLING / rateInh())
  turn = rate() > 0 ? 0 : perTauMem()
  cross = -crossShare()
  latestReach = reachOfSpikeIntervals()
  // Nearly equal time constants leave nothing to the scaled form.
  isPlain = ownTaus() == 0 && !hasInhibition() && !wantsTaus() && near < tauMem() && hasRowOfEach()
  if (wantsTaus()) beginDelayedTaus(trial, laneDelays, laneMemGrowths, laneSynGrowths, near)
}

/** Undoes what some spikes cause at all lanes: everything, or where chance shifts arrivals what comes in the window. */
export function undoArrivals(first: usize, end: usize): void {
  forgetUndone()
  if (spikeShifts() != 0) {
    undoShifted(first, end)
    countUndone(false)
    return
  }
  if (adjoints() != 0) touchRowsOf(first, end)
  for (let next = end; next > first; next -= SPIKE) undoArrivalsOf(next - SPIKE)
  countUndone(ownTaus() == 0 && near < tauMem())
}

/** Looks at what the arrivals of some spikes come through, and all that they add to. */
function touchRowsOf(first: usize, end: usize): void {
  for (let spike = first; spike < end; spike += SPIKE) {
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64) {
      touch(laneDelays + row)
      touch(laneMemGrowths + row)
      touch(laneWeights + row)
      touch(gradient + row)
      touch(delayGradient + row)
      if (!wantsTaus()) continue
      touch(sumsOf(row))
      touch(sumsOf(row) + 64)
    }
  }
}

/** Undoes the arrivals of a spike; those of later ones are undone. */
function undoArrivalsOf(spike: usize): void {
  const unit = load<u32>(spike, SPIKE_UNIT)
  const time = load<f64>(spike, EMITTED)
  // It comes after all own events, or is over.
  if (time > latestReach || (time == latestReach && turned == 0) || time + longest < undoneSince()) return
  while (lowest > firstSpikeInterval && load<f64>(lowest - SPIKE_INTERVAL, REACH) > time) lowest -= SPIKE_INTERVAL
  const latest = time + longest
  while (highest > firstSpikeInterval && load<f64>(highest - SPIKE_INTERVAL, FIRST_CUT) > latest)
    highest -= SPIKE_INTERVAL
  if (ownTaus() == 0 && !isScaledFor(time)) scaleSpikeIntervals(originOf(time))
  const first = firstRowOf(unit)
  if (isPlain) {
    undoAtOnce(spike, first)
    finishRow(spike, time, first, load<u32>(spike, SPIKE_SLOT))
    return
  }
  const rowsEnd = endOfRowsOf(unit)
  let number = numberOf(load<u32>(spike, SPIKE_SLOT)) + <u32>((rowsEnd - first) / 64)
  for (let row = rowsEnd; row > first; ) {
    row -= 64
    number--
    undoRow(spike, row)
    finishRow(spike, time, row, number)
  }
}

/** Undoes the arrivals at a row, but for those `left`. */
function undoRow(spike: usize, row: usize): void {
  left = 0
  if (ownTaus() != 0 && !hasInhibition()) {
    undoAtOwnTaus(spike, row, lowest, highest)
    return
  }
  if (wantsTaus()) {
    if (hasInhibition()) addTausOfTwo(spike, row, lowest, highest)
    else addTaus(spike, row, lowest, highest)
  }
  // Nearly equal time constants, and those of its own that a lane has, leave nothing to the scaled form.
  if (!(near < tauMem()) || ownTaus() != 0) left = 255
  else if (hasInhibition()) left = undoTwoAtOnce(spike, row, lowest, highest, near)
  else undoAtOnce(spike, row)
}

/** Undoes those that are `left` of a row, and what a maximum on one of them asks for; notes its events. */
function finishRow(spike: usize, time: f64, row: usize, number: u32): void {
  for (; left != 0; left &= left - 1) {
    takeUpTaus(laneGroup, ctz(left))
    undoAlone(arrivalAt(time, row, ctz(left)), row, ctz(left))
  }
  for (let some = turned; some != 0; some &= some - 1)
    undoAtPeak(arrivalAt(time, row, ctz(some)), row, load<u32>(spike, SPIKE_UNIT), number, ctz(some))
  noteUndoneRow()
  if (eventSums() != 0) takeEvents(laneGroup, number)
}

function arrivalAt(emitted: f64, row: usize, n: i32): f64 {
  return emitted + load<f64>(laneDelays + row + 8 * <usize>n)
}

/** Chance has shifted arrivals, so that those of a row need not come as they were sent: lane by lane, the last one first. */
function undoShifted(first: usize, end: usize): void {
  for (let n = 0; n < 8 && 8 * laneGroup + n < size(); n++) {
    const stop = listArrivals(laneGroup, n, first, end, reached(), horizon())
    takeUpTaus(laneGroup, n)
    for (let arrival = stop; arrival > listed; ) {
      arrival -= EVENT
      const row = rowOfArrival(arrival)
      const number = load<u32>(arrival, ARRIVAL_NUMBER)
      const time = load<f64>(arrival, ARRIVES)
      if (wantsTaus()) {
        if (hasInhibition()) addTausOfTwoAlone(time, row, n)
        else addTausAlone(time, row, n)
      }
      undoAlone(time, row, n)
      if (turned & (1 << n)) undoAtPeak(time, row, load<u32>(arrival, ARRIVAL_UNIT), number, n)
      noteUndone(lane(EVENTS, n))
      if (eventSums() != 0) addEvent(laneGroup, number, n, lane(EVENTS, n))
    }
  }
}

/** Of a lane whose maximum sits on an arrival: what one at the same time adds. */
function undoAtPeak(time: f64, row: usize, unit: u32, number: u32, n: i32): void {
  const event = eventAtPeak(trial, n, time, unit, number)
  const place = delayGradient + row + 8 * <usize>n
  store<f64>(place, load<f64>(place) + event)
  setLane(EVENTS, n, lane(EVENTS, n) + event)
}

/** Undoes the arrivals of a spike in scaled form, but for those `left`. Gradient events are in EVENTS. */
function undoAtOnce(spike: usize, row: usize): void {
  const from = lowest
  const to = highest
  const delayRow = laneDelays + row
  const growthRow = laneMemGrowths + row
  const weightRow = laneWeights + row
  const gradientRow = gradient + row
  const delayGradientRow = delayGradient + row
  const synGrowthRow = laneSynGrowths + row
  const events = lanes + EVENTS
  const masks = lanes + MASKS
  const emitted = v128.load_splat<f64>(spike, EMITTED)
  const syn = v128.load_splat<f64>(spike, SPIKE_FACTORS)
  const mem = v128.load_splat<f64>(spike, SPIKE_FACTORS + 8)
  const closest = f64x2.splat(near)
  const isCut = adjoints() != 0
  const since = f64x2.splat(undoneSince())
  const before = f64x2.splat(undoneBefore())
  const power = ratio()
  const bySyn = f64x2.splat(perTauSyn())
  const byMem = f64x2.splat(perTauMem())
  let some: v128 = i32x4.splat(0)
  for (let at: usize = 0; at < 64; at += 16) {
    const time = f64x2.add(emitted, v128.load(delayRow + at))
    let isHere = i32x4.splat(-1)
    // In a whole trial all inter-spike intervals end before it does.
    if (isCut) {
      isHere = v128.and(f64x2.ge(time, since), f64x2.lt(time, before))
      if (!v128.any_true(isHere)) {
        v128.store(events + at, f64x2.splat(0))
        v128.store(masks + at, f64x2.splat(0))
        continue
      }
    }
    let end = f64x2.splat(1e300)
    let alpha = f64x2.splat(0)
    let beta = f64x2.splat(0)
    let spikeInterval = to + at
    do {
      const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
      end = v128.bitselect(v128.load(spikeInterval, SCALED_END), end, isInside)
      alpha = v128.bitselect(v128.load(spikeInterval, ALPHA), alpha, isInside)
      beta = v128.bitselect(v128.load(spikeInterval, BETA), beta, isInside)
      spikeInterval -= SPIKE_INTERVAL
    } while (spikeInterval >= from)
    const d = f64x2.sub(end, time)
    const isClose = f64x2.lt(d, closest)
    const isLeft = v128.and(isClose, isHere)
    const counts = v128.andnot(isHere, isClose)
    some = v128.or(some, isLeft)
    const x = f64x2.mul(mem, v128.load(growthRow + at))
    let y = x
    if (power == 0) y = f64x2.mul(syn, v128.load(synGrowthRow + at))
    else if (power > 1) {
      y = f64x2.mul(y, y)
      if (power > 2) y = f64x2.mul(y, y)
    }
    const pU = f64x2.mul(x, alpha)
    let factor = f64x2.splat(cross)
    if (power == 1) factor = f64x2.mul(d, f64x2.splat(turn))
    const pI = v128.and(f64x2.add(f64x2.mul(y, beta), f64x2.mul(pU, factor)), counts)
    const flow = f64x2.sub(f64x2.mul(pI, bySyn), f64x2.mul(pU, byMem))
    const event = v128.and(f64x2.mul(v128.load(weightRow + at), flow), counts)
    v128.store(gradientRow + at, f64x2.add(v128.load(gradientRow + at), pI))
    v128.store(delayGradientRow + at, f64x2.add(v128.load(delayGradientRow + at), event))
    v128.store(events + at, event)
    v128.store(masks + at, isLeft)
  }
  left = v128.any_true(some) ? lanesLeft() : 0
}

/** Lanes, as bits, of which nothing has been undone. */
function lanesLeft(): i32 {
  let bits = 0
  for (let at: usize = 0; at < 64; at += 16) bits |= i64x2.bitmask(v128.load(lanes + MASKS + at)) << (<i32>at >> 3)
  return bits
}

/** What arrives at the lane at work at a time, with a propagator of its own: whatever the time constants and delays. */
function undoAlone(time: f64, row: usize, n: i32): void {
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
