import type { TrainingDraw } from '../../../learning/task.js'
import { normalQuantile } from '../../../numerics/normal-quantile.js'
import { createRandomStream, createRandomStreams } from '../../../numerics/random-stream.js'
import { shapeSize } from '../../shape-size.js'
import type { EventRecording, EventRecordings } from '../event-recordings.js'
import { affineMove } from './affine-move.js'
import type { Augmentation } from './augmentation-options.js'
import { blendedRecording } from './blended-recording.js'

const TWO_TO_32 = 4294967296

/** A recording of a split, by its place there, as it is changed by a draw; its events are in no order then. */
export type AugmentedRecording = (place: number, draw: TrainingDraw) => EventRecording

/**
 * Changes recordings as an augmentation says: blends some with another one of their class and split, moves each by one affine
 * move and one tempo, then every event by chances of its own. All of it is a function of (seed, epoch, recording) and of
 * the events themselves. Null where there is nothing to change.
 *
 * @param chosen the recordings of the split
 */
export function createAugmentation(
  recordings: EventRecordings,
  chosen: Uint32Array,
  augment: Required<Augmentation>,
): AugmentedRecording | null {
  if (Object.values(augment).every((strength) => strength === 0)) return null
  const { shape } = recordings
  const otherOf = augment.blend > 0 ? createOtherOf(recordings, chosen) : null
  return (place, draw) => {
    const sample = chosen[place] as number
    const { seed, epoch } = draw
    const plain = recordings.trial(sample)
    const other = otherOf?.(place, augment.blend, draw) ?? null
    const coins = () => createRandomStreams(seed, 1, () => `train/events/${epoch}/blend/${sample}`)
    const whole = other === null ? plain : blendedRecording(plain, recordings.trial(other), shape, coins())
    return augmentedRecording(whole, shape, augment, { sample, ...draw })
  }
}

/** Of a recording another one of its class and split to blend it with, if it is to be blended and there is one. */
function createOtherOf({ labels, classes }: EventRecordings, chosen: Uint32Array) {
  const peers: number[][] = Array.from({ length: classes }, () => [])
  const numbers = Array.from(chosen, (sample) => (peers[labels[sample] as number] as number[]).push(sample) - 1)
  return (place: number, chance: number, { seed, epoch }: TrainingDraw): number | null => {
    const sample = chosen[place] as number
    const own = peers[labels[sample] as number] as number[]
    const stream = createRandomStream(seed, `train/events/${epoch}/blend`)
    if (own.length < 2 || stream.uniform(2 * sample) >= chance) return null
    const drawn = stream.integer(2 * sample + 1, own.length - 1)
    return own[drawn < (numbers[place] as number) ? drawn : drawn + 1] as number
  }
}

/** Whose changes are drawn. */
interface Drawn extends TrainingDraw {
  readonly sample: number
}

function augmentedRecording(
  { times, units }: EventRecording,
  shape: readonly number[],
  augment: Required<Augmentation>,
  { sample, seed, epoch }: Drawn,
): EventRecording {
  const { drop, tempo, jitter } = augment
  const whole = createRandomStream(seed, `train/events/${epoch}`)
  const move = moveOf({ shape, events: times.length }, augment, { sample, seed, epoch })
  const factor = 1 + tempo * (2 * whole.uniform(3 * sample + 2) - 1)
  // One draw for two events: of the two words of each, the first one moves the event, the second one drops it.
  const single = createRandomStreams(seed, 1, () => `train/events/${epoch}/${sample}`)
  const isSingle = drop > 0 || jitter > 0
  const dropped = drop * TWO_TO_32
  const kept = { times: new Float64Array(times.length), units: new Uint32Array(times.length) }
  let words = single.words(0, 0)
  let count = 0
  for (let k = 0; k < times.length; k++) {
    let time = (times[k] as number) * factor
    if (isSingle) {
      const own = 2 * (k & 1)
      if (own === 0) words = single.words(0, k >>> 1)
      if ((words[own + 1] as number) < dropped) continue
      if (jitter > 0) time += jitter * normalQuantile(((words[own] as number) + 0.5) / TWO_TO_32)
    }
    const unit = move === null ? (units[k] as number) : move(units[k] as number)
    if (unit < 0) continue
    kept.times[count] = Math.max(0, time)
    kept.units[count++] = unit
  }
  return { times: kept.times.subarray(0, count), units: kept.units.subarray(0, count) }
}

/** Null where everything stays. */
function moveOf(
  { shape, events }: { readonly shape: readonly number[]; readonly events: number },
  { shift, rotation, zoom, translation }: Required<Augmentation>,
  { sample, seed, epoch }: Drawn,
): ((unit: number) => number) | null {
  const steps = createRandomStream(seed, `train/events/${epoch}`)
  const draws = createRandomStream(seed, `train/events/${epoch}/affine`)
  const step = (k: number) => (shift === 0 ? 0 : steps.integer(3 * sample + k, 2 * shift + 1) - shift)
  const upTo = (most: number, k: number) => (most === 0 ? 0 : most * (2 * draws.uniform(4 * sample + k) - 1))
  const affine = {
    right: step(0) + upTo(translation, 0),
    down: shape.length === 3 ? step(1) + upTo(translation, 1) : 0,
    angle: upTo(rotation, 2),
    factor: 1 + upTo(zoom, 3),
  }
  if (affine.right === 0 && affine.down === 0 && affine.angle === 0 && affine.factor === 1) return null
  const [move, size] = [affineMove(shape, affine), shapeSize(shape)]
  if (size > events) return move
  // Worked out once for each unit.
  const targets = new Int32Array(size)
  for (let unit = 0; unit < size; unit++) targets[unit] = move(unit)
  return (unit) => targets[unit] as number
}
