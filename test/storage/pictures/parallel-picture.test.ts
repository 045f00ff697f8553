import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ParallelAxis, parallelPicture } from '../../../src/storage/pictures/parallel-picture.js'
import { expectWellFormed } from './well-formed.js'

const head = { title: 't', subtitle: 's' }
const rate: ParallelAxis = { title: 'rate', kind: 'log', values: [0.001, 0.1] }
const hidden: ParallelAxis = { title: 'hidden', kind: 'words', values: [[4], [6]] }
const objective: ParallelAxis = { title: 'loss', kind: 'linear', values: [1, 3] }
const line = (values: readonly unknown[], isBest = false) => ({ name: JSON.stringify(values), values, isBest })

/** The points of every line, in the order in which they are drawn. */
function pointsIn(svg: string): readonly (readonly { readonly x: number; readonly y: number }[])[] {
  return [...svg.matchAll(/<path d="M([^"v]*)" fill="none"/g)].map(([, d = '']) =>
    d.split('L').map((point) => {
      const [x, y] = point.split(' ').map(Number)
      return { x: x!, y: y! }
    }),
  )
}

describe('parallel coordinates', () => {
  test('are well formed for any names and numbers, with a line for each', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true })
    const words = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 30 })
    const pictures = fc.record({
      title: fc.string({ unit: 'binary' }),
      axis: fc.string({ unit: 'binary', maxLength: 80 }),
      words,
      lines: fc.array(fc.tuple(number, fc.nat(), fc.option(number)), { maxLength: 6 }),
    })
    fc.assert(
      fc.property(pictures, ({ title, axis, words: values, lines }) => {
        const known = lines.flatMap(([, , reached]) => reached ?? [])
        const svg = parallelPicture({
          ...{ title, subtitle: axis },
          axes: [
            { title: axis, kind: 'linear', values: lines.map(([value]) => value) },
            { title: axis, kind: 'words', values },
            { title: axis, kind: 'linear', values: known },
          ],
          lines: lines.map(([value, word, reached]) => line([value, values[word % values.length], reached])),
        })
        expectWellFormed(svg)
        expect(pointsIn(svg).map((points) => points.length)).toEqual(lines.map(() => 3))
      }),
      { numRuns: 200 },
    )
  })

  test('have more above less, on a logarithmic axis by ratios, and words evenly spread', () => {
    const lines = [line([0.001, [4], 1]), line([0.01, [6], 2]), line([0.1, [4], 3])]
    const svg = parallelPicture({ ...head, axes: [rate, hidden, objective], lines })
    const [third, second, first] = pointsIn(svg)
    const ys = (k: number) => [first![k]!.y, second![k]!.y, third![k]!.y]
    for (const k of [0, 2]) {
      const [low, middle, high] = ys(k)
      expect(low).toBeGreaterThan(high!)
      expect(middle).toBeCloseTo((low! + high!) / 2, 1)
    }
    const [four, six, again] = ys(1)
    expect(again).toBe(four)
    expect(four! - six!).toBeCloseTo(150)
    for (const text of ['0.001', '0.1', '[4]', '[6]', 'rate', 'loss']) expect(svg).toContain(`>${text}</text>`)
  })

  test('are blue for the best, which is thick and last, orange for the worst, dashed for what failed', () => {
    const lines = [line([0.01, [4], 1]), line([0.02, [4], 2], true), line([0.03, [6], 3]), line([0.05, [6], null])]
    const svg = parallelPicture({ ...head, axes: [rate, hidden, objective], lines })
    const styles = [...svg.matchAll(/fill="none" (stroke="[^>]*)><title>/g)].map(([, style]) => style)
    expect(styles).toEqual([
      'stroke="#5f6b7a" stroke-dasharray="5 4"',
      'stroke="rgb(230,159,0)" stroke-width="1.3"',
      'stroke="rgb(0,114,178)" stroke-width="1.3"',
      'stroke="rgb(115,137,89)" stroke-width="4"',
    ])
    const [failed, worst, ...rest] = pointsIn(svg)
    const lowest = Math.max(...[worst!, ...rest].flat().map(({ y }) => y))
    expect(failed!.at(-1)!.y).toBeGreaterThan(lowest)
    expect(failed!.at(-1)!.x).toBe(worst!.at(-1)!.x)
    expect(svg).toContain('>failed</text>')
    expect(parallelPicture({ ...head, axes: [rate, hidden, objective], lines: lines.slice(0, 3) })).not.toContain(
      'failed',
    )
  })

  test('of values that are all equal, of none and of many axes have places for them', () => {
    const alone = parallelPicture({
      ...head,
      axes: [
        { ...objective, values: [2] },
        { ...objective, values: [] },
      ],
      lines: [line([2, null])],
    })
    expectWellFormed(alone)
    expect(alone).toContain('>2</text>')
    const widthOf = (svg: string) => Number(/ width="(\d+)"/.exec(svg)?.[1])
    const many = parallelPicture({ ...head, axes: Array.from({ length: 12 }, () => objective), lines: [] })
    expect(widthOf(many)).toBeGreaterThan(widthOf(alone))
  })
})
