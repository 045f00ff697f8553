import {
  driveBacksAt,
  firstStretches,
  pairs,
  tauStates,
  topGradients,
  undoneFrom,
  vector,
} from '../schema/adjoint-plan'
import {
  DRIVE_BACK,
  DRIVE_BACK_HAS_SHARED_DELAYS,
  DRIVE_BACK_SHARED_SUMS,
  DRIVE_BACK_WEIGHT_SUMS,
} from '../schema/adjoint-records'
import {
  cell,
  cellEnd,
  cellStart,
  driveCount,
  drivesAt,
  isSheared,
  isUnscaled,
  neurons,
  perTaus,
} from '../schema/window-plan'
import { DRIVE, DRIVE_CELL_SHIFT, DRIVE_WEIGHTS } from '../schema/window-records'
import { flowOf, shares, stretchAt, termsAt } from './adjoint-stretches'
import { arriveTaus } from './adjoint-taus'
import { eventOfDrive } from './adjoint-tops'
import { cellOfFrame, timeInCell, wordCountOf, wordsOf } from './drive'
import { growths } from './growth'
import { undoUnscaledDriven } from './unscaled/adjoint-arrivals'

/** See `isSheared`, `shares` and `perTaus`. */
let shears: bool = false
let share: v128 = f64x2.splat(0)
let taus: v128 = f64x2.splat(0)
/** Of the neuron at work in the cell. */
let weightSum: f64 = 0
let delaySum: f64 = 0
/** Beside what follows from the sum of delays: of arrivals on which a maximum sits. */
let eventSum: f64 = 0

/** Undoes what drives have arrive in the cell: what an arrival does is in adjoint-arrivals.ts. Nobody waits for an answer. */
export function undoDrives(): void {
  shears = isSheared()
  share = shares()
  taus = perTaus()
  for (let number = driveCount() - 1; number >= 0; number--) {
    const drive = drivesAt() + DRIVE * <usize>number
    const back = driveBacksAt() + DRIVE_BACK * <usize>number
    for (let n = 0; n < neurons(); n++) undoDriven(drive, back, number, n)
  }
}

function undoDriven(drive: usize, back: usize, number: u32, n: i32): void {
  if (isUnscaled()) {
    undoUnscaledDriven(drive, back, number, n)
    return
  }
  const own: usize = 8 * <usize>n
  const first = <usize>load<u32>(firstStretches() + 4 * <usize>n)
  const pair = v128.load(pairs() + 2 * own)
  // Nothing that arrives at it comes to anything.
  if (first == 0 && tauStates() == 0 && !v128.any_true(pair)) return
  const shift = load<i32>(drive, DRIVE_CELL_SHIFT)
  const inFrame = i32x4.splat(cellOfFrame(drive))
  const words = wordsOf(drive, n)
  weightSum = 0
  delaySum = 0
  eventSum = 0
  for (let left = wordCountOf(drive, n), at = words; left > 0; left -= 4, at += 16) {
    const four = v128.load(at)
    // A frame of one cell has all words in it.
    let some = shift > 31 ? 15 : i32x4.bitmask(i32x4.eq(i32x4.shr_u(four, shift), inFrame))
    if (left < 4) some &= (1 << left) - 1
    for (; some != 0; some &= some - 1) undoWord(drive, number, n, at + 4 * <usize>ctz(some), first, pair)
  }
  const weights = vector() + <usize>load<u32>(back, DRIVE_BACK_WEIGHT_SUMS) + own
  store<f64>(weights, load<f64>(weights) + weightSum)
  if (!load<u32>(back, DRIVE_BACK_HAS_SHARED_DELAYS)) return
  const delays = vector() + <usize>load<u32>(back, DRIVE_BACK_SHARED_SUMS) + own
  store<f64>(delays, load<f64>(delays) + (weightOf(drive, n) * delaySum + eventSum))
}

function undoWord(drive: usize, number: u32, n: i32, at: usize, first: usize, pair: v128): void {
  const x = timeInCell(drive, load<u32>(at), cell())
  if (x < undoneFrom() || x >= cellEnd() - cellStart()) return
  const stretch: usize = first == 0 ? 0 : stretchAt(first, x)
  const own = stretch == 0 ? pair : v128.load(stretch)
  const growth = growths(x)
  const now = f64x2.mul(own, shears ? termsAt(growth, x) : f64x2.mul(growth, share))
  const ofSyn = f64x2.extract_lane(now, 0)
  const ofMem = f64x2.extract_lane(now, 1)
  weightSum += ofSyn + ofMem
  if (shears) delaySum += flowOf(now, own, growth)
  else delaySum += ofSyn * f64x2.extract_lane(taus, 0) + ofMem * f64x2.extract_lane(taus, 1)
  if (stretch != 0 && topGradients() != 0) eventSum += eventOfDrive(n, cellStart() + x, number, at, weightOf(drive, n))
  if (tauStates() != 0) arriveTaus(n, stretch, cellStart() + x, growth, own, weightOf(drive, n))
}

function weightOf(drive: usize, n: i32): f64 {
  return load<f64>(<usize>load<u32>(drive, DRIVE_WEIGHTS) + 8 * <usize>n)
}
