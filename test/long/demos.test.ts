import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runDemo } from '../support/run-demo.js'

const demos = readdirSync(new URL('../../demos', import.meta.url)).filter((name) => name.endsWith('.ts'))

test.each(demos)('the demo %s runs', async (demo) => {
  expect(await runDemo(demo)).not.toBe('')
})
