import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TestSpecification, Vitest } from 'vitest/node'
import { LONGEST, LongFirst } from './long-first.js'

test.each(LONGEST)('%s is there', (path) => {
  expect(existsSync(new URL(`../${path}`, import.meta.url))).toBe(true)
})

test('long files come first, the others in the order in which they would', async () => {
  const paths = ['a.test.ts', LONGEST[2], 'b.test.ts', LONGEST[0], `other-${LONGEST[1]}`]
  const project = { name: '', config: { isolate: false, sequence: { groupOrder: 0 } } }
  const files = paths.map((path) => ({ moduleId: `/home/test/${path}`, project }) as unknown as TestSpecification)
  const cache = { getFileTestResults: () => undefined, getFileStats: () => undefined }
  const sequencer = new LongFirst({ cache, config: { root: '/home' } } as unknown as Vitest)
  expect((await sequencer.sort(files)).map(({ moduleId }) => moduleId.slice('/home/test/'.length))).toEqual([
    ...[LONGEST[0], LONGEST[2], 'a.test.ts', 'b.test.ts', `other-${LONGEST[1]}`],
  ])
})
