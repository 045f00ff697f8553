import { InputError } from '../../events/errors.js'
import { instanceOf, readString } from '../../network/reading/read-value.js'
import { wrongType } from '../../network/reading/wrong-value.js'
import { shapeSize } from '../shape-size.js'

/** What an IDX file of unsigned bytes holds. */
export interface IdxArray {
  /** Outermost first. */
  readonly shape: readonly number[]
  /** Row-major; a view into the bytes that were parsed. */
  readonly values: Uint8Array
}

/** Third byte of the magic number: unsigned bytes. */
const UNSIGNED_BYTE = 0x08

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the type, the number of dimensions, every dimension as a
 * big-endian 32-bit integer, then the values.
 *
 * Raises `InputError` IDX_MAGIC for another kind of file, IDX_SIZE for a length that does not fit its dimensions.
 *
 * @param dimensions how many the array must have: 1 for labels, 3 for images
 * @param file name for the errors
 * Source: LeCun, Cortes & Burges, the MNIST database.
 */
export function parseIdx(bytes: Uint8Array, dimensions: number, file?: string): IdxArray {
  instanceOf(Uint8Array)(bytes, 'bytes')
  if (![1, 2, 3, 4].includes(dimensions)) throw wrongType(dimensions, 'dimensions', 'a number from 1 to 4')
  const place = file === undefined ? {} : { file: readString(file, 'file') }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = 0x100 * UNSIGNED_BYTE + dimensions
  const start = 4 + 4 * dimensions
  const found = bytes.length < 4 ? null : view.getUint32(0)
  if (found !== magic) {
    throw new InputError({
      ...place,
      code: 'IDX_MAGIC',
      field: 'magic number',
      found: found === null ? `a file of ${bytes.length} bytes` : hexadecimal(found),
      expected: `${hexadecimal(magic)}: an IDX file of unsigned bytes with ${dimensions} dimension${dimensions === 1 ? '' : 's'}`,
    })
  }
  if (bytes.length < start) throw wrongSize(place, bytes.length, `${start} bytes of header`)
  const shape = Array.from({ length: dimensions }, (_, d) => view.getUint32(4 + 4 * d))
  const count = shapeSize(shape)
  if (bytes.length !== start + count) {
    throw wrongSize(place, bytes.length, `${start + count} bytes for ${shape.join(' x ')} values and the header`)
  }
  // Plain bytes, also of a Buffer.
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + start, count) }
}

function hexadecimal(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`
}

function wrongSize(place: { readonly file?: string }, length: number, expected: string): InputError {
  return new InputError({
    ...place,
    code: 'IDX_SIZE',
    field: 'length',
    found: `${length} bytes`,
    expected,
    remedy: 'The file is incomplete or damaged: fetch it again.',
  })
}
