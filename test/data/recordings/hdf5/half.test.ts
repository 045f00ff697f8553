import { expect, test } from 'vitest'
import { halfBits } from '../../../../scripts/data/hdf5/half-bits.js'
import { lookup3 } from '../../../../src/data/recordings/hdf5/lookup3.js'
import { halfValue } from '../../../../src/data/recordings/hdf5/values.js'

test('floats of 16 bits by their bits', () => {
  const known = [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, Number.NaN],
  ] as const
  for (const [bits, value] of known) expect(halfValue(bits)).toBe(value)
})

test('every float of 16 bits has its bits, and ties go to the even one', () => {
  const wrong: number[] = []
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [value, next] = [halfValue(bits), halfValue(bits + 1)]
    const middle = (value + next) / 2
    const found = [value, middle, middle + (next - middle) / 512].map(halfBits)
    if (found[0] !== bits || found[1] !== bits + (bits % 2) || found[2] !== bits + 1) wrong.push(bits)
  }
  expect(wrong).toEqual([])
  expect(halfBits(65_504)).toBe(0x7bff)
})

test('the checksum of known texts', () => {
  const sum = (text: string) => lookup3(new TextEncoder().encode(text))
  // From the driver of lookup3.c.
  expect(sum('')).toBe(0xdeadbeef)
  expect(sum('Four score and seven years ago')).toBe(0x17770551)
})
