import { classNameOf } from '../../../learning/class-name.js'
import { shapeSize } from '../../shape-size.js'
import type { EventRecordings } from '../event-recordings.js'
import type { Pooling } from './pooling.js'
import type { EventNote, RecordingSplits } from './split-recordings.js'
import type { Survey } from './survey.js'

/** A first event is late behind both this multiple of the longest recording, */
const LATE = 10
/** and this many ms. */
const LATE_MS = 1000

/** Events of a unit per ms, in the mean over all units and recordings; pixels and channels stay far below. */
const MOST_KHZ = 10

/** Classes that are looked for although nothing of them is learned from: one note for all of them. */
export function untrainedNotes({ labels, classNames }: EventRecordings, splits: RecordingSplits): readonly EventNote[] {
  const trained = new Set(Array.from(splits.train, (k) => labels[k] as number))
  const measured = new Set([...splits.validation, ...splits.test].map((k) => labels[k] as number))
  const missing = [...measured].filter((label) => !trained.has(label)).sort((a, b) => a - b)
  if (missing.length === 0) return []
  const names = missing.slice(0, 20).map((label) => classNameOf(classNames, label))
  const message =
    `no training recording is of ${names.join(', ')}${missing.length > names.length ? ', …' : ''}, which validation or ` +
    'test ask for: nothing can learn that; split by other groups, or record more.'
  return [{ code: 'CLASS_UNTRAINED', message }]
}

/** Times that seem to be counted from elsewhere, such as 1970. */
export function lateNotes({ firsts, longest }: Pick<Survey, 'firsts' | 'longest'>): readonly EventNote[] {
  const late = firsts.filter((first) => first < Infinity && first > LATE_MS && first > LATE * longest)
  if (longest === 0 || 2 * late.length <= firsts.length) return []
  const least = late.reduce((a, b) => Math.min(a, b))
  const message =
    `most recordings begin ${least} ms or more after 0, and none lasts longer than ${longest} ms: are these times counted ` +
    'from the start of each recording?'
  return [{ code: 'TIMES_LATE', message }]
}

/** Rates that no sensor has: times in another unit than they were read in. */
export function rateNotes(
  { events, duration }: Pick<Survey, 'events' | 'duration'>,
  { count, shape }: Pick<EventRecordings, 'count' | 'shape'>,
): readonly EventNote[] {
  const units = shapeSize(shape)
  const rate = events / duration / units
  if (!(duration > 0 && rate > MOST_KHZ)) return []
  const rounded = (value: number) => Number(value.toPrecision(3))
  const shown = rate < 1000 ? `${rounded(rate)} kHz` : `${rounded(rate / 1000)} MHz`
  const message =
    `a unit has ${shown} of events in the mean, more than one of any sensor: ${events} events of shape [${shape.join(', ')}], ` +
    `in recordings that end at ${rounded(duration / count)} ms in the mean. Are the times in another unit? ` +
    'timeUnit, --time-unit on the command line, says in which: s, ms or us.'
  return [{ code: 'RATE_HIGH', message }]
}

/** Places that are all one. */
export function pooledNotes({ shape }: EventRecordings, { inputs }: Pooling, pool: number): readonly EventNote[] {
  const isOne = inputs === 1 && shape.some((extent) => extent > 1)
  if (!isOne) return []
  const message = `all units of shape [${shape.join(', ')}] are one input, pooled by ${pool}: nothing tells where an event was.`
  return [{ code: 'INPUT_SINGLE', message }]
}
