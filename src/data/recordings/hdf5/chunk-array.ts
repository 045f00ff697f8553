import type { Chunk, ChunkGrid } from './chunks.js'
import { FieldReader, NOWHERE } from './field-reader.js'
import { type Hdf5File, positionOf, requireChecksum } from './hdf5-file.js'
import { unreadForm } from './unread-form.js'

/** Layout of the elements of an array. */
interface Elements {
  readonly bytes: number
  /** Bytes of the length field of a compressed chunk. */
  readonly lengthBytes: number
}

/** Bytes of signature, version and kind at the beginning of every block. */
const HEAD = 6
const MASK_BYTES = 4

/**
 * The chunks of a dataset whose index is a fixed or an extensible array.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, and DATA_FILE_FORMAT for an array with pages, which datasets of many chunks have.
 *
 * Source: HDF5 File Format Specification, version 3.0, VII.C and D.
 */
export function* arrayChunks(file: Hdf5File, start: number, grid: ChunkGrid): Generator<Chunk> {
  const [first] = new FieldReader(file.source, 'index of chunks', start, 4).bytes
  yield* first === 'F'.charCodeAt(0) ? fixedArray(file, start, grid) : extensibleArray(file, start, grid)
}

function* fixedArray(file: Hdf5File, start: number, grid: ChunkGrid): Generator<Chunk> {
  const { offsetBytes, lengthBytes } = file
  const header = openBlock(file, start, 'FAHD', 2 + lengthBytes + offsetBytes)
  const elements = elementsOf(file, grid, header)
  const most = 2 ** header.byte()
  const count = header.number(lengthBytes)
  const block = positionOf(file, header)
  if (count !== grid.count) throw header.wrong(`${count} chunks`, `${grid.count}`)
  if (count > most) throw paged(file)
  const fields = openBlock(file, block, 'FADB', offsetBytes + count * elements.bytes)
  fields.skip(offsetBytes)
  yield* chunksIn(file, fields, elements, grid, 0, count)
}

function* extensibleArray(file: Hdf5File, start: number, grid: ChunkGrid): Generator<Chunk> {
  const { offsetBytes, lengthBytes } = file
  const header = openBlock(file, start, 'EAHD', 6 + 6 * lengthBytes + offsetBytes)
  const elements = elementsOf(file, grid, header)
  const [bits, inIndex, leastElements] = [header.byte(), header.byte(), header.byte()]
  const [leastBlocks, pageBits] = [header.byte(), header.byte()]
  if (!isPowerOfTwo(leastElements) || !isPowerOfTwo(leastBlocks) || bits > 64)
    throw header.wrong(
      `blocks of at least ${leastElements} elements, and at least ${leastBlocks} blocks`,
      'powers of two',
    )
  header.skip(6 * lengthBytes)
  const index = positionOf(file, header)
  if (index === NOWHERE) return
  const direct = 2 * (leastBlocks - 1)
  const levels = 1 + bits - Math.log2(leastElements)
  const firstSuper = 2 * Math.log2(leastBlocks)
  const supers = Math.max(levels - firstSuper, 0)
  const fields = openBlock(file, index, 'EAIB', offsetBytes * (1 + direct + supers) + inIndex * elements.bytes)
  fields.skip(offsetBytes)
  yield* chunksIn(file, fields, elements, grid, 0, inIndex)
  let first = inIndex

  function* block(at: number, count: number): Generator<Chunk> {
    const from = first
    first += count
    if (at === NOWHERE) return
    if (count > 2 ** pageBits) throw paged(file)
    const head = offsetBytes + Math.ceil(bits / 8)
    const inside = openBlock(file, at, 'EADB', head + count * elements.bytes)
    inside.skip(head)
    yield* chunksIn(file, inside, elements, grid, from, count)
  }

  for (let level = 0; level < levels && first < grid.count; level++) {
    const blocks = 2 ** Math.floor(level / 2)
    const count = leastElements * 2 ** Math.ceil(level / 2)
    if (level < firstSuper) {
      for (let k = 0; k < blocks; k++) yield* block(positionOf(file, fields), count)
      continue
    }
    const at = positionOf(file, fields)
    if (at === NOWHERE) return
    if (count > 2 ** pageBits) throw paged(file)
    const head = offsetBytes + Math.ceil(bits / 8)
    const inside = openBlock(file, at, 'EASB', head + blocks * offsetBytes)
    inside.skip(head)
    for (let k = 0; k < blocks; k++) yield* block(positionOf(file, inside), count)
  }
}

/** Opens a block behind its signature, version and kind, after a check of its checksum. */
function openBlock(file: Hdf5File, start: number, signature: string, length: number): FieldReader {
  requireChecksum(file.source, 'index of chunks', start, HEAD + length)
  const fields = new FieldReader(file.source, 'index of chunks', start, HEAD + length)
  fields.signature(signature)
  fields.version([0])
  fields.skip(1)
  return fields
}

function elementsOf(file: Hdf5File, { isFiltered }: ChunkGrid, header: FieldReader): Elements {
  const bytes = header.byte()
  const lengthBytes = isFiltered ? bytes - file.offsetBytes - MASK_BYTES : 0
  const isRight = isFiltered ? lengthBytes >= 1 && lengthBytes <= 8 : bytes === file.offsetBytes
  if (!isRight)
    throw header.wrong(`entries of ${bytes} bytes`, 'an address, and for compressed chunks a length and a mask')
  return { bytes, lengthBytes }
}

function* chunksIn(
  file: Hdf5File,
  fields: FieldReader,
  { lengthBytes }: Elements,
  { isFiltered, chunkBytes }: ChunkGrid,
  first: number,
  count: number,
): Generator<Chunk> {
  for (let index = first; index < first + count; index++) {
    const start = positionOf(file, fields)
    const length = isFiltered ? fields.number(lengthBytes) : chunkBytes
    const mask = isFiltered ? fields.number(MASK_BYTES) : 0
    if (start !== NOWHERE) yield { index, start, length, mask }
  }
}

const isPowerOfTwo = (value: number): boolean => value > 0 && (value & (value - 1)) === 0

function paged({ source }: Hdf5File): Error {
  return unreadForm(
    { file: source.file, field: 'index of chunks', found: 'an array of chunks with pages' },
    'an array without pages, of fewer chunks',
    'Rewrite the file with larger chunks: h5repack -l CHUNK=4096 in.h5 out.h5.',
  )
}
