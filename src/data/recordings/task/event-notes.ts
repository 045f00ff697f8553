import { classNameOf } from '../../../learning/class-name.js'
import type { EventRecordings } from '../event-recordings.js'
import type { Pooling } from './pooling.js'
import type { EventNote, RecordingSplits } from './split-recordings.js'
import type { Survey } from './survey.js'

/** So many times as long as the longest recording nobody waits for its first event, */
const LATE = 10
/** nor so long, in ms. */
const LATE_MS = 1000

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
export function lateNotes({ firsts, longest }: Survey): readonly EventNote[] {
  const late = firsts.filter((first) => first < Infinity && first > LATE_MS && first > LATE * longest)
  if (longest === 0 || 2 * late.length <= firsts.length) return []
  const least = late.reduce((a, b) => Math.min(a, b))
  const message =
    `most recordings begin ${least} ms or more after 0, and none lasts longer than ${longest} ms: are these times counted ` +
    'from the start of each recording?'
  return [{ code: 'TIMES_LATE', message }]
}

/** Places that are all one. */
export function pooledNotes({ shape }: EventRecordings, { inputs }: Pooling, pool: number): readonly EventNote[] {
  const isOne = inputs === 1 && shape.some((extent) => extent > 1)
  if (!isOne) return []
  const message = `all units of shape [${shape.join(', ')}] are one input, pooled by ${pool}: nothing tells where an event was.`
  return [{ code: 'INPUT_SINGLE', message }]
}
