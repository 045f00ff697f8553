import { expect } from 'vitest'

type Structure = null | number | string | ArrayBufferView | readonly Structure[] | { readonly [key: string]: Structure }

/** Fails at the first place where two results differ by a bit; -0 is not 0. */
export function expectSameBits(actual: unknown, expected: unknown, place = 'result'): void {
  const difference = differenceOfBits(actual, expected, place)
  if (difference !== null) expect.fail(difference)
}

/** The first place where two results differ by a bit, in words; null where they are the same. */
export function differenceOfBits(actual: unknown, expected: unknown, place = 'result'): string | null {
  return differenceOf(actual as Structure, expected as Structure, place)
}

function differenceOf(a: Structure, b: Structure, place: string): string | null {
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return differenceOfArrays(a, b, place)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return Object.is(a, b) ? null : `${place}: ${String(a)} and ${String(b)}`
  const keys = Object.keys(b)
  if (Object.keys(a).join() !== keys.join()) return `${place}: keys ${Object.keys(a).join()} and ${keys.join()}`
  for (const key of keys) {
    const difference = differenceOf(entry(a, key), entry(b, key), `${place}.${key}`)
    if (difference !== null) return difference
  }
  return null
}

function entry(value: object, key: string): Structure {
  return (value as Record<string, Structure>)[key] as Structure
}

function differenceOfArrays(a: ArrayBufferView, b: ArrayBufferView, place: string): string | null {
  const bytes = (view: ArrayBufferView) => Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  if (a.constructor === b.constructor && bytes(a).equals(bytes(b))) return null
  const [left, right] = [Array.from(a as Float64Array), Array.from(b as Float64Array)]
  const at = left.findIndex((value, k) => !Object.is(value, right[k]))
  return `${place}[${at}]: ${left[at]} and ${right[at]}, of ${left.length} and ${right.length} values`
}
