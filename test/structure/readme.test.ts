import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const lines = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')

describe('the README can be read in one go', () => {
  test('it has at most 160 lines', () => {
    expect(lines.length).toBeLessThanOrEqual(160)
  })

  test('its tables fit a window', () => {
    expect(lines.filter((line) => line.startsWith('|') && line.length > 140)).toEqual([])
  })
})
