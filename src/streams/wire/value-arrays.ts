/** Arrays that a value may hold. */
export type ValueArray = Float64Array | Uint32Array | Int32Array | Uint8Array | Uint16Array

type ArrayClass = Float64ArrayConstructor | Uint32ArrayConstructor | NarrowClass
type NarrowClass = Int32ArrayConstructor | Uint8ArrayConstructor | Uint16ArrayConstructor

/** How an array travels: its class, and the class of the numbers that stand for its own. */
interface Packing {
  readonly held: ArrayClass
  readonly sent: ArrayClass
}

/** Numbered from 0 on the wire, in this order. */
const PACKINGS: readonly Packing[] = [
  { held: Float64Array, sent: Float64Array },
  { held: Uint32Array, sent: Uint32Array },
  { held: Int32Array, sent: Int32Array },
  { held: Uint8Array, sent: Uint8Array },
  { held: Uint16Array, sent: Uint16Array },
  { held: Uint32Array, sent: Uint8Array },
  { held: Uint32Array, sent: Uint16Array },
]
const [BYTES_OF_WORDS, HALVES_OF_WORDS] = [5, 6]

/** How many kinds of arrays there are on the wire. */
export const ARRAY_KINDS = PACKINGS.length

/** An array as it travels. */
export interface PackedArray {
  readonly kind: number
  readonly numbers: ValueArray
}

/** Whether a value is one of the arrays that travel as such; a subclass such as Buffer counts as one. */
export function isValueArray(value: unknown): value is ValueArray {
  return ArrayBuffer.isView(value) && PACKINGS.some(({ held }) => value instanceof held)
}

/** Units and offsets are mostly small: 32 bits travel in 8 or 16 where all of an array fit. */
export function packArray(array: ValueArray): PackedArray {
  if (array instanceof Uint32Array) {
    let most = 0
    for (let k = 0; k < array.length; k++) most |= array[k] as number
    if (most >>> 8 === 0) return { kind: BYTES_OF_WORDS, numbers: new Uint8Array(array) }
    if (most >>> 16 === 0) return { kind: HALVES_OF_WORDS, numbers: new Uint16Array(array) }
  }
  return { kind: PACKINGS.findIndex(({ held }) => array instanceof held), numbers: array }
}

/** Bytes of the numbers of an array of one of the kinds. */
export function bytesOfArray(kind: number, count: number): number {
  return count * (PACKINGS[kind] as Packing).sent.BYTES_PER_ELEMENT
}

/** The array that was packed, from its bytes; it has a buffer of its own. */
export function unpackArray(kind: number, bytes: Uint8Array): ValueArray {
  const { held, sent } = PACKINGS[kind] as Packing
  const numbers = new sent(new Uint8Array(bytes).buffer)
  return held === sent ? numbers : new held(numbers)
}
