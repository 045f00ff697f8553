import type { KernelMemory } from '../wasm/kernel-memory.js'
import { EMITTED } from '../wasm/schema/window-records.js'
import type { RunTape } from './run-tape.js'

/** Visits what a kernel has emitted, spikes alone; a tape is told the ends of refractory periods, too. */
export function eachEmitted(
  { f64, u32 }: KernelMemory,
  { at, count }: { readonly at: number; readonly count: number },
  tape: RunTape | null,
  visit: (time: number, unit: number) => void,
): void {
  for (let k = 0; k < count; k++) {
    const emitted = at + EMITTED.size * k
    const time = f64[(emitted + EMITTED.at.time) / 8] as number
    const unit = u32[(emitted + EMITTED.at.unit) / 4] as number
    const isRelease = u32[(emitted + EMITTED.at.isRelease) / 4] as number
    if (tape !== null) {
      const current = f64[(emitted + EMITTED.at.current) / 8] as number
      const adaptation = f64[(emitted + EMITTED.at.adaptation) / 8] as number
      tape.noteEvent({ time, current, adaptation, unit, isRelease })
    }
    if (isRelease === 0) visit(time, unit)
  }
}
