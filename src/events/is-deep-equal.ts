import { entryOf } from './by-name.js'

type Fields = Readonly<Record<string, unknown>>

/** Objects whose entries are being compared, each with the other one. */
type Around = Map<Fields, Fields>

/**
 * Whether two values are equal in structure: what is no object by `Object.is`, arrays and plain objects by their prototype
 * and entries, typed arrays by class and bytes. Any other object, such as a date or a function, equals itself alone.
 *
 * Values that hold themselves are equal if they do so in the same places.
 */
export function isDeepEqual(one: unknown, other: unknown): boolean {
  return areEqual(one, other, new Map())
}

function areEqual(one: unknown, other: unknown, around: Around): boolean {
  if (Object.is(one, other)) return true
  if (!isObject(one) || !isObject(other)) return false
  const prototype: unknown = Object.getPrototypeOf(one)
  if (prototype !== Object.getPrototypeOf(other)) return false
  if (ArrayBuffer.isView(one) && ArrayBuffer.isView(other)) return haveEqualBytes(one, other)
  if (Array.isArray(one) !== Array.isArray(other)) return false
  if (Array.isArray(one) || prototype === Object.prototype || prototype === null)
    return haveEqualEntries(one, other, around)
  return false
}

function haveEqualEntries(one: Fields, other: Fields, around: Around): boolean {
  const compared = around.get(one)
  if (compared !== undefined) return compared === other
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length || lengthOf(one) !== lengthOf(other)) return false
  around.set(one, other)
  const areAlike = names.every((name) => {
    if (!Object.prototype.propertyIsEnumerable.call(other, name)) return false
    return areEqual(entryOf(one, name), entryOf(other, name), around)
  })
  around.delete(one)
  return areAlike
}

function haveEqualBytes(one: ArrayBufferView, other: ArrayBufferView): boolean {
  if (one.byteLength !== other.byteLength) return false
  const bytes = bytesOf(other)
  return bytesOf(one).every((byte, k) => byte === bytes[k])
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

/** Lists may have holes at their ends. */
function lengthOf(value: unknown): number | null {
  return Array.isArray(value) ? value.length : null
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
