import { expect, test } from 'vitest'
import type { ProcessSpec } from '../../../src/actors/supervision/cluster-spec.js'
import { launchProcess } from '../../../src/actors/supervision/launch-process.js'
import '../../support/guard.js'

const SPEC = { cores: [{ core: 2, secret: 'ab' }], coordinator: null } as unknown as ProcessSpec

// Processes start from the build alone: here there is nothing to be run.
test('a process that ends before it says where it listens has no door, and last words', async () => {
  const { cores, id, door, ended } = launchProcess(SPEC)
  expect(cores).toEqual([2])
  expect(id).toBeGreaterThan(0)
  expect(await door).toBeNull()
  const { exitCode, lastWords } = await ended
  expect(exitCode).toBe(1)
  expect(lastWords).toContain('Cannot find module')
})

test('whoever kills it before that learns how it ended', async () => {
  const { kill, door, ended } = launchProcess(SPEC)
  kill()
  expect(await door).toBeNull()
  expect(await ended).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
})
