import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../../src/network/slices/blocks.js'

describe('blocks', () => {
  it('cover every neuron once, 32 at a time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (size) => {
        const blocks = blocksOf(size)
        const neurons = blocks.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i))
        expect(neurons).toEqual([...Array(size).keys()])
        expect(blocks.slice(0, -1).every(({ start, end }) => end - start === 32)).toBe(true)
      }),
    )
  })

  it('are these', () => {
    expect(blocksOf(70)).toEqual([
      { start: 0, end: 32 },
      { start: 32, end: 64 },
      { start: 64, end: 70 },
    ])
    expect(blocksOf(32)).toEqual([{ start: 0, end: 32 }])
  })
})
