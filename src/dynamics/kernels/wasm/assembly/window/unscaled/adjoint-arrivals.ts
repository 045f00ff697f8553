import {
  firstSpikeIntervals,
  tauMemSums,
  tauStates,
  tauSynInhSums,
  tauSynSums,
  topGradients,
  undoneFrom,
  vector,
} from '../../schema/adjoint-header'
import {
  ADJOINT_AFTER,
  ADJOINT_CURRENTS,
  ADJOINT_TAUS_BY_MEM,
  ADJOINT_TAUS_BY_SYN,
  ADJOINT_TAUS_OF_VOLTAGE,
  ADJOINT_VOLTAGE,
  BACK_DELAY_SUMS,
  BACK_HAS_OWN_DELAYS,
  BACK_WEIGHT_SUMS,
  POISSON_BACK_HAS_SHARED_DELAYS,
  POISSON_BACK_SHARED_SUMS,
  POISSON_BACK_WEIGHT_SUMS,
  UNDONE_END,
  UNDONE_FIRST,
  UNDONE_TIME,
  UNSCALED_ADJOINT,
} from '../../schema/adjoint-records'
import { bin, binEnd, binStart } from '../../schema/window-header'
import {
  COURSE_PER_MEM,
  POISSON_INPUT_WEIGHTS,
  PROJECTION_COMMON,
  PROJECTION_DELAY,
  PROJECTION_IS_DOUBLE,
  PROJECTION_RECORDS,
  PROJECTION_STRIDE,
  PROJECTION_WEIGHT,
  SHORT_RECORD,
} from '../../schema/window-records'
import { addTo } from '../adjoint-events'
import { RECORD_TARGET } from '../arrivals'
import { binOfInterval, binOfWord, timeInBin, wordCountOf, wordsOf } from '../poisson-input'
import { eventAtTop, eventOfPoissonInput } from '../top-arrivals'
import { adjointOf, adjointTausOf } from './adjoint'
import { courseOf, perSyn } from './propagator'
import { unscaledSpikeIntervalAt } from './spike-intervals'
import { decayMem, decaySyns, kappas, kappasByMem, kappasBySyn, propagateTausWithin, synsBySyn } from './tau-propagator'

/** What the factors at hand are of. */
let lastCourse: usize = 0
let lastStep: f64 = -1

/** Of the last arrival: pI, or pJ, and pI/tauSyn - pV/tauMem. */
let ofWeight: f64 = 0
let ofTime: f64 = 0

/** No factors are at hand. */
export function forgetFactors(): void {
  lastStep = -1
}

/** What an arrival at x through a weight meets: dL/dw, and the gradient event but for the weight. */
function meet(n: i32, x: f64, weight: f64): void {
  const first = <usize>load<u32>(firstSpikeIntervals() + 4 * <usize>n)
  const adjoint = first == 0 ? adjointOf(n) : unscaledSpikeIntervalAt(first, x)
  const course = courseOf(n)
  const step = bin() + load<f64>(adjoint, ADJOINT_AFTER) - x
  if (step != lastStep || course != lastCourse) {
    propagateTausWithin(course, step)
    lastStep = step
    lastCourse = course
  }
  const inhibits = <i32>(weight < 0)
  const pV = load<f64>(adjoint, ADJOINT_VOLTAGE)
  const current = load<f64>(adjoint + ((<usize>inhibits) << 3), ADJOINT_CURRENTS)
  ofWeight = current * laneOf(decaySyns, inhibits) + laneOf(kappas, inhibits) * pV
  ofTime = ofWeight * perSyn(course, inhibits) - decayMem * pV * load<f64>(course, COURSE_PER_MEM)
  if (tauStates() == 0) return
  const taus = first == 0 ? adjointTausOf(n) : adjoint + UNSCALED_ADJOINT
  const sign = (<usize>inhibits) << 3
  const byMem = load<f64>(taus + sign, ADJOINT_TAUS_BY_MEM)
  const bySyn = load<f64>(taus + sign, ADJOINT_TAUS_BY_SYN)
  const qU = load<f64>(taus, ADJOINT_TAUS_OF_VOLTAGE)
  const q = byMem * laneOf(decaySyns, inhibits) + (laneOf(kappas, inhibits) * qU + laneOf(kappasByMem, inhibits) * pV)
  const z =
    bySyn * laneOf(decaySyns, inhibits) + (laneOf(synsBySyn, inhibits) * current + laneOf(kappasBySyn, inhibits) * pV)
  addTo(tauMemSums(), n, weight * q)
  addTo(inhibits ? tauSynInhSums() : tauSynSums(), n, weight * z)
}

