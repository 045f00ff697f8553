import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AffineMove, affineMove } from '../../../../src/data/recordings/task/affine-move.js'

const STILL: AffineMove = { right: 0, down: 0, angle: 0, factor: 1 }

/** All units of a picture after a move. */
function moved([polarities, height, width]: readonly [number, number, number], move: Partial<AffineMove>) {
  const to = affineMove([polarities, height, width], { ...STILL, ...move })
  return Array.from({ length: polarities * height * width }, (_, unit) => to(unit))
}

const extent = fc.integer({ min: 1, max: 9 })

describe('affineMove', () => {
  it('leaves everything where it is, or moves it by whole pixels', () =>
    fc.assert(
      fc.property(
        ...([fc.integer({ min: 1, max: 2 }), extent, extent] as const),
        ...([fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })] as const),
        (p, h, w, right, down) => {
          const expected = Array.from({ length: p * h * w }, (_, unit) => {
            const [x, y] = [(unit % w) + right, (Math.floor(unit / w) % h) + down]
            return x < 0 || x >= w || y < 0 || y >= h ? -1 : (Math.floor(unit / w / h) * h + y) * w + x
          })
          expect(moved([p, h, w], { right, down })).toEqual(expected)
        },
      ),
    ))

  it('moves channels along themselves', () => {
    const to = affineMove([5], { ...STILL, right: -2 })
    expect([0, 1, 2, 3, 4].map(to)).toEqual([-1, -1, 0, 1, 2])
  })

  it('turns by quarters about the centre, exactly, whether it is a pixel or between four', () => {
    for (const n of [1, 2, 3, 4, 7, 34]) {
      const quarter = Array.from({ length: 2 * n * n }, (_, unit) => {
        const [x, y] = [unit % n, Math.floor(unit / n) % n]
        return Math.floor(unit / n / n) * n * n + x * n + (n - 1 - y)
      })
      expect(moved([2, n, n], { angle: Math.PI / 2 })).toEqual(quarter)
      expect(moved([2, n, n], { angle: -Math.PI / 2 })).toEqual(quarter.map((_, unit) => quarter.indexOf(unit)))
      expect(moved([2, n, n], { angle: Math.PI })).toEqual(quarter.map((to) => quarter[to]))
    }
  })

  it('goes to the nearest pixel, as sine and cosine of the system say where they are sure', () => {
    let [sure, all] = [0, 0]
    fc.assert(
      fc.property(
        ...([extent, extent] as const),
        fc.record({
          right: fc.double({ min: -3, max: 3, noNaN: true }),
          down: fc.double({ min: -3, max: 3, noNaN: true }),
          angle: fc.double({ min: -7, max: 7, noNaN: true }),
          factor: fc.double({ min: 0.01, max: 2, noNaN: true }),
        }),
        (h, w, move) => {
          const found = moved([1, h, w], move)
          for (let unit = 0; unit < h * w; unit++) {
            const [x, y] = [(unit % w) - (w - 1) / 2, Math.floor(unit / w) - (h - 1) / 2]
            const [cos, sin] = [move.factor * Math.cos(move.angle), move.factor * Math.sin(move.angle)]
            const exact = [(w - 1) / 2 + move.right + cos * x - sin * y, (h - 1) / 2 + move.down + sin * x + cos * y]
            all++
            if (exact.some((at) => Math.abs(at - Math.floor(at) - 0.5) < 1e-9)) continue
            sure++
            const [column, row] = exact.map((at) => Math.round(at) + 0) as [number, number]
            const isThere = column >= 0 && column < w && row >= 0 && row < h
            expect(found[unit]).toBe(isThere ? row * w + column : -1)
          }
        },
      ),
    )
    expect(sure / all).toBeGreaterThan(0.6)
  })

  it('goes to the right and down from halfway between two pixels', () => {
    expect(moved([1, 2, 2], { right: 0.5 })).toEqual([1, -1, 3, -1])
    expect(moved([1, 2, 2], { right: -0.5, down: -0.5 })).toEqual([0, 1, 2, 3])
    expect(moved([1, 1, 4], { factor: 0.5 })).toEqual([1, 1, 2, 2])
    // Distances of 2 from the centre become 4, of 1 become 2.
    expect(moved([1, 1, 5], { factor: 2 })).toEqual([-1, 0, 2, 4, -1])
  })
})
