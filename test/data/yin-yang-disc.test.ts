import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { insideYinYang, yinYangClass } from '../../src/data/yin-yang-disc.js'

const unit = fc.integer({ min: 0, max: 2 ** 24 }).map((steps) => steps / 2 ** 24)

/** How far a point is from the nearest border between classes. */
function distanceToBorder(x: number, y: number): number {
  const left = Math.hypot(x - 0.25, y - 0.5)
  const right = Math.hypot(x - 0.75, y - 0.5)
  return Math.min(...[left - 0.1, right - 0.1, left - 0.25, right - 0.25, y - 0.5].map(Math.abs))
}

describe('yinYangClass', () => {
  it('exchanges yin and yang under a half turn of the disc', () => {
    fc.assert(
      fc.property(unit, unit, (x, y) => {
        fc.pre(insideYinYang(x, y) && distanceToBorder(x, y) > 1e-9)
        const here = yinYangClass(x, y)
        expect(yinYangClass(1 - x, 1 - y)).toBe(here === 2 ? 2 : 1 - here)
      }),
    )
  })

  it.each([
    { x: 0.25, y: 0.5, is: 2 },
    { x: 0.75, y: 0.5, is: 2 },
    { x: 0.5, y: 0.9, is: 1 },
    { x: 0.25, y: 0.3, is: 1 },
    { x: 0.5, y: 0.1, is: 0 },
    { x: 0.75, y: 0.7, is: 0 },
  ])('gives class $is to ($x, $y)', ({ x, y, is }) => {
    expect(yinYangClass(x, y)).toBe(is)
  })
})

describe('insideYinYang', () => {
  it('holds on the edge and fails beyond it', () => {
    expect(insideYinYang(0, 0.5)).toBe(true)
    expect(insideYinYang(0.5, 1)).toBe(true)
    expect(insideYinYang(0.1, 0.1)).toBe(false)
  })
})
