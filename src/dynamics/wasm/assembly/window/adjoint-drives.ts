import {
  DRIVE_BACK,
  DRIVE_BACK_HAS_SHARED_DELAYS,
  DRIVE_BACK_SHARED_SUMS,
  DRIVE_BACK_WEIGHT_SUMS,
  driveBacksAt,
  firstStretches,
  pairs,
  tauStates,
  vector,
} from '../schema/window-adjoint'
import { cell, cellEnd, cellStart, driveCount, drivesAt, neurons, perTaus } from '../schema/window-plan'
import { DRIVE, DRIVE_WEIGHTS } from '../schema/window-records'
import { shares, stretchAt } from './adjoint-stretches'
import { arriveTaus } from './adjoint-taus'
import { cellOfFrame, cellOfWord, timeInCell, wordCountOf, wordsOf } from './drive'
import { growths } from './growth'

/** Undoes what drives have arrive in the cell: what an arrival does is in adjoint-arrivals.ts. Nobody waits for an answer. */
export function undoDrives(): void {
  for (let number = driveCount() - 1; number >= 0; number--) {
    const drive = drivesAt() + DRIVE * <usize>number
    const back = driveBacksAt() + DRIVE_BACK * <usize>number
    for (let n = 0; n < neurons(); n++) undoDriven(drive, back, n)
  }
}

function undoDriven(drive: usize, back: usize, n: i32): void {
  const inFrame = cellOfFrame(drive)
  const before = cellEnd() - cellStart()
  const words = wordsOf(drive, n)
  const own: usize = 8 * <usize>n
  const perSyn = f64x2.extract_lane(perTaus(), 0)
  const perMem = f64x2.extract_lane(perTaus(), 1)
  const weight = load<f64>(<usize>load<u32>(drive, DRIVE_WEIGHTS) + own)
  const first = <usize>load<u32>(firstStretches() + 4 * <usize>n)
  const share = shares()
  let weightSum: f64 = 0
  let delaySum: f64 = 0
  for (let at = words + 4 * <usize>wordCountOf(drive, n); at > words; ) {
    at -= 4
    const word = load<u32>(at)
    if (cellOfWord(drive, word) != inFrame) continue
    const x = timeInCell(drive, word, cell())
    if (x >= before) continue
    const stretch: usize = first == 0 ? 0 : stretchAt(first, x)
    const pair = v128.load(stretch != 0 ? stretch : pairs() + 2 * own)
    const growth = growths(x)
    const now = f64x2.mul(pair, f64x2.mul(growth, share))
    const ofSyn = f64x2.extract_lane(now, 0)
    const ofMem = f64x2.extract_lane(now, 1)
    weightSum += ofSyn + ofMem
    delaySum += weight * (ofSyn * perSyn + ofMem * perMem)
    if (tauStates() != 0) arriveTaus(n, stretch, cellStart() + x, growth, pair, weight)
  }
  const weights = vector() + <usize>load<u32>(back, DRIVE_BACK_WEIGHT_SUMS) + own
  store<f64>(weights, load<f64>(weights) + weightSum)
  if (!load<u32>(back, DRIVE_BACK_HAS_SHARED_DELAYS)) return
  const delays = vector() + <usize>load<u32>(back, DRIVE_BACK_SHARED_SUMS) + own
  store<f64>(delays, load<f64>(delays) + delaySum)
}
