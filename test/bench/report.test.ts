import { expect, test } from 'vitest'
import { growthPicture } from '../../bench/report/growth-picture.js'
import { jsonLines } from '../../bench/report/json-lines.js'
import { textLines } from '../../bench/report/text-lines.js'

const FIGURE = {
  name: 'forward',
  value: 3,
  unit: 'ns/synaptic event',
  against: [
    { name: 'in C', value: 1.5 },
    { name: 'in WebAssembly', value: 2.4567 },
  ],
  counts: { 'spikes per neuron': 1.04321 },
}

test('as JSON a figure has a line per rival, with the ratio to it', () => {
  const { value, unit, counts } = FIGURE
  const figure = { benchmark: 'kernels: forward', value, unit, counts }
  const lines = (of: typeof FIGURE) =>
    jsonLines('kernels', of)
      .split('\n')
      .map((line) => JSON.parse(line))
  expect(lines(FIGURE)).toEqual([
    { ...figure, rival: 'in C', ratio: 2, rivalValue: 1.5 },
    { ...figure, rival: 'in WebAssembly', ratio: 3 / 2.4567, rivalValue: 2.4567 },
  ])
  expect(lines({ ...FIGURE, against: [] })).toEqual([{ ...figure, rival: null, ratio: null, rivalValue: null }])
})

test('as text the rivals of a figure stand below each other, behind its numbers', () => {
  const lines = textLines(FIGURE).split('\n')
  expect(lines[0]).toMatch(/^ {2}forward +3 ns\/synaptic event +2 x in C \(1\.5\)$/)
  const column = lines[0]?.indexOf('2 x in C') ?? -1
  expect(lines[1]?.slice(column)).toBe('1.22 x in WebAssembly (2.46)')
  expect(lines[2]?.slice(column)).toBe('[1.04 spikes per neuron]')
  expect(lines.slice(1).every((line) => line.slice(0, column).trim() === '')).toBe(true)
})

test('as text a name or a figure that is too long for its column keeps a space behind it', () => {
  for (const length of [63, 64, 65, 90]) {
    const name = `${'n'.repeat(length - 5)}, CPU`
    const unit = `us/${'u'.repeat(length)}`
    expect(textLines({ ...FIGURE, name, unit }).split('\n')[0]).toMatch(/^ {2}n+, CPU +3 µs\/u+ +2 x in C \(1\.5\)$/)
  }
})

test('people read µs, programs us', () => {
  const figure = { ...FIGURE, unit: 'us/sample', against: [] }
  expect(textLines(figure)).toContain(' 3 µs/sample ')
  expect(jsonLines('kernels', figure)).toContain('"unit":"us/sample"')
  expect(textLines({ ...figure, unit: 'ns/bus' })).toContain(' 3 ns/bus ')
})

test('where both were measured in turns, the range of the ratio stands behind it', () => {
  const against = [{ name: '1 partition', value: 2, range: [1.234, 1.6] as const }]
  expect(textLines({ ...FIGURE, against, counts: {} })).toContain(' 1.5 (1.23 to 1.6) x 1 partition (2)')
})

test('a picture of growth has a dot per point, and axes that hold what was expected, too', () => {
  const points = [
    { size: 1, value: 10, expected: 10 },
    { size: 10, value: 200, expected: 100 },
    { size: 100, value: 1500, expected: 1000 },
  ]
  const svg = growthPicture({
    title: 'T',
    subtitle: 'S',
    across: 'x',
    upward: 'y',
    points,
    expectation: 'in proportion',
  })
  // One per point, and one at the end of each line.
  expect(svg.match(/<circle /g)).toHaveLength(points.length + 2)
  for (const text of ['in proportion', '>100<', '>1000<']) expect(svg).toContain(text)
})
