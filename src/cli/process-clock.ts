import type { TrainingClock } from '../learning/train-options.js'

/** The wall clock and the processor time of this process, in seconds. */
export function processClock(): TrainingClock {
  return {
    wall: () => performance.now() / 1000,
    cpu() {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
  }
}
