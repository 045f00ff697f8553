import { entryOf } from '../../../events/by-name.js'
import { InputError } from '../../../events/errors.js'
import { createRecordingsBuilder } from '../../recordings/compact-recordings.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import { type PlacedEvents, placeEvents } from './event-columns.js'
import { type LabelPlace, numberLabels } from './read-labels.js'
import type { TableFile } from './table-file.js'
import type { EventTableOptions } from './table-options.js'

/** A file, and what the folders that it lies in say of its recordings. */
export interface LocatedTable {
  readonly table: TableFile
  /** The class, where the file does not say it. */
  readonly className: number | string | null
  /** Where it has no such groups itself. */
  readonly groups: Readonly<Record<string, string>>
}

/**
 * The recordings of files, one after the other. Their units are those of the shape that is said, or that holds all of them;
 * groups are the same in all of them.
 *
 * Raises `InputError` SHAPE_MISMATCH, FIELD_MISSING for a group that a file has not, and what places, labels and recordings
 * raise, with the file.
 *
 * @param path of all of them, for errors
 */
export function recordingsOfTables(
  path: string,
  located: readonly LocatedTable[],
  { shape: said, classes }: EventTableOptions,
): EventRecordings {
  const tables = located.map(({ table }) => table)
  const { shape, units } = placedTogether(tables, said)
  const labels = located.flatMap(({ table, className }) => table.labels ?? Array(table.count).fill(className))
  const numbered = numberLabels(labels, classes, placeOfLabels(path, tables))
  const names = groupNames(tables)
  const values = new Map(
    names.map((name) => [name, alike(tables.flatMap(({ groups }) => entryOf(groups, name) ?? []))]),
  )
  const { classNames } = numbered
  const builder = createRecordingsBuilder({
    ...{ shape, classes: numbered.classes, files: tables.map(({ file }) => file) },
    ...(classNames === undefined ? {} : { classNames }),
  })
  let sample = 0
  for (const [t, { table, groups }] of located.entries())
    for (const events of bySample(table)) {
      const own = names.map((name) => [name, values.get(name)?.[sample] as number | string] as const)
      builder.add(
        {
          times: Float64Array.from(events, (k) => table.times[k] as number),
          units: Uint32Array.from(events, (k) => units[t]?.[k] as number),
          label: numbered.labels[sample++] as number,
          groups: { ...groups, ...Object.fromEntries(own) },
        },
        table.file,
      )
    }
  return builder.finish()
}

function placedTogether(tables: readonly TableFile[], said: readonly number[] | undefined) {
  const place = (table: TableFile, shape: readonly number[] | undefined) => placeEvents(table.places, shape, table)
  const placed = tables.map((table) => place(table, said ?? table.shape ?? undefined))
  const first = placed[0] as PlacedEvents
  const shape = placed.reduce((most, found, t) => {
    if (found.shape.length === most.length) return most.map((extent, d) => Math.max(extent, found.shape[d] as number))
    throw mismatch(tables[t] as TableFile, found.shape, most)
  }, first.shape)
  const units = placed.map((found, t) => {
    const table = tables[t] as TableFile
    if (found.shape.every((extent, d) => extent === shape[d])) return found.units
    if (table.shape !== null) throw mismatch(table, table.shape, shape)
    return place(table, shape).units
  })
  return { shape, units }
}

function mismatch({ file }: TableFile, found: readonly number[], others: readonly number[]): InputError {
  return new InputError({
    ...{ code: 'SHAPE_MISMATCH', file, field: 'shape', found: `[${found.join(', ')}]` },
    expected: `[${others.join(', ')}], as in other files`,
    remedy: 'Read recordings of different sensors apart.',
  })
}

function placeOfLabels(path: string, tables: readonly TableFile[]): LabelPlace {
  const [only, ...others] = tables
  const field = only === undefined || others.length > 0 ? 'labels' : only.labelField
  return {
    ...{ file: path, field },
    place: (recording) => {
      let first = 0
      for (const table of tables) {
        if (recording < first + table.count) {
          const own = table.labels === null ? 'folder' : table.labelPlace(recording - first)
          return { file: table.file, field: own }
        }
        first += table.count
      }
      return { file: path, field }
    },
  }
}

function groupNames(tables: readonly TableFile[]): readonly string[] {
  const names = Object.keys(tables[0]?.groups ?? {})
  for (const table of tables) {
    const own = Object.keys(table.groups)
    const missing = names.find((name) => !own.includes(name))
    const extra = own.find((name) => !names.includes(name))
    if (missing === undefined && extra === undefined) continue
    const [file, other, name] =
      missing === undefined ? [tables[0]?.file, table.file, extra] : [table.file, tables[0]?.file, missing]
    throw new InputError({
      ...{ code: 'FIELD_MISSING', file: file as string, field: name as string, found: 'nothing' },
      expected: `what is known of recordings in ${other}`,
      remedy: 'Say it in every file, or in none.',
    })
  }
  return names
}

/** Numbers, or else texts. */
function alike(values: readonly (number | string)[]): readonly (number | string)[] {
  return values.every((value) => typeof value === 'number') ? values : values.map(String)
}

/** The events of each recording. */
function* bySample({ samples, count }: TableFile): Generator<Uint32Array> {
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
  for (let sample = 0; sample < count; sample++)
    yield events.subarray(sample === 0 ? 0 : ends[sample - 1], ends[sample])
}
