import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { EMITTED } from '../../wasm/schema/window-records.js'
import type { RunTape } from '../back/run-tape.js'

/** Which spikes are of interest, from … up to `before`, in ms; the tape takes them, and the ends of refractory periods. */
export interface Shown {
  readonly from: number
  readonly before: number
  readonly tape: RunTape | null
}

/** Visits the spikes that a kernel has emitted; returns how many ends of refractory periods were between them. */
export function eachEmitted(
  { f64, u32 }: KernelMemory,
  { at, count }: { readonly at: number; readonly count: number },
  { from, before, tape }: Shown,
  visit: (time: number, unit: number) => void,
): number {
  let releases = 0
  for (let k = 0; k < count; k++) {
    const emitted = at + EMITTED.size * k
    const time = f64[(emitted + EMITTED.at.time) / 8] as number
    if (!(time >= from && time < before)) continue
    const unit = u32[(emitted + EMITTED.at.unit) / 4] as number
    const isRelease = u32[(emitted + EMITTED.at.isRelease) / 4] as number
    if (tape !== null) {
      const current = f64[(emitted + EMITTED.at.current) / 8] as number
      const adaptation = f64[(emitted + EMITTED.at.adaptation) / 8] as number
      tape.noteEvent({ time, current, adaptation, unit, isRelease })
    }
    if (isRelease === 0) visit(time, unit)
    else releases++
  }
  return releases
}
