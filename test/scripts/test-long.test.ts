import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import '../support/guard.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SCRIPT = `${ROOT}scripts/test-long.mjs`
const parts = JSON.parse(readFileSync(`${ROOT}scripts/test-parts.json`, 'utf8')) as Record<string, string[]>

test('every folder of tests is in one part of the long form', () => {
  const named = Object.values(parts).flat()
  for (const folder of named) expect(existsSync(ROOT + folder), folder).toBe(true)
  const holdsTests = (name: string) =>
    readdirSync(`${ROOT}test/${name}`, { recursive: true, encoding: 'utf8' }).some((file) => file.endsWith('.test.ts'))
  const folders = readdirSync(`${ROOT}test`, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const found = folders.filter(({ name }) => holdsTests(name)).map(({ name }) => `test/${name}/`)
  expect(named.toSorted()).toEqual(found.toSorted())
})

test.each(['kernel', 'test/kernels', '--reporter=dot'])('what is no part and no test is refused: %s', (name) => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, name], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toBe(
    `npm run test:long --: found "${name}", expected one of laws, kernels, readers, clusters, or a file or folder below test\n`,
  )
})
