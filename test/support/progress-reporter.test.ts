import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import './guard.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('a run tells of each file that has ended how many of how many these are', () => {
  const files = ['test/network/description/sign.test.ts', 'test/numerics/block-sum.test.ts']
  // Without what this run has told its own workers, nor a report in the place of its own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CI$|VITEST)/.test(name)))
  const argv = ['node_modules/vitest/vitest.mjs', 'run', ...files]
  const { stdout, status } = spawnSync(process.execPath, argv, { cwd: ROOT, env, encoding: 'utf8' })
  expect(status).toBe(0)
  const told = [...stdout.matchAll(/\[(\d+)\/(\d+)\].* (test\/\S+)/g)].map(([, ended, of, file]) => [ended, of, file])
  expect(told.map(([ended, of]) => `${ended} of ${of}`)).toEqual(['1 of 2', '2 of 2'])
  expect(told.map(([, , file]) => file).toSorted()).toEqual(files)
})
