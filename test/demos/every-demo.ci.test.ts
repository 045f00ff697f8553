import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runDemo } from '../support/run-demo.js'

const demos = readdirSync(new URL('../../demos', import.meta.url)).filter((name) => name.endsWith('.ts'))

/** What a demo has to print, by its file; the others something. */
const PRINTS: Readonly<Record<string, (printed: string) => void>> = {
  /** Spikes and gradient events of mini-batches are drawn. */
  'watch-a-training.ts'(printed) {
    const lines = printed.trimEnd().split('\n')
    expect(lines.filter((line) => /^ {2}\|[ ▁▂▃▄▅▆▇█]{60}\| \d{3,} spikes$/.test(line))).toHaveLength(5)
    expect(lines.filter((line) => /^ {2}\|.{60}\| \d{2,} gradient events$/.test(line))).toHaveLength(5)
  },

  /** Two processes learn what the loss asks for. */
  'own-loss.ts'(printed) {
    expect(printed).toContain('2 processes: core 0 in a process, core 1 in a process')
    const times = /spikes at (.*) ms/.exec(printed)![1]!.split(', ').map(Number)
    expect(times.length).toBeGreaterThan(3)
    for (const [k, time] of times.entries()) if (k > 0) expect(Math.abs(time - times[k - 1]! - 6)).toBeLessThan(0.1)
  },

  /** The network is held to laws, and the one that it breaks is found. */
  'property-tests.ts'(printed) {
    const lines = printed.trimEnd().split('\n')
    expect(lines.slice(0, -1).map((line) => line.slice(0, 14))).toEqual(Array(4).fill('held 25 times:'))
    expect(lines.at(-1)).toBe('broken: the two never fire together: 4 input spikes are enough')
  },

  'closed-loop.ts': (printed) => expect(printed).toMatch(/pushes/),
  'nonlinear-neuron.ts': (printed) => expect(printed).toMatch(/spikes/),
}

test.each(demos)('the demo %s prints what it shows', async (demo) => {
  const printed = await runDemo(demo)
  expect(printed).not.toBe('')
  PRINTS[demo]?.(printed)
})

test('every demo of which more is expected is there', () => {
  expect(demos).toEqual(expect.arrayContaining(Object.keys(PRINTS)))
})
