import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { OUTPUT_FLAGS } from '../../src/cli/outputs/inputs-of.js'

const lines = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')

describe('the README can be read in one go', () => {
  test('it has at most 160 lines', () => {
    expect(lines.length).toBeLessThanOrEqual(160)
  })

  test('its commands can be repeated: each that writes to a place that it names may replace what it wrote', () => {
    const writers = lines.filter(
      (line) => /^node bin\/antidrome.mjs /.test(line) && OUTPUT_FLAGS.some((flag) => line.includes(`${flag} `)),
    )
    expect(writers.length).toBeGreaterThan(3)
    expect(writers.filter((line) => !line.includes(' --overwrite'))).toEqual([])
  })

  test('its tables fit a window', () => {
    expect(lines.filter((line) => line.startsWith('|') && line.length > 140)).toEqual([])
  })
})
