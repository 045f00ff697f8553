import type { FieldReader } from './field-reader.js'
import type { Hdf5File } from './hdf5-file.js'
import { unreadForm } from './unread-form.js'

/** A number as it lies in a file. */
export interface NumberType {
  readonly kind: 'integer' | 'float'
  /** In bytes. */
  readonly size: number
  readonly isSigned: boolean
  readonly isLittle: boolean
}

/** What an element of a dataset is. */
export type Datatype =
  | NumberType
  | { readonly kind: 'text'; readonly size: number }
  /** A list or a text of any length, which lies in a heap. */
  | { readonly kind: 'list'; readonly size: number; readonly of: NumberType }
  | { readonly kind: 'longText'; readonly size: number }

const CLASS = { integer: 0, float: 1, text: 3, enumeration: 8, list: 9 } as const
/** By size: bits of the exponent and the mantissa, and what is added to the exponent. */
const IEEE: Readonly<Record<number, string>> = { 2: '5 10 15', 4: '8 23 127', 8: '11 52 1023' }
const INTEGER_SIZES: readonly number[] = [1, 2, 4, 8]

/**
 * Reads a datatype: integers, IEEE floats, texts, and lists of numbers; an enumeration is its integers.
 *
 * Raises `InputError` DATA_FILE_FORMAT for another, DATA_FILE_DAMAGED.
 *
 * Source: HDF5 File Format Specification, version 3.0, IV.A.2.d.
 */
export function readDatatype(file: Hdf5File, fields: FieldReader, name: string): Datatype {
  const head = fields.byte()
  const bits = fields.number(3)
  const size = fields.number(4)
  switch (head & 15) {
    case CLASS.integer:
      return integerType(file, size, bits, name, fields)
    case CLASS.float:
      return floatType(file, size, bits, name, fields)
    case CLASS.text:
      if (size < 1) throw fields.wrong('texts of 0 bytes', 'at least 1')
      return { kind: 'text', size }
    case CLASS.enumeration:
      return readDatatype(file, fields, name)
    case CLASS.list: {
      if (size !== 8 + file.offsetBytes) throw fields.wrong(`lists of ${size} bytes`, `${8 + file.offsetBytes} bytes`)
      const of = readDatatype(file, fields, name)
      if ((bits & 15) === 1) return { kind: 'longText', size }
      if (of.kind === 'integer' || of.kind === 'float') return { kind: 'list', size, of }
      throw unknownType(file, name, `lists of ${of.kind}`)
    }
    default:
      throw unknownType(file, name, `class ${head & 15}`)
  }
}

function integerType(file: Hdf5File, size: number, bits: number, name: string, fields: FieldReader): NumberType {
  const [offset, precision] = [fields.number(2), fields.number(2)]
  if (!INTEGER_SIZES.includes(size) || offset !== 0 || precision !== 8 * size)
    throw unknownType(file, name, `integers of ${precision} bits in ${size} bytes`)
  return { kind: 'integer', size, isSigned: (bits & 8) !== 0, isLittle: (bits & 1) === 0 }
}

function floatType(file: Hdf5File, size: number, bits: number, name: string, fields: FieldReader): NumberType {
  const [offset, precision] = [fields.number(2), fields.number(2)]
  const [exponentAt, exponent, mantissaAt, mantissa] = [fields.byte(), fields.byte(), fields.byte(), fields.byte()]
  const isIeee =
    IEEE[size] === `${exponent} ${mantissa} ${fields.number(4)}` &&
    offset === 0 &&
    precision === 8 * size &&
    mantissaAt === 0 &&
    exponentAt === mantissa &&
    bits >>> 8 === precision - 1 &&
    (bits & 0x40) === 0
  if (!isIeee) throw unknownType(file, name, `floats of ${precision} bits in a form of their own`)
  return { kind: 'float', size, isSigned: true, isLittle: (bits & 1) === 0 }
}

function unknownType({ source }: Hdf5File, name: string, found: string): Error {
  const expected = 'integers, IEEE floats of 16, 32 or 64 bits, texts, or lists of numbers'
  return unreadForm({ file: source.file, field: name, found }, expected)
}
