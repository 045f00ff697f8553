import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regionOutline } from '../../../src/storage/pictures/region-outline.js'

interface Vertex {
  x: number
  y: number
}

function loopsOf(path: string): Vertex[][] {
  return path
    .split('Z')
    .filter((loop) => loop !== '')
    .map((loop) =>
      loop
        .slice(1)
        .split('L')
        .map((pair) => pair.split(' ').map(Number))
        .map(([x, y]) => ({ x: x!, y: y! })),
    )
}

function area(loop: readonly Vertex[]): number {
  const twice = loop.reduce((sum, { x, y }, index) => {
    const next = loop[(index + 1) % loop.length]!
    return sum + x * next.y - next.x * y
  }, 0)
  return twice / 2
}

const grids = fc
  .integer({ min: 1, max: 12 })
  .chain((resolution) =>
    fc
      .array(fc.boolean(), { minLength: resolution ** 2, maxLength: resolution ** 2 })
      .map((cells) => ({ resolution, cells })),
  )

describe('regionOutline', () => {
  it('takes every boundary point once, all of them on the grid, and one side is always inside', () => {
    fc.assert(
      fc.property(grids, ({ resolution, cells }) => {
        const contains = (column: number, row: number) => cells[row * resolution + column] === true
        const loops = loopsOf(regionOutline({ resolution, contains }))
        const borders = cells.reduce((sum, inside, cell) => {
          const row = Math.floor(cell / resolution)
          const column = cell % resolution
          const outside = [
            [1, 0],
            [-1, 0],
            [0, 1],
            [0, -1],
          ].filter(([dx, dy]) => {
            const [x, y] = [column + dx!, row + dy!]
            return x < 0 || y < 0 || x >= resolution || y >= resolution || !contains(x, y)
          })
          return inside ? sum + outside.length : sum
        }, 0)
        expect(loops.reduce((sum, loop) => sum + loop.length, 0)).toBe(borders)
        for (const { x, y } of loops.flat()) {
          expect(x >= 0 && x <= resolution && y >= 0 && y <= resolution).toBe(true)
        }
        const total = loops.reduce((sum, loop) => sum + area(loop), 0)
        expect(Math.abs(total)).toBeLessThanOrEqual(cells.filter(Boolean).length + borders)
      }),
    )
  })

  it('draws a disc with its area, and a hole the other way round', () => {
    const resolution = 80
    const radius = (column: number, row: number) => Math.hypot(column + 0.5 - 40, row + 0.5 - 40)
    const disc = loopsOf(regionOutline({ resolution, contains: (x, y) => radius(x, y) < 30 }))
    expect(disc.length).toBe(1)
    expect(Math.abs(area(disc[0]!)) / (Math.PI * 900)).toBeCloseTo(1, 2)
    const ring = loopsOf(regionOutline({ resolution, contains: (x, y) => radius(x, y) < 30 && radius(x, y) > 15 }))
    expect(ring.length).toBe(2)
    expect(Math.sign(area(ring[0]!))).toBe(-Math.sign(area(ring[1]!)))
  })

  it('keeps cells that touch at a corner apart', () => {
    const diagonal = loopsOf(regionOutline({ resolution: 2, contains: (column, row) => column === row }))
    expect(diagonal.length).toBe(2)
    const none = regionOutline({ resolution: 3, contains: () => false })
    expect(none).toBe('')
  })
})
