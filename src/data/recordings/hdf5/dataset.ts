import { type Datatype, readDatatype } from './datatype.js'
import type { FieldReader } from './field-reader.js'
import { type Filters, readFilters, unpackChunk } from './filters.js'
import type { Hdf5File } from './hdf5-file.js'
import { type Layout, readLayout } from './layout.js'
import { type MESSAGE, messageOfKind, messagesOf } from './object-header.js'
import { unreadForm } from './unread-form.js'

/** A dataset of one dimension. */
export interface Dataset {
  readonly file: Hdf5File
  /** Its path in the file. */
  readonly name: string
  readonly type: Datatype
  readonly count: number
  /** The bytes of the elements first … end - 1. */
  rows(first: number, end: number): Uint8Array
}

const SIMPLE = 1

/**
 * Opens the dataset whose object header is there: one of one dimension, of elements that are written out.
 *
 * Raises `InputError` DATA_FILE_FORMAT, DATA_FILE_DAMAGED; `rows` DATA_FILE_DAMAGED.
 */
export function openDataset(file: Hdf5File, start: number, name: string): Dataset {
  const messages = messagesOf(file, start)
  const message = (kind: keyof typeof MESSAGE): FieldReader => {
    const found = messageOfKind(file, messages, kind)
    if (found !== null) return found
    throw unreadForm({ file: file.source.file, field: name, found: `no ${kind}` }, 'a dataset')
  }
  const type = readDatatype(file, message('datatype'), name)
  const count = readCount(file, message('dataspace'), name)
  const packed = messageOfKind(file, messages, 'filters')
  const filters = packed === null ? [] : readFilters(file, packed, name)
  const extent = { name, count, elementBytes: type.size, isFiltered: filters.length > 0 }
  const layout = readLayout(file, message('layout'), extent)
  return { file, name, type, count, rows: rowReader(file, layout, filters, type.size) }
}

function readCount(file: Hdf5File, fields: FieldReader, name: string): number {
  const version = fields.version([1, 2])
  const rank = fields.byte()
  fields.skip(1)
  const kind = version === 1 ? SIMPLE : fields.byte()
  if (version === 1) fields.skip(5)
  if (rank === 1 && kind === SIMPLE) return fields.number(file.lengthBytes)
  throw unreadForm({ file: file.source.file, field: name, found: `${rank} dimensions` }, 'one dimension')
}

function rowReader(
  file: Hdf5File,
  layout: Layout,
  filters: Filters,
  elementBytes: number,
): (first: number, end: number) => Uint8Array {
  const { source } = file
  if (layout.kind === 'whole')
    return (first, end) => source.read(layout.start + first * elementBytes, (end - first) * elementBytes).slice()
  const { rows, chunks } = layout
  let last: { readonly index: number; readonly bytes: Uint8Array } | null = null
  const chunkAt = (index: number): Uint8Array => {
    if (last?.index === index) return last.bytes
    const { start, length, mask } = chunks.get(index) as NonNullable<ReturnType<typeof chunks.get>>
    const packed = { bytes: source.read(start, length).slice(), start, mask }
    const bytes = unpackChunk(file, filters, packed, rows * elementBytes, elementBytes)
    last = { index, bytes }
    return bytes
  }
  return (first, end) => {
    const found = new Uint8Array((end - first) * elementBytes)
    for (let row = first; row < end; ) {
      const index = Math.floor(row / rows)
      const stop = Math.min(end, (index + 1) * rows)
      const part = chunkAt(index).subarray((row - index * rows) * elementBytes, (stop - index * rows) * elementBytes)
      found.set(part, (row - first) * elementBytes)
      row = stop
    }
    return found
  }
}
