import {
  backsAt,
  blockSums,
  firstSpikeIntervals,
  maximumGradients,
  pairs,
  tauStates,
  undoneAt,
  undoneCount,
  vector,
} from '../schema/adjoint-header'
import {
  BACK_DELAY_SUMS,
  BACK_HAS_DELAYS_PER_SYNAPSE,
  BACK_WANTS_EVENTS,
  BACK_WEIGHT_SUMS,
  ROWS_BACK,
  UNDONE,
  UNDONE_END,
  UNDONE_FIRST,
  UNDONE_PROJECTION,
  UNDONE_ROW,
  UNDONE_TIME,
} from '../schema/adjoint-records'
import { binStart, isSheared, isUnscaled, perTaus, projectionsAt } from '../schema/window-header'
import {
  PROJECTION,
  PROJECTION_COMMON,
  PROJECTION_DELAY,
  PROJECTION_IS_DOUBLE,
  PROJECTION_RECORDS,
  PROJECTION_ROWS,
  PROJECTION_STRIDE,
  PROJECTION_WEIGHT,
  SHORT_RECORD,
} from '../schema/window-records'
import { closeRow, openRow } from './adjoint-rows'
import { arriveTaus, flowOf, shares, spikeIntervalAt, termsAt } from './adjoint-spike-intervals'
import { RECORD_TARGET } from './arrivals'
import { isScaled, mayBeSheared, Scaled, Sheared, Unscaled } from './forms'
import { growths } from './growth'
import { eventAtTop } from './top-arrivals'
import { meet, ofTime, ofWeight } from './unscaled/adjoint-arrivals'

/**
 * Undoes the arrivals of the bin, the last one first, and the records of each in reverse: so whatever the bins, a
 * synapse adds up over spikes in reverse, and a spike over its row in reverse.
 */
export function undoArrivals(): void {
  const first = undoneAt()
  for (let undone = first + UNDONE * <usize>undoneCount(); undone > first; ) {
    undone -= UNDONE
    undoRow(undone)
  }
}

function undoRow(undone: usize): void {
  const number = <usize>load<u32>(undone, UNDONE_PROJECTION)
  const projection = projectionsAt() + PROJECTION * number
  const back = backsAt() + ROWS_BACK * number
  if (!load<u32>(back, BACK_WANTS_EVENTS)) {
    undoPart(undone, projection, back, 0)
    return
  }
  const sums = load<u32>(projection, PROJECTION_DELAY) == 0 ? blockSums() : openRow(undone)
  undoPart(undone, projection, back, sums)
  if (load<u32>(undone, UNDONE_FIRST) == firstOfRow(undone, projection)) closeRow(undone, back, sums)
}

function undoPart(undone: usize, projection: usize, back: usize, sums: usize): void {
  const isDouble = load<u32>(projection, PROJECTION_IS_DOUBLE) != 0
  if (isUnscaled()) {
    if (isDouble) undoRecords<f64, Unscaled>(undone, projection, back, sums)
    else undoRecords<f32, Unscaled>(undone, projection, back, sums)
  } else if (isSheared() || maximumGradients() != 0) {
    if (isDouble) undoRecords<f64, Sheared>(undone, projection, back, sums)
    else undoRecords<f32, Sheared>(undone, projection, back, sums)
  } else if (isDouble) undoRecords<f64, Scaled>(undone, projection, back, sums)
  else undoRecords<f32, Scaled>(undone, projection, back, sums)
}

function firstOfRow(undone: usize, projection: usize): u32 {
  const row = <usize>load<u32>(projection, PROJECTION_ROWS) + 4 * <usize>load<u32>(undone, UNDONE_ROW)
  return load<u32>(projection, PROJECTION_RECORDS) + load<u32>(projection, PROJECTION_STRIDE) * load<u32>(row)
}

/**
 * dL/dw += pI;   the gradient event w (pI/tauSyn - pV/tauMem), which is w (B/tauSyn + share U/tauMem), goes to the delay
 * and to the block's sum. The numbers of records are of type T. What shear and maxima take is left out where there are none.
 */
