import type { TrainingDraw } from '../../learning/task.js'
import { createRandomStream } from '../../numerics/random-stream.js'

/** In pixels; negative: to the left, or up. */
export interface Shift {
  readonly right: number
  readonly down: number
}

/** By how much the images move in one epoch, each way uniform among -reach … reach: a pure function of (seed, epoch, sample). */
export function createShifts({ seed, epoch }: TrainingDraw, reach: number): (sample: number) => Shift {
  const stream = createRandomStream(seed, `train/shift/${epoch}`)
  const along = (index: number) => stream.integer(index, 2 * reach + 1) - reach
  return (sample) => ({ right: along(2 * sample), down: along(2 * sample + 1) })
}
