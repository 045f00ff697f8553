import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { processesOf } from '../../src/cli/open-on-cores.js'
import { ringFile } from './cut-networks.js'
import { createWorkingFolder, run } from './run-in-process.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

test('without --processes cores are one each where the transport is named, else as many as can run at once', () => {
  const hardware = availableParallelism()
  expect(processesOf({ cores: hardware + 3, transport: 'websocket' })).toBe(hardware + 3)
  for (const transport of ['auto', undefined] as const) {
    const flags = transport === undefined ? {} : { transport }
    expect(processesOf({ cores: hardware + 3, ...flags })).toBe(hardware)
    expect(processesOf({ cores: 1, ...flags })).toBe(1)
    expect(processesOf({ cores: 5, processes: 4, ...flags })).toBe(4)
  }
})

describe('--processes that nothing could hold is refused before anything is made', () => {
  const TRAIN = ['train', 'yin-yang', '--name', 'idle']
  const RING = files.write('ring.json', ringFile())

  test.each([
    [...TRAIN, '--cores', '2', '--processes', '3'],
    ['simulate', RING, '--until', '5', '--cores', '2', '--processes', '3'],
    ['verify', RING, '--until', '5', '--cores', '1,2', '--processes', '1,3'],
  ])('by %s', async (...argv) => {
    const { code, out, err } = await run(...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(
      /^antidrome: --processes: found 3, expected at most 2, the number of --cores\. .*\[FLAG_VALUE\]\n$/,
    )
    expect(existsSync(join('runs', 'idle'))).toBe(false)
  })

  test.each([
    [...TRAIN, '--cores', '2', '--transport', 'local', '--processes', '2'],
    [...TRAIN, '--processes', '1'],
    ['verify', RING, '--until', '5', '--cores', '2', '--transport', 'local', '--processes', '2'],
  ])('in one process, by %s', async (...argv) => {
    const { code, out, err } = await run(...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^antidrome: --processes: found the flag beside --transport local.*\[FLAG_CONFLICT\]\n$/)
  })
})