function undoRecords<T, F>(undone: usize, projection: usize, back: usize, sums: usize): void {
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const isShort = stride == SHORT_RECORD
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const delayAt = <usize>load<u32>(projection, PROJECTION_DELAY)
  const delaysPerSynapse = load<u32>(back, BACK_HAS_DELAYS_PER_SYNAPSE) != 0
  const taus = tauStates() != 0
  const first = <usize>load<u32>(undone, UNDONE_FIRST)
  const end = <usize>load<u32>(undone, UNDONE_END)
  const ordinal = (end - <usize>load<u32>(projection, PROJECTION_RECORDS)) / stride
  let weightSum = vector() + <usize>load<u32>(back, BACK_WEIGHT_SUMS) + 8 * ordinal
  let delaySum = vector() + <usize>load<u32>(back, BACK_DELAY_SUMS) + 8 * ordinal
  const perSyn = f64x2.extract_lane(perTaus(), 0)
  const perMem = f64x2.extract_lane(perTaus(), 1)
  const share = shares()
  const emitted = load<f64>(undone, UNDONE_TIME)
  const start = binStart()
  const adjoints = pairs()
  const spikeIntervals = firstSpikeIntervals()
  let weight = load<f64>(projection, PROJECTION_COMMON)
  let time = emitted
  let growth = isScaled<F>() && delayAt == 0 ? growths(time - start) : f64x2.splat(0)
  let factor = growth
  if (isScaled<F>()) factor = mayBeSheared<F>() ? termsAt(growth, time - start) : f64x2.mul(growth, share)
  for (let record = end; record > first; ) {
    record -= stride
    weightSum -= 8
    delaySum -= 8
    const n = isShort ? <usize>load<u16>(record) : <usize>load<u32>(record, RECORD_TARGET)
    if (delayAt != 0) {
      time = emitted + <f64>load<T>(record + delayAt)
      if (isScaled<F>()) {
        growth = growths(time - start)
        factor = mayBeSheared<F>() ? termsAt(growth, time - start) : f64x2.mul(growth, share)
      }
    }
    let event: f64
    let spikeInterval: usize = 0
    let pair = f64x2.splat(0)
    if (isScaled<F>()) {
      spikeInterval = <usize>load<u32>(spikeIntervals + 4 * n)
      if (spikeInterval != 0) spikeInterval = spikeIntervalAt<F>(spikeInterval, time - start)
      pair = v128.load(spikeInterval != 0 ? spikeInterval : adjoints + 16 * n)
      const now = f64x2.mul(pair, factor)
      const ofSyn = f64x2.extract_lane(now, 0)
      const ofMem = f64x2.extract_lane(now, 1)
      store<f64>(weightSum, load<f64>(weightSum) + (ofSyn + ofMem))
      if (weightAt != 0) weight = <f64>load<T>(record + weightAt)
      event = weight * (ofSyn * perSyn + ofMem * perMem)
      if (mayBeSheared<F>()) {
        if (isSheared()) event = weight * flowOf(now, pair, growth)
        if (spikeInterval != 0 && maximumGradients() != 0) event += eventAtTop(<i32>n, time, undone, record, weight)
      }
    } else {
      if (weightAt != 0) weight = <f64>load<T>(record + weightAt)
      meet(<i32>n, time - start, weight)
      store<f64>(weightSum, load<f64>(weightSum) + ofWeight)
      event = weight * ofTime
      if (maximumGradients() != 0) event += eventAtTop(<i32>n, time, undone, record, weight)
    }
    if (sums != 0) {
      const sum = sums + ((n >> 5) << 3)
      store<f64>(sum, load<f64>(sum) + event)
    }
    if (delaysPerSynapse) store<f64>(delaySum, load<f64>(delaySum) + event)
    if (isScaled<F>() && taus) arriveTaus(<i32>n, spikeInterval, time, growth, pair, weight)
  }
}
