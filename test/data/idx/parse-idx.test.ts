import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIdx } from '../../../src/data/idx/parse-idx.js'
import { idxBytes } from '../../support/small-images.js'

const array = fc
  .array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 })
  .chain((shape) =>
    fc.tuple(fc.constant(shape), fc.uint8Array({ minLength: product(shape), maxLength: product(shape) })),
  )

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

describe('parseIdx', () => {
  it('gives back what was written, wherever the bytes lie in their buffer', () => {
    fc.assert(
      fc.property(array, fc.nat({ max: 5 }), ([shape, values], before) => {
        const bytes = idxBytes(shape, values)
        const within = new Uint8Array(before + bytes.length)
        within.set(bytes, before)
        expect(parseIdx(within.subarray(before), shape.length)).toEqual({ shape, values })
      }),
    )
  })

  it('refuses every file that is too short or too long', () => {
    fc.assert(
      fc.property(array, fc.nat({ max: 40 }), fc.boolean(), ([shape, values], change, longer) => {
        const bytes = idxBytes(shape, values)
        const length = longer ? bytes.length + 1 + change : Math.max(0, bytes.length - 1 - change)
        const changed = new Uint8Array(length)
        changed.set(bytes.subarray(0, length))
        const code = length < 4 ? 'IDX_MAGIC' : 'IDX_SIZE'
        expect(() => parseIdx(changed, shape.length, 'a')).toThrow(expect.objectContaining({ code }))
      }),
    )
  })

  it('reads the bytes of the format', () => {
    const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9)
    expect(parseIdx(bytes, 2)).toEqual({ shape: [1, 3], values: Uint8Array.of(7, 8, 9) })
  })

  it('names file, magic number found and expected', () => {
    const labels = idxBytes([2], [0, 1])
    expect(() => parseIdx(labels, 3, 'images')).toThrow(
      'images: magic number: found 0x00000801, expected 0x00000803: an IDX file of unsigned bytes with 3 dimensions.',
    )
    expect(() => parseIdx(Uint8Array.of(), 1, 'labels')).toThrow('found a file of 0 bytes, expected 0x00000801')
  })

  it('names the size found and expected', () => {
    expect(() => parseIdx(idxBytes([60, 28, 28], [1]), 3, 'images')).toThrow(
      'images: length: found 17 bytes, expected 47056 bytes for 60 x 28 x 28 values and the header.',
    )
  })
})
