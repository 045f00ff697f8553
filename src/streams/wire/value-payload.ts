import { InternalError } from '../../events/errors.js'
import { type ByteReader, createByteReader } from './byte-reader.js'
import { type ByteWriter, createByteWriter } from './byte-writer.js'
import { corrupt } from './frame-fault.js'
import { readText, textBytes } from './text.js'
import { cannotTravel, isRecord, travellingFields } from './travelling.js'
import { ARRAY_KINDS, bytesOfArray, isValueArray, packArray, unpackArray } from './value-arrays.js'
import { VALUE_WORDS } from './value-words.js'

/** What begins a value; arrays have the numbers from `ARRAY` on. */
const NULL = 0
const FALSE = 1
const TRUE = 2
const UNDEFINED = 3
const DOUBLE = 4
const COUNT = 5
const NEGATIVE = 6
const TEXT = 7
const LIST = 8
const RECORD = 9
const ARRAY = 16

/** From here on a double is as short. */
const LARGEST_COUNT = 2 ** 32
const MOST_DEPTH = 64

const PLACES: ReadonlyMap<string, number> = new Map(VALUE_WORDS.map((word, place) => [word, place]))

/**
 * A frame with a JSON-like value in it, yet without header.
 *
 *     value    u8 what it is, then
 *              4 f64                     8 count, values: a list
 *              5 count: an integer       9 count, (text, value)s: a record
 *              6 count: its negative     16 + kind, count, numbers: an array, see `packArray`
 *              7 text                    0 null, 1 false, 2 true, 3 undefined: nothing
 *     count    of seven bits a byte, see `ByteWriter`
 *     text     count: its place among `VALUE_WORDS`, or from their number on the bytes of the UTF-8 that follows
 *
 * Also holds Infinity, NaN, -0 and undefined and, bit for bit, Float64Array, Uint32Array, Int32Array, Uint8Array and
 * Uint16Array. Fields that are undefined are left out.
 *
 * @throws InternalError for what cannot travel: functions, instances of classes, keys `__proto__`, cycles
 */
export function encodeValue(value: unknown): Uint8Array {
  const writer = createByteWriter()
  writeValue(writer, value, 0)
  return writer.frame()
}

function writeValue(writer: ByteWriter, value: unknown, depth: number): void {
  if (depth > MOST_DEPTH) throw new InternalError(`A value is nested more than ${MOST_DEPTH} deep.`)
  if (typeof value === 'number') writeNumber(writer, value)
  else if (typeof value === 'string') {
    writer.byte(TEXT)
    writeText(writer, value)
  } else if (value === undefined) writer.byte(UNDEFINED)
  else if (value === null) writer.byte(NULL)
  else if (typeof value === 'boolean') writer.byte(value ? TRUE : FALSE)
  else if (isValueArray(value)) {
    const { kind, numbers } = packArray(value)
    writer.byte(ARRAY + kind)
    writer.count(numbers.length)
    writer.bytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
  } else if (Array.isArray(value)) {
    writer.byte(LIST)
    writer.count(value.length)
    // Of a list with holes, too, every entry.
    for (let k = 0; k < value.length; k++) writeValue(writer, value[k], depth + 1)
  } else if (isRecord(value)) writeRecord(writer, value, depth)
  else throw cannotTravel(value)
}

function writeNumber(writer: ByteWriter, value: number): void {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < LARGEST_COUNT && !Object.is(value, -0)) {
    writer.byte(value < 0 ? NEGATIVE : COUNT)
    writer.count(size)
  } else {
    writer.byte(DOUBLE)
    writer.double(value)
  }
}

function writeText(writer: ByteWriter, text: string): void {
  const place = PLACES.get(text)
  if (place !== undefined) writer.count(place)
  else {
    const bytes = textBytes(text)
    writer.count(VALUE_WORDS.length + bytes.length)
    writer.bytes(bytes)
  }
}

function writeRecord(writer: ByteWriter, record: Readonly<Record<string, unknown>>, depth: number): void {
  const fields = travellingFields(record)
  writer.byte(RECORD)
  writer.count(fields.length)
  for (const [name, field] of fields) {
    writeText(writer, name)
    writeValue(writer, field, depth + 1)
  }
}

/** @throws FrameFault LINK_FRAME_CORRUPT; what is allocated grows with the payload's own bytes. */
export function decodeValue(payload: Uint8Array): unknown {
  const reader = createByteReader(payload, 'value')
  const value = readValue(reader, 0)
  if (reader.left > 0) throw corrupt(`${reader.left} bytes behind the end of a value`)
  return value
}

function readValue(reader: ByteReader, depth: number): unknown {
  if (depth > MOST_DEPTH) throw corrupt(`a value is nested more than ${MOST_DEPTH} deep`)
  const what = reader.byte()
  switch (what) {
    case NULL:
      return null
    case FALSE:
      return false
    case TRUE:
      return true
    case UNDEFINED:
      return undefined
    case DOUBLE:
      return reader.double()
    case COUNT:
      return reader.count()
    case NEGATIVE:
      return -reader.count()
    case TEXT:
      return readWord(reader)
    case LIST: {
      // Every entry takes a byte at least.
      const count = expectLeft(reader, reader.count(), 'entries')
      const list: unknown[] = []
      for (let k = 0; k < count; k++) list.push(readValue(reader, depth + 1))
      return list
    }
    case RECORD: {
      const count = expectLeft(reader, reader.count(), 'fields')
      const fields: [name: string, field: unknown][] = []
      for (let k = 0; k < count; k++) {
        const name = readWord(reader)
        if (name === '__proto__') throw corrupt('a value holds the key "__proto__"')
        fields.push([name, readValue(reader, depth + 1)])
      }
      return Object.fromEntries(fields)
    }
    default: {
      const kind = what - ARRAY
      if (kind < 0 || kind >= ARRAY_KINDS) throw corrupt(`a value begins with ${what}`)
      return unpackArray(kind, reader.bytes(bytesOfArray(kind, reader.count())))
    }
  }
}

function expectLeft(reader: ByteReader, count: number, what: string): number {
  if (count > reader.left) throw corrupt(`a value has ${count} ${what} in ${reader.left} bytes`)
  return count
}

function readWord(reader: ByteReader): string {
  const place = reader.count()
  return VALUE_WORDS[place] ?? readText(reader.bytes(place - VALUE_WORDS.length))
}
