import { entryOf } from '../../../events/by-name.js'
import { damagedFile, type FilePlace, wrongFormat } from '../../recordings/file-errors.js'
import { shapeSize } from '../../shape-size.js'

/** What an array of NumPy holds. */
type NpyValues =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly values: readonly string[] }

export interface NpyArray {
  /** Outermost first; none for a single value. */
  readonly shape: readonly number[]
  readonly content: NpyValues
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const
/** As NumPy has it. */
const MOST_HEADER = 10_000
const HEADER =
  /^\{\s*'descr'\s*:\s*(.+?)\s*,\s*'fortran_order'\s*:\s*(?:True|False)\s*,\s*'shape'\s*:\s*\(([\d\s,]*)\)\s*,?\s*\}\s*$/s

/**
 * Reads an array as `numpy.save` writes it: a magic number, the version, a dictionary of type, order and shape, then the
 * values, here of numbers, truths or texts, of either byte order.
 *
 * Raises `InputError` DATA_FILE_FORMAT for another kind of file or type, DATA_FILE_DAMAGED for a length that does not fit the
 * shape.
 *
 * Source: NumPy enhancement proposal 1, format versions 1 to 3.
 */
export function parseNpy(bytes: Uint8Array, place: Omit<FilePlace, 'found'>): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 10 || MAGIC.some((byte, k) => bytes[k] !== byte))
    throw wrongFormat({ ...place, found: 'another magic number' }, 'that of an array of NumPy')
  const version = bytes[6] as number
  if (version < 1 || version > 3)
    throw wrongFormat({ ...place, found: `version ${version} of the format` }, 'one from 1 to 3')
  const start = version === 1 ? 10 : 12
  const length = version === 1 ? view.getUint16(8, true) : bytes.length < 12 ? bytes.length : view.getUint32(8, true)
  if (start + length > bytes.length)
    throw damagedFile({ ...place, found: `${bytes.length} bytes` }, `a header of ${length} bytes`)
  if (length > MOST_HEADER)
    throw wrongFormat({ ...place, found: `a header of ${length} bytes` }, `${MOST_HEADER} at most`)
  const header = new TextDecoder().decode(bytes.subarray(start, start + length))
  const [, type, extents] = HEADER.exec(header) ?? []
  if (type === undefined || extents === undefined)
    throw wrongFormat(
      { ...place, found: `a header ${JSON.stringify(header.slice(0, 100).trim())}` },
      'that of an array',
    )
  const shape = extents.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]))
  const count = shapeSize(shape)
  const item = itemOf(type, place)
  const data = start + length
  if (bytes.length - data !== count * item.size)
    throw damagedFile(
      { ...place, found: `${bytes.length - data} bytes of values` },
      `${count * item.size}, for (${shape.join(', ')}) of type ${type}`,
    )
  return { shape, content: item.read(view, data, count) }
}

interface Item {
  readonly size: number
  read(view: DataView, start: number, count: number): NpyValues
}

const REMEDY =
  'Save arrays of whole numbers, of floats of 64 bits at most or of texts, as astype(float) makes them; a list of arrays becomes one array with offsets.'

function itemOf(type: string, place: Omit<FilePlace, 'found'>): Item {
  const [, order, kind, digits] = /^'([<>|=])([biufUS])([1-9]\d{0,5})'$/.exec(type) ?? []
  const size = Number(digits)
  const item = kind === undefined ? undefined : itemOfKind(kind, size, order !== '>')
  if (item !== undefined) return item
  const what = type.includes('O') ? 'objects, which only Python can read' : `type ${type.slice(0, 100)}`
  throw wrongFormat({ ...place, found: what }, 'numbers, truths or texts', REMEDY)
}

function itemOfKind(kind: string, size: number, little: boolean): Item | undefined {
  if (kind === 'U' || kind === 'S') return kind === 'U' ? unicode(size, little) : ascii(size)
  const read = entryOf(NUMBERS, `${kind}${size}`)
  if (read === undefined) return undefined
  return {
    size,
    read: (view, start, count) => {
      const values = new Float64Array(count)
      for (let k = 0; k < count; k++) values[k] = read(view, start + k * size, little)
      return { kind: 'numbers', values }
    },
  }
}

type ReadNumber = (view: DataView, at: number, little: boolean) => number

const wide = (high: 'getInt32' | 'getUint32'): ReadNumber => {
  return (view, at, little) =>
    view[high](little ? at + 4 : at, little) * 0x100000000 + view.getUint32(little ? at : at + 4, little)
}

const NUMBERS: Readonly<Record<string, ReadNumber>> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  // Beyond 2^53 they are rounded, and no time, unit or label is so large.
  u8: wide('getUint32'),
  i8: wide('getInt32'),
  f2: (view, at, little) => halfFloat(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
}

/** A number of 16 bits: sign, five of exponent, ten of fraction. */
function halfFloat(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

function unicode(letters: number, little: boolean): Item {
  const letter = (code: number) => (code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code))
  return texts(4 * letters, (view, at) =>
    Array.from({ length: letters }, (_, k) => letter(view.getUint32(at + 4 * k, little))).join(''),
  )
}

function ascii(letters: number): Item {
  return texts(letters, (view, at) =>
    new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, letters)),
  )
}

/** Shorter texts are filled up with zeros. */
function texts(size: number, readText: (view: DataView, at: number) => string): Item {
  const read = (view: DataView, start: number, count: number): NpyValues => {
    const values = Array.from({ length: count }, (_, k) => readText(view, start + k * size).replace(/\0+$/, ''))
    return { kind: 'texts', values }
  }
  return { size, read }
}
