import { ON_ARRIVAL } from '../peak-notes'
import { topGradients, topPeaks } from '../schema/adjoint-plan'
import { perTaus } from '../schema/window-plan'
import {
  WINDOW_PEAK,
  WINDOW_PEAK_KIND,
  WINDOW_PEAK_PROJECTION,
  WINDOW_PEAK_RECORD,
  WINDOW_PEAK_ROW,
  WINDOW_PEAK_SENT,
  WINDOW_PEAK_SLOPE,
  WINDOW_PEAK_TIME,
} from '../schema/window-records'

/**
 * What an arrival has to do with a maximum that sits on an arrival at the very same time: that one moves it by its slope;
 * those before it act on the voltage at once, -q w / tauMem; those after it do not. At other times 0.
 *
 * @param sent time of the spike, as `WINDOW_PEAK` has it
 */
export function eventAtTop(n: i32, time: f64, projection: u32, row: u32, sent: f64, record: usize, weight: f64): f64 {
  const peak = topPeaks() + WINDOW_PEAK * <usize>n
  if (load<i32>(peak, WINDOW_PEAK_KIND) != ON_ARRIVAL || load<f64>(peak, WINDOW_PEAK_TIME) != time) return 0
  const q = load<f64>(topGradients() + 8 * <usize>n)
  const order = compare(peak, projection, row, sent, <u32>record)
  if (order > 0) return 0
  if (order == 0) return q * load<f64>(peak, WINDOW_PEAK_SLOPE)
  return -weight * (q * f64x2.extract_lane(perTaus(), 1))
}

/** Below 0 if an arrival comes before the one that the maximum sits on. */
function compare(peak: usize, projection: u32, row: u32, sent: f64, record: u32): i32 {
  const p = load<u32>(peak, WINDOW_PEAK_PROJECTION)
  if (projection != p) return projection < p ? -1 : 1
  const r = load<u32>(peak, WINDOW_PEAK_ROW)
  if (row != r) return row < r ? -1 : 1
  const s = load<f64>(peak, WINDOW_PEAK_SENT)
  if (sent != s) return sent < s ? -1 : 1
  const own = load<u32>(peak, WINDOW_PEAK_RECORD)
  return record == own ? 0 : record < own ? -1 : 1
}
