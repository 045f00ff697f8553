import {
  firstSpikeIntervals,
  maximumGradients,
  pairs,
  poissonBacksAt,
  tauStates,
  undoneFrom,
  vector,
} from '../schema/adjoint-header'
import {
  POISSON_BACK,
  POISSON_BACK_HAS_SHARED_DELAYS,
  POISSON_BACK_SHARED_SUMS,
  POISSON_BACK_WEIGHT_SUMS,
} from '../schema/adjoint-records'
import {
  bin,
  binEnd,
  binStart,
  isSheared,
  isUnscaled,
  neurons,
  perTaus,
  poissonInputCount,
  poissonInputsAt,
} from '../schema/window-header'
import { POISSON_INPUT, POISSON_INPUT_BIN_SHIFT, POISSON_INPUT_WEIGHTS } from '../schema/window-records'
import { arriveTaus, flowOf, shares, spikeIntervalAt, termsAt } from './adjoint-spike-intervals'
import { isScaled, Scaled, Unscaled } from './forms'
import { growths } from './growth'
import { binOfInterval, timeInBin, wordCountOf, wordsOf } from './poisson-input'
import { eventOfPoissonInput } from './top-arrivals'
import { meet, ofTime, ofWeight } from './unscaled/adjoint-arrivals'

/** See `isSheared`, `shares` and `perTaus`. */
let shears: bool = false
let share: v128 = f64x2.splat(0)
let taus: v128 = f64x2.splat(0)
/** Of the neuron at work in the bin. */
let weightSum: f64 = 0
let delaySum: f64 = 0
/** Beside what follows from the sum of delays: of arrivals on which a maximum sits. */
let eventSum: f64 = 0

/** Undoes what Poisson inputs have arrive in the bin, as `undoRecords` does; no spike waits for what would return. */
export function undoPoissonInputs(): void {
  shears = isSheared()
  share = shares()
  taus = perTaus()
  for (let number = poissonInputCount() - 1; number >= 0; number--) {
    const poissonInput = poissonInputsAt() + POISSON_INPUT * <usize>number
    const back = poissonBacksAt() + POISSON_BACK * <usize>number
    for (let n = 0; n < neurons(); n++)
      if (isUnscaled()) undoPoissonArrivals<Unscaled>(poissonInput, back, number, n)
      else undoPoissonArrivals<Scaled>(poissonInput, back, number, n)
  }
}

function undoPoissonArrivals<F>(poissonInput: usize, back: usize, number: u32, n: i32): void {
  const own: usize = 8 * <usize>n
  const first = <usize>load<u32>(firstSpikeIntervals() + 4 * <usize>n)
  const pair = isScaled<F>() ? v128.load(pairs() + 2 * own) : f64x2.splat(0)
  // Nothing that arrives at it comes to anything.
  if (isScaled<F>() && first == 0 && tauStates() == 0 && !v128.any_true(pair)) return
  const shift = load<i32>(poissonInput, POISSON_INPUT_BIN_SHIFT)
  const inInterval = i32x4.splat(binOfInterval(poissonInput))
  const words = wordsOf(poissonInput, n)
  weightSum = 0
  delaySum = 0
  eventSum = 0
  for (let left = wordCountOf(poissonInput, n), at = words; left > 0; left -= 4, at += 16) {
    const four = v128.load(at)
    // A counting interval of one bin has all words in it.
    let some = shift > 31 ? 15 : i32x4.bitmask(i32x4.eq(i32x4.shr_u(four, shift), inInterval))
    if (left < 4) some &= (1 << left) - 1
    for (; some != 0; some &= some - 1) undoWord<F>(poissonInput, number, n, at + 4 * <usize>ctz(some), first, pair)
  }
  const weights = vector() + <usize>load<u32>(back, POISSON_BACK_WEIGHT_SUMS) + own
  store<f64>(weights, load<f64>(weights) + weightSum)
  if (!load<u32>(back, POISSON_BACK_HAS_SHARED_DELAYS)) return
  const delays = vector() + <usize>load<u32>(back, POISSON_BACK_SHARED_SUMS) + own
  store<f64>(delays, load<f64>(delays) + (poissonWeightOf(poissonInput, n) * delaySum + eventSum))
}

function undoWord<F>(poissonInput: usize, number: u32, n: i32, at: usize, first: usize, pair: v128): void {
  const x = timeInBin(poissonInput, load<u32>(at), bin())
  if (x < undoneFrom() || x >= binEnd() - binStart()) return
  if (!isScaled<F>()) {
    const weight = poissonWeightOf(poissonInput, n)
    meet(n, x, weight)
    weightSum += ofWeight
    delaySum += ofTime
    if (maximumGradients() != 0) eventSum += eventOfPoissonInput(n, binStart() + x, number, at, weight)
    return
  }
  const spikeInterval: usize = first == 0 ? 0 : spikeIntervalAt<F>(first, x)
  const own = spikeInterval == 0 ? pair : v128.load(spikeInterval)
  const growth = growths(x)
  const now = f64x2.mul(own, shears ? termsAt(growth, x) : f64x2.mul(growth, share))
  const ofSyn = f64x2.extract_lane(now, 0)
  const ofMem = f64x2.extract_lane(now, 1)
  weightSum += ofSyn + ofMem
  if (shears) delaySum += flowOf(now, own, growth)
  else delaySum += ofSyn * f64x2.extract_lane(taus, 0) + ofMem * f64x2.extract_lane(taus, 1)
  if (spikeInterval != 0 && maximumGradients() != 0)
    eventSum += eventOfPoissonInput(n, binStart() + x, number, at, poissonWeightOf(poissonInput, n))
  if (tauStates() != 0) arriveTaus(n, spikeInterval, binStart() + x, growth, own, poissonWeightOf(poissonInput, n))
}

function poissonWeightOf(poissonInput: usize, n: i32): f64 {
  return load<f64>(<usize>load<u32>(poissonInput, POISSON_INPUT_WEIGHTS) + 8 * <usize>n)
}
