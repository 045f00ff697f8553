import type { TrainingClock } from '../learning/train-options.js'
import { processFields } from '../storage/process-fields.js'

/** Linux counts processor time in hundredths of a second, whatever its kernel does inside. */
const TICKS_PER_SECOND = 100
/** Of the fields behind the name of a process: its time in its own code, and in that of the system. */
const USER_AT = 11
const SYSTEM_AT = 12

/**
 * The wall clock, and the processor time of this process with all its threads and of the given other ones, in seconds.
 *
 * Only Linux tells the time of other processes; elsewhere it is not a number, nor is it once another process has taken
 * the place of one of them.
 *
 * @param others called again every time
 */
export function processClock(others: Iterable<number> = []): TrainingClock {
  let known: readonly number[] = [...others]
  return {
    wall: () => performance.now() / 1000,
    cpu() {
      const { user, system } = process.cpuUsage()
      const before = known
      known = [...others]
      // What a process that was replaced has used is lost.
      if (before.some((id) => !known.includes(id))) return Number.NaN
      return known.map(cpuSecondsOf).reduce((sum, seconds) => sum + seconds, (user + system) / 1e6)
    },
  }
}

/** Not a number for a process that is gone. */
function cpuSecondsOf(process: number): number {
  const fields = processFields(process)
  return (Number(fields?.[USER_AT]) + Number(fields?.[SYSTEM_AT])) / TICKS_PER_SECOND
}
