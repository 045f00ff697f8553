import type { KernelMemory } from '../../wasm/kernel-memory.js'
import type { TapedArrivals } from '../back/run-tape.js'
import { recordFrom, type SourceRows } from '../rows/source-rows.js'

/** Parts of the arrivals of a bin, before an instant in it and from there on. */
export interface SplitArrivals {
  readonly before: TapedArrivals
  readonly after: TapedArrivals
}

/** @param rowsOf the rows of a projection */
export function splitArrivals(
  memory: KernelMemory,
  arriving: TapedArrivals,
  instant: number,
  rowsOf: (projection: number) => SourceRows,
): SplitArrivals {
  const { count, times, projections, units, firsts, ends } = arriving
  const middles = Uint32Array.from({ length: count }, (_, k) => {
    const rows = rowsOf(projections[k] as number)
    const [first, end, time] = [firsts[k] as number, ends[k] as number, times[k] as number]
    if (rows.delayAt === 0) return time >= instant ? first : end
    return Math.min(Math.max(recordFrom(memory, rows, units[k] as number, { time, start: instant }), first), end)
  })
  return {
    before: partOf(arriving, (k) => [firsts[k] as number, middles[k] as number]),
    after: partOf(arriving, (k) => [middles[k] as number, ends[k] as number]),
  }
}

/** What is left where every arrival comes to the records from … to. */
function partOf(whole: TapedArrivals, rangeOf: (k: number) => readonly [from: number, to: number]): TapedArrivals {
  const kept = Uint32Array.from({ length: whole.count }, (_, k) => k).filter((k) => rangeOf(k)[0] < rangeOf(k)[1])
  const pick = (numbers: Uint32Array) => kept.map((k) => numbers[k] as number)
  return {
    ...{ number: whole.number, count: kept.length, projections: pick(whole.projections), units: pick(whole.units) },
    sent: Float64Array.from(kept, (k) => whole.sent[k] as number),
    times: Float64Array.from(kept, (k) => whole.times[k] as number),
    firsts: kept.map((k) => rangeOf(k)[0]),
    ends: kept.map((k) => rangeOf(k)[1]),
    slots: pick(whole.slots),
  }
}