function laneOf(pair: v128, inhibits: i32): f64 {
  return inhibits ? f64x2.extract_lane(pair, 1) : f64x2.extract_lane(pair, 0)
}

/** As `undoPart` of ../adjoint-arrivals.ts. */
export function undoUnscaledRecords(undone: usize, projection: usize, back: usize, sums: usize): void {
  if (load<u32>(projection, PROJECTION_IS_DOUBLE) != 0) undoRecords<f64>(undone, projection, back, sums)
  else undoRecords<f32>(undone, projection, back, sums)
}

function undoRecords<T>(undone: usize, projection: usize, back: usize, sums: usize): void {
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const delayAt = <usize>load<u32>(projection, PROJECTION_DELAY)
  const ownDelays = load<u32>(back, BACK_HAS_OWN_DELAYS) != 0
  const first = <usize>load<u32>(undone, UNDONE_FIRST)
  const end = <usize>load<u32>(undone, UNDONE_END)
  const ordinal = (end - <usize>load<u32>(projection, PROJECTION_RECORDS)) / stride
  let weightSum = vector() + <usize>load<u32>(back, BACK_WEIGHT_SUMS) + 8 * ordinal
  let delaySum = vector() + <usize>load<u32>(back, BACK_DELAY_SUMS) + 8 * ordinal
  const emitted = load<f64>(undone, UNDONE_TIME)
  const start = binStart()
  const looksAtTops = topGradients() != 0
  let weight = load<f64>(projection, PROJECTION_COMMON)
  let x = emitted - start
  for (let record = end; record > first; ) {
    record -= stride
    weightSum -= 8
    delaySum -= 8
    const n = stride == SHORT_RECORD ? <i32>load<u16>(record) : <i32>load<u32>(record, RECORD_TARGET)
    if (delayAt != 0) x = emitted + <f64>load<T>(record + delayAt) - start
    if (weightAt != 0) weight = <f64>load<T>(record + weightAt)
    meet(n, x, weight)
    store<f64>(weightSum, load<f64>(weightSum) + ofWeight)
    let event = weight * ofTime
    if (looksAtTops) event += eventAtTop(n, start + x, undone, record, weight)
    if (sums != 0) {
      const sum = sums + ((<usize>n >> 5) << 3)
      store<f64>(sum, load<f64>(sum) + event)
    }
    if (ownDelays) store<f64>(delaySum, load<f64>(delaySum) + event)
  }
}

/** As `undoPoissonArrivals` of ../adjoint-poisson-inputs.ts. */
export function undoUnscaledPoissonArrivals(poissonInput: usize, back: usize, number: u32, n: i32): void {
  const own: usize = 8 * <usize>n
  const inInterval = binOfInterval(poissonInput)
  const words = wordsOf(poissonInput, n)
  const stop = words + 4 * <usize>wordCountOf(poissonInput, n)
  const weight = load<f64>(<usize>load<u32>(poissonInput, POISSON_INPUT_WEIGHTS) + own)
  let weightSum: f64 = 0
  let delaySum: f64 = 0
  let eventSum: f64 = 0
  for (let at = words; at < stop; at += 4) {
    const word = load<u32>(at)
    if (binOfWord(poissonInput, word) != inInterval) continue
    const x = timeInBin(poissonInput, word, bin())
    if (x < undoneFrom() || x >= binEnd() - binStart()) continue
    meet(n, x, weight)
    weightSum += ofWeight
    delaySum += ofTime
    if (topGradients() != 0) eventSum += eventOfPoissonInput(n, binStart() + x, number, at, weight)
  }
  const weights = vector() + <usize>load<u32>(back, POISSON_BACK_WEIGHT_SUMS) + own
  store<f64>(weights, load<f64>(weights) + weightSum)
  if (!load<u32>(back, POISSON_BACK_HAS_SHARED_DELAYS)) return
  const delays = vector() + <usize>load<u32>(back, POISSON_BACK_SHARED_SUMS) + own
  store<f64>(delays, load<f64>(delays) + (weight * delaySum + eventSum))
}
