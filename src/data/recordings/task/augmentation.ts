import type { TrainingDraw } from '../../../learning/task.js'
import { normalQuantile } from '../../../numerics/normal-quantile.js'
import { createRandomStream, createRandomStreams, openUnit } from '../../../numerics/random-stream.js'
import type { EventRecording } from '../event-recordings.js'
import type { Augmentation } from './event-task-options.js'

const TWO_TO_32 = 4294967296
/** Of an augmentation that asks for none. */
const NO_WORDS = new Uint32Array(4)

/**
 * Changes recordings as an augmentation says: by one shift and one tempo, then every event by chances of its own. All of it
 * is a function of (seed, epoch, recording) and of the events themselves. They are in no order then.
 */
export function augmentedRecording(
  recording: EventRecording,
  { shape, sample }: { readonly shape: readonly number[]; readonly sample: number },
  { shift, drop, tempo, jitter }: Required<Augmentation>,
  { seed, epoch }: TrainingDraw,
): EventRecording {
  const whole = createRandomStream(seed, `train/events/${epoch}`)
  const along = (index: number) => (shift === 0 ? 0 : whole.integer(3 * sample + index, 2 * shift + 1) - shift)
  const move = mover(shape, along(0), shape.length === 3 ? along(1) : 0)
  const factor = 1 + tempo * (2 * whole.uniform(3 * sample + 2) - 1)
  // One draw for each event: two of its words move the event, the third one drops it.
  const single = createRandomStreams(seed, 1, () => `train/events/${epoch}/${sample}`)
  const isSingle = drop > 0 || jitter > 0
  const dropped = drop * TWO_TO_32
  const { times, units } = recording
  const kept = { times: new Float64Array(times.length), units: new Uint32Array(times.length) }
  let count = 0
  for (let k = 0; k < times.length; k++) {
    const words = isSingle ? single.words(0, k) : NO_WORDS
    if ((words[2] as number) < dropped) continue
    const unit = move(units[k] as number)
    if (unit < 0) continue
    const moved = (times[k] as number) * factor + (jitter === 0 ? 0 : jitter * normalQuantile(openUnit(words)))
    kept.times[count] = Math.max(0, moved)
    kept.units[count++] = unit
  }
  return { times: kept.times.subarray(0, count), units: kept.units.subarray(0, count) }
}

/** Where a unit is after a move to the right and down; -1 outside. */
function mover(shape: readonly number[], right: number, down: number): (unit: number) => number {
  if (right === 0 && down === 0) return (unit) => unit
  const [, height = 1, width = 1] = shape.length === 3 ? shape : [1, 1, ...shape]
  return (unit) => {
    const row = Math.floor(unit / width)
    const [x, y] = [(unit % width) + right, (row % height) + down]
    return x < 0 || x >= width || y < 0 || y >= height ? -1 : (row + down) * width + x
  }
}
