import { bytesInMemory } from '../bytes/byte-source.js'
import type { Dataset } from './dataset.js'
import type { NumberType } from './datatype.js'
import { FieldReader } from './field-reader.js'
import type { GlobalHeap } from './global-heap.js'
import { unreadForm } from './unread-form.js'

const SIGN = 0x8000

const EXPONENT_AT = 10

const MANTISSA = 0x3ff

/** The exponent of what is no number, or none that is finite. */
const SPECIAL = 31

/** By the exponent: the spacing of floats, 2^{e - 25}, and of those below the least normal one, 2^-24. */
const SPACING = Float64Array.from({ length: SPECIAL }, (_, e) => (1 << Math.max(e, 1)) / 2 ** 25)

/**
 * The value of a float of 16 bits: (-1)^s 2^{e - 15} (1 + m / 1024), 2^-14 m / 1024 for e = 0.
 *
 * Source: IEEE 754-2008, binary16.
 */
export function halfValue(bits: number): number {
  const e = (bits >>> EXPONENT_AT) & SPECIAL
  const m = bits & MANTISSA
  const size = e === SPECIAL ? (m === 0 ? Infinity : Number.NaN) : (e === 0 ? m : m + 1024) * (SPACING[e] as number)
  return (bits & SIGN) === 0 ? size : -size
}

/** Rows of labels and the like that are read at a time. */
const ROWS = 4096

/** Decodes numbers from their bytes, as many as there are in these; exact but for integers beyond 2^53. */
function numberDecoder(type: NumberType): (bytes: Uint8Array) => Float64Array {
  const reader = numberReader(type)
  return (bytes) => {
    const numberAt = reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))
    const numbers = new Float64Array(Math.floor(bytes.length / type.size))
    for (let k = 0; k < numbers.length; k++) numbers[k] = numberAt(k * type.size)
    return numbers
  }
}

type NumberReader = (view: DataView) => (at: number) => number

function numberReader({ kind, size, isSigned, isLittle }: NumberType): NumberReader {
  if (kind === 'float') {
    if (size === 4) return (view) => (at) => view.getFloat32(at, isLittle)
    if (size === 8) return (view) => (at) => view.getFloat64(at, isLittle)
    return (view) => (at) => halfValue(view.getUint16(at, isLittle))
  }
  if (isSigned) return signedReader(size, isLittle)
  if (size === 1) return (view) => (at) => view.getUint8(at)
  if (size === 2) return (view) => (at) => view.getUint16(at, isLittle)
  if (size === 4) return (view) => (at) => view.getUint32(at, isLittle)
  return (view) => (at) => Number(view.getBigUint64(at, isLittle))
}

function signedReader(size: number, isLittle: boolean): NumberReader {
  if (size === 1) return (view) => (at) => view.getInt8(at)
  if (size === 2) return (view) => (at) => view.getInt16(at, isLittle)
  if (size === 4) return (view) => (at) => view.getInt32(at, isLittle)
  return (view) => (at) => Number(view.getBigInt64(at, isLittle))
}

/** A reader of the list of numbers that is row k. Raises `InputError` DATA_FILE_FORMAT, DATA_FILE_DAMAGED. */
export function listReader(dataset: Dataset, heap: GlobalHeap): (k: number) => Float64Array {
  const { type } = dataset
  if (type.kind !== 'list') throw wrongKind(dataset, 'a list of numbers of any length in each row')
  const { of } = type
  const decode = numberDecoder(of)
  return (k) => decode(heapBytes(dataset, heap, k, of.size))
}

/** All values of a dataset, numbers or texts. Raises `InputError` DATA_FILE_FORMAT, DATA_FILE_DAMAGED. */
export function readValues(dataset: Dataset, heap: GlobalHeap): readonly (number | string)[] {
  const decode = rowDecoder(dataset, heap)
  const values: (number | string)[] = []
  for (let first = 0; first < dataset.count; first += ROWS)
    for (const value of decode(first, Math.min(first + ROWS, dataset.count))) values.push(value)
  return values
}

function rowDecoder(dataset: Dataset, heap: GlobalHeap): (first: number, end: number) => Iterable<number | string> {
  const { type, rows } = dataset
  switch (type.kind) {
    case 'list':
      throw wrongKind(dataset, 'a number or a text in each row')
    case 'longText':
      return (first, end) => rowsOf(first, end, (k) => textOf(heapBytes(dataset, heap, k, 1)))
    case 'text': {
      const { size } = type
      return (first, end) => {
        const bytes = rows(first, end)
        return rowsOf(0, end - first, (k) => textOf(bytes.subarray(k * size, (k + 1) * size)))
      }
    }
    default: {
      const decode = numberDecoder(type)
      return (first, end) => decode(rows(first, end))
    }
  }
}

function rowsOf(first: number, end: number, read: (k: number) => string): string[] {
  return Array.from({ length: end - first }, (_, k) => read(first + k))
}

/** The bytes that row k names in the heap, `elementBytes` per element. */
function heapBytes(dataset: Dataset, heap: GlobalHeap, k: number, elementBytes: number): Uint8Array {
  const { file, name, rows } = dataset
  // The row may have been unpacked: its fields are read as those of a file of its own.
  const row = bytesInMemory(rows(k, k + 1), file.source.file)
  const fields = new FieldReader(row, `row ${k} of ${name}`, 0, row.size)
  const count = fields.number(4)
  if (count === 0) return new Uint8Array(0)
  const collection = file.base + fields.number(file.offsetBytes)
  return heap.object(collection, fields.number(4), count * elementBytes)
}

/** Up to the first zero; spaces at the end are none of it. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trimEnd()
}

function wrongKind({ file, name, type }: Dataset, expected: string): Error {
  return unreadForm({ file: file.source.file, field: name, found: `${type.kind} in each row` }, expected)
}
