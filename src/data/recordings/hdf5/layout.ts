import { arrayChunks } from './chunk-array.js'
import { type Chunk, type ChunkGrid, type Chunks, treeChunks } from './chunks.js'
import { type FieldReader, NOWHERE, requireInside } from './field-reader.js'
import { type Hdf5File, positionOf } from './hdf5-file.js'
import { unreadForm } from './unread-form.js'

/** Where the elements of a dataset are: one after the other from a place on, or in chunks. */
export type Layout =
  | { readonly kind: 'whole'; readonly start: number }
  | { readonly kind: 'chunked'; readonly rows: number; readonly chunks: Chunks }

/** A dataset of one dimension, as its layout needs to know it. */
export interface Extent {
  readonly name: string
  readonly count: number
  readonly elementBytes: number
  readonly isFiltered: boolean
}

/** A chunk is read whole. */
const MOST_CHUNK_BYTES = 1 << 28
const INDEX = { single: 1, implicit: 2, fixedArray: 3, extensibleArray: 4 } as const

/**
 * Reads where the elements of a dataset of one dimension are.
 *
 * Raises `InputError` DATA_FILE_FORMAT for layouts that are not read, DATA_FILE_DAMAGED.
 *
 * Source: HDF5 File Format Specification, version 3.0, IV.A.2.i.
 */
export function readLayout(file: Hdf5File, fields: FieldReader, extent: Extent): Layout {
  const version = fields.byte()
  if (version !== 3 && version !== 4) throw unknownLayout(file, extent, `version ${version}`)
  const kind = fields.byte()
  if (kind === 0) {
    const length = fields.number(2)
    const start = fields.start + fields.position
    return wholeFrom(file, start, length, fields, extent)
  }
  if (kind === 1) {
    const start = positionOf(file, fields)
    return wholeFrom(file, start, fields.number(file.lengthBytes), fields, extent)
  }
  if (kind !== 2) throw unknownLayout(file, extent, `class ${kind}`)
  return version === 3 ? oldChunks(file, fields, extent) : newChunks(file, fields, extent)
}

function wholeFrom(file: Hdf5File, start: number, length: number, fields: FieldReader, extent: Extent): Layout {
  const expected = extent.count * extent.elementBytes
  if (extent.count > 0) {
    if (start === NOWHERE) throw fields.wrong('elements that were never written', 'their place')
    if (length < expected) throw fields.wrong(`${length} bytes`, `${expected} for ${extent.count} elements`)
    requireInside(file.source, extent.name, start, expected)
  }
  return { kind: 'whole', start }
}

function oldChunks(file: Hdf5File, fields: FieldReader, extent: Extent): Layout {
  requireOneDimension(fields, fields.byte())
  const root = positionOf(file, fields)
  const grid = readGrid(fields, fields.number(4), fields.number(4), extent)
  return chunked(grid, root === NOWHERE ? [] : treeChunks(file, root, grid), fields)
}

function newChunks(file: Hdf5File, fields: FieldReader, extent: Extent): Layout {
  const flags = fields.byte()
  if ((flags & 1) !== 0 && extent.isFiltered)
    throw unknownLayout(file, extent, 'chunks of which the last is not packed')
  const isPackedAlone = (flags & 2) !== 0
  requireOneDimension(fields, fields.byte())
  const width = fields.byte()
  if (width < 1 || width > 8) throw fields.wrong(`extents of ${width} bytes`, '1 to 8')
  const grid = readGrid(fields, fields.number(width), fields.number(width), extent)
  const index = fields.byte()
  let alone = { length: grid.rows * extent.elementBytes, mask: 0 }
  if (index === INDEX.single && isPackedAlone)
    alone = { length: fields.number(file.lengthBytes), mask: fields.number(4) }
  else if (index === INDEX.fixedArray) fields.skip(1)
  else if (index === INDEX.extensibleArray) fields.skip(5)
  const start = positionOf(file, fields)
  if (start === NOWHERE) return chunked(grid, [], fields)
  switch (index) {
    case INDEX.single:
      return chunked(grid, [{ index: 0, start, ...alone }], fields)
    case INDEX.implicit:
      return chunked(grid, implicitChunks(start, grid), fields)
    case INDEX.fixedArray:
    case INDEX.extensibleArray:
      return chunked(grid, arrayChunks(file, start, grid), fields)
    default:
      throw unknownLayout(file, extent, `chunks by index ${index}`)
  }
}

function readGrid(fields: FieldReader, rows: number, elementBytes: number, extent: Extent): ChunkGrid {
  const chunkBytes = rows * elementBytes
  if (elementBytes !== extent.elementBytes)
    throw fields.wrong(`elements of ${elementBytes} bytes`, `${extent.elementBytes} bytes`)
  if (rows < 1 || chunkBytes > MOST_CHUNK_BYTES)
    throw fields.wrong(`chunks of ${chunkBytes} bytes`, `at least one element, at most ${MOST_CHUNK_BYTES} bytes`)
  const { count, isFiltered } = extent
  return { rows, chunkBytes, count: Math.ceil(count / rows), isFiltered }
}

function* implicitChunks(start: number, { count, chunkBytes }: ChunkGrid): Generator<Chunk> {
  for (let index = 0; index < count; index++)
    yield { index, start: start + index * chunkBytes, length: chunkBytes, mask: 0 }
}

/** All of them, each once, of the length that they must have. */
function chunked(grid: ChunkGrid, found: Iterable<Chunk>, fields: FieldReader): Layout {
  const chunks = new Map<number, Chunk>()
  for (const chunk of found) {
    const { index, length } = chunk
    const isKnown = Number.isInteger(index) && index < grid.count && !chunks.has(index)
    if (!isKnown) throw fields.wrong(`chunk ${index}`, `each chunk below ${grid.count} once`)
    if (!grid.isFiltered && length !== grid.chunkBytes)
      throw fields.wrong(`a chunk of ${length} bytes`, `${grid.chunkBytes} bytes`)
    requireInside(fields.source, `chunk ${index}`, chunk.start, length)
    chunks.set(index, chunk)
  }
  if (chunks.size < grid.count)
    throw fields.wrong(`${chunks.size} chunks, for others were never written`, `${grid.count} chunks`)
  return { kind: 'chunked', rows: grid.rows, chunks }
}

/** The elements of a chunk count as a dimension. */
function requireOneDimension(fields: FieldReader, dimensions: number): void {
  if (dimensions !== 2) throw fields.wrong(`chunks of ${dimensions - 1} dimensions`, 'one')
}

function unknownLayout({ source }: Hdf5File, { name }: Extent, found: string): Error {
  return unreadForm(
    { file: source.file, field: name, found: `a layout of ${found}` },
    'elements in the file itself, whole or in chunks, as written by HDF5 1.6.3 to 1.14',
    'Write the file again: h5repack in.h5 out.h5.',
  )
}
