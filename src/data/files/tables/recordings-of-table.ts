import { createRecordingsBuilder } from '../../recordings/compact-recordings.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import type { PlacedEvents } from './event-columns.js'
import type { NumberedLabels } from './read-labels.js'

/** Events of any order with what they belong to, all of it checked. */
export interface EventTable extends PlacedEvents, NumberedLabels {
  readonly file: string
  /** In ms. */
  readonly times: Float64Array
  /** The recording of each event. */
  readonly samples: Uint32Array
  /** Of every recording. */
  readonly groups: Readonly<Record<string, readonly (string | number)[]>>
}

/** The recordings that a table holds. */
export function recordingsOfTable(table: EventTable): EventRecordings {
  const { file, shape, times, units, samples, labels, classes, classNames, groups } = table
  const order = bySample(samples, labels.length)
  const names = classNames === undefined ? {} : { classNames }
  const builder = createRecordingsBuilder({ shape, classes, ...names, files: [file] })
  let start = 0
  for (const [sample, label] of labels.entries()) {
    const events = order.events.subarray(start, order.ends[sample])
    start += events.length
    const entries = Object.entries(groups).map(([name, values]) => [name, values[sample] as string | number] as const)
    builder.add(
      {
        times: Float64Array.from(events, (k) => times[k] as number),
        units: Uint32Array.from(events, (k) => units[k] as number),
        label,
        groups: Object.fromEntries(entries),
      },
      file,
    )
  }
  return builder.finish()
}

/** The events of each recording, one recording after the other, and where each ends. */
function bySample(samples: Uint32Array, count: number) {
  const ends = new Uint32Array(count)
  for (const sample of samples) ends[sample] = (ends[sample] as number) + 1
  let sum = 0
  for (let sample = 0; sample < count; sample++) {
    const own = ends[sample] as number
    ends[sample] = sum
    sum += own
  }
  const events = new Uint32Array(samples.length)
  for (const [k, sample] of samples.entries()) {
    const at = ends[sample] as number
    events[at] = k
    ends[sample] = at + 1
  }
  return { events, ends }
}
