import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFiles, jsonLines, run } from '../run-in-process.js'

const files = createFiles()
const home = process.cwd()
beforeAll(() => process.chdir(files.folder))
afterAll(() => {
  process.chdir(home)
  files[Symbol.dispose]()
})

const SMALL = ['train', 'yin-yang', '--hidden', '8', '--batch', '100', '--method', 'surrogate', '--json']

async function train(name: string, ...flags: string[]) {
  const { code, out, err } = await run(...SMALL, '--name', name, ...flags)
  expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('[') })
  return jsonLines(out)
}

describe('train --method surrogate', () => {
  test('trains, says what the exact method says, and goes on from checkpoints of the same grid alone', async () => {
    const flags = ['--epochs', '1', '--dt', '5', '--checkpoint', 'kept']
    const lines = await train('first', ...flags)
    expect(lines).toMatchObject([
      { epoch: 1, grazing: 0, validationAccuracy: expect.any(Number), layers: { hidden: {}, output: {} } },
      { done: true, run: join('runs', 'first'), digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    const resumed = await train('resumed', ...flags, '--resume')
    expect(resumed.at(-1)?.digest).toBe(lines.at(-1)?.digest)
    const refused = await run(...SMALL, ...flags, '--resume', '--slope', '3')
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('CHECKPOINT_MISMATCH') })
  })
})

describe('flags that mean nothing together are refused', () => {
  test.each([
    ['--cores', '2'],
    ['--threads', '2'],
    ['--transport', 'thread'],
    ['--processes', '1'],
    ['--kernel', 'reference'],
    ['--restarts', '1'],
    ['--silence', '1000'],
    ['--metrics'],
    ['--trace', 'trace.json'],
    ['--noise', 'jitter=1'],
    ['--dropout', 'hidden:0.1'],
  ])('--method surrogate %s', async (...flag) => {
    const { code, err } = await run(...SMALL, ...flag)
    expect(code).toBe(2)
    expect(err).toContain(`${flag[0]}: `)
    expect(err).toContain('FLAG_CONFLICT')
  })

  test.each([
    ['--dt', '1'],
    ['--slope', '5'],
  ])('--method exact %s', async (...flag) => {
    const { code, err } = await run('train', 'yin-yang', ...flag)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`${flag[0]}: `) })
  })

  test('and values that make no sense', async () => {
    for (const flag of [
      ['--dt', '0'],
      ['--slope', '-1'],
      ['--method', 'guess'],
    ])
      expect(await run('train', 'yin-yang', ...flag)).toMatchObject({
        code: 2,
        err: expect.stringContaining('FLAG_VALUE'),
      })
  })
})
