import { damagedFile } from '../file-errors.js'

/** When a person made a gesture. */
export interface GestureWindow {
  /** From 0. */
  readonly label: number
  /** In microseconds, half-open. */
  readonly start: number
  readonly end: number
}

/** By label. */
export const GESTURES: readonly string[] = Object.freeze([
  ...['hand clapping', 'right hand wave', 'left hand wave', 'right arm clockwise', 'right arm counter clockwise'],
  ...['left arm clockwise', 'left arm counter clockwise', 'arm roll', 'air drums', 'air guitar', 'other gestures'],
])

const HEADER = 'class,startTime_usec,endTime_usec'

/**
 * The table beside a recording of DVS128 Gesture: a line of names, then rows of class, from 1, first and last microsecond.
 * At no time there are more than two gestures: some of the tables have ones that begin a little before the last has ended.
 *
 * Raises `InputError` DATA_FILE_DAMAGED.
 */
export function parseGestureWindows(text: string, file: string): readonly GestureWindow[] {
  const [header, ...rows] = text.split('\n').map((line) => line.trim())
  if (header !== HEADER)
    throw damagedFile({ file, field: 'line 1', found: JSON.stringify((header ?? '').slice(0, 80)) }, `"${HEADER}"`)
  const windows = rows.flatMap((row, k) => (row === '' ? [] : [parseRow(row, file, k + 2)]))
  if (windows.length === 0) throw damagedFile({ file, field: 'line 2', found: 'no gestures' }, 'at least one')
  const sorted = [...windows].sort((one, other) => one.start - other.start)
  for (const [k, { start }] of sorted.entries()) {
    if (start < (sorted[k - 2]?.end ?? 0))
      throw damagedFile({ file, field: 'startTime_usec', found: `three gestures at ${start}` }, 'one, or two')
  }
  return windows
}

function parseRow(row: string, file: string, line: number): GestureWindow {
  const [, gesture = 0, start = 0, end = 0] = /^(\d{1,15}),(\d{1,15}),(\d{1,15})$/.exec(row)?.map(Number) ?? []
  if (gesture >= 1 && gesture <= GESTURES.length && start < end) return { label: gesture - 1, start, end }
  const found = JSON.stringify(row.slice(0, 80))
  throw damagedFile(
    { file, field: `line ${line}`, found },
    `a class from 1 to ${GESTURES.length}, a start, a later end`,
  )
}
