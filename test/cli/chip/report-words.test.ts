import { expect, test } from 'vitest'
import { amountOf, energyOf, timeOf } from '../../../src/cli/chip/words/figure-words.js'
import { reportTable } from '../../../src/cli/chip/words/report-table.js'
import type { ChipCongestion, LinkLoad } from '../../../src/hardware/congestion/chip-congestion.js'
import { SMALL_REPORT } from './small-report.js'

const sum = (value: number | null, atLeast: number, atMost: number | null) => ({ value, atLeast, atMost, unknown: [] })

test.each([
  [sum(0, 0, 0), '0 pJ'],
  [sum(0, 0, null), 'at least 0 pJ'],
  [sum(23.6, 23.6, 23.6), '23.6 pJ'],
  [sum(1500, 1500, 1500), '1.50 nJ'],
  [sum(2.5e6, 2.5e6, null), 'at least 2.50 µJ'],
  [sum(999, 0, 999), 'at most 999 pJ'],
  [sum(1e9, 5e8, 2e9), 'about 1.00 mJ'],
  [sum(null, 0, null), 'unknown'],
  [sum(null, 4e12, null), 'at least 4.00 J'],
])('an energy in pJ: %j is %s', (energy, words) => {
  expect(energyOf(energy)).toBe(words)
})

test('times have their units, counts their commas', () => {
  expect([999, 1e3, 1e6, 1e9, 1e12].map((ns) => timeOf(sum(ns, ns, ns)))).toEqual([
    ...['999 ns', '1.00 µs', '1.00 ms', '1.00 s', '1000 s'],
  ])
  expect([1234567, 1234.56, 0].map(amountOf)).toEqual(['1,234,567', '1,234.6', '0'])
})

const link = (x: number, y: number, more: Partial<LinkLoad>) =>
  ({ from: { x, y }, to: { x, y: y + 1 }, most: 1200, start: 3, capacity: null, ...more }) as LinkLoad

function linksLine(congestion: Partial<ChipCongestion>): string | undefined {
  const whole = { window: 0.5, overCapacity: 0, unknown: [], links: [], ...congestion } as unknown as ChipCongestion
  return /^busiest links.*$/m.exec(reportTable({ report: SMALL_REPORT, congestion: whole, timing: null }))?.[0]
}

test('the busiest links are told with what they carry', () => {
  expect(linksLine({ links: [link(1, 2, { capacity: 1000 })], overCapacity: 1 })).toMatch(/; 1 window over capacity$/)
  expect(linksLine({ links: [link(1, 2, { capacity: 1000 })], overCapacity: 1234 })).toBe(
    'busiest links, packets in 0.5 ms: 1,2 -> 1,3 1,200 of 1,000 from 3 ms; 1,234 windows over capacity',
  )
  expect(linksLine({ links: [link(1, 2, {})], unknown: ['tilePacketsPerSecond'] })).toBe(
    'busiest links, packets in 0.5 ms: 1,2 -> 1,3 1,200 from 3 ms; what links carry is not known (tilePacketsPerSecond)',
  )
  expect(linksLine({ links: Array.from({ length: 9 }, (_, x) => link(x, 0, {})) })?.match(/->/g)).toHaveLength(5)
  expect(linksLine({})).toBeUndefined()
})

test('what goes to the loss and comes back is told apart', () => {
  const rows = reportTable({ report: SMALL_REPORT, congestion: null, timing: null }).match(
    /^(forward|backward|to the loss|from the loss) .*$/gm,
  )
  expect(rows?.map((row) => row.split(/ {2,}/))).toEqual([
    ['forward', '0', '0', '20', '0', '30', '80'],
    ['backward', '0', '0', '0', '0', '0', '0'],
    ['to the loss', '32', '0', '32', '0', '32', 'unknown'],
    ['from the loss', '32', '0', '32', '0', '32', 'unknown'],
  ])
})

test('bytes are those between tiles and between chips', () => {
  const bytes = { inCore: 1, inTile: 2, betweenTiles: 80, betweenChips: 4000 }
  const report = { ...SMALL_REPORT, forward: { ...SMALL_REPORT.forward, bytes } }
  expect(reportTable({ report, congestion: null, timing: null })).toMatch(/^forward .* 4,080$/m)
})
