import { expect } from 'vitest'

/** True of two arrays of one kind with the same numbers; of anything else undefined, which leaves it to others. */
export function sameNumbers(a: unknown, b: unknown): true | undefined {
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return haveOneKind(a, b) && haveSameBytes(a, b) ? true : undefined
  if (Array.isArray(a) && Array.isArray(b)) return haveOneKind(a, b) && holdSameNumbers(a, b) ? true : undefined
  return undefined
}

function haveOneKind(a: object, b: object): boolean {
  return Object.getPrototypeOf(a) === Object.getPrototypeOf(b)
}

function haveSameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return a.byteLength === b.byteLength && bytesOf(a).equals(bytesOf(b))
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}

function holdSameNumbers(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  // `every` would pass over holes.
  for (let k = 0; k < a.length; k++) if (typeof a[k] !== 'number' || !Object.is(a[k], b[k])) return false
  return true
}

/**
 * Makes `toEqual` and `toStrictEqual` quick on large arrays, which they would go through key by key. They find and tell
 * the same differences. Here, as a module is run once in each process.
 */
expect.addEqualityTesters([sameNumbers])
