import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESET = files.write('tiny.json', TINY_PRESET)
const TINY = ['temporal-patterns', '--preset', PRESET, '--learn', 'weights', '--hidden', '8']
const SMALL = ['train', ...TINY, '--method', 'surrogate', '--json']

async function train(name: string, ...flags: string[]) {
  const { code, out, err } = await run(...SMALL, '--name', name, ...flags)
  expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('[') })
  return jsonLines(out)
}

describe('train --method surrogate', () => {
  test('trains, says what the exact method says, and continues from checkpoints of the same grid alone', async () => {
    const flags = ['--epochs', '1', '--dt', '5', '--checkpoint', 'kept']
    const lines = await train('first', ...flags)
    expect(lines).toMatchObject([
      { epoch: 1, grazing: 0, validationAccuracy: expect.any(Number), layers: { hidden: {}, output: {} } },
      { done: true, run: join('runs', 'first'), digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    // On a grid of time there are no voltages to draw.
    expect(readFileSync(join('runs', 'first', 'raster.svg'), 'utf8')).not.toContain('>voltage</text>')
    const resumed = await train('resumed', ...flags, '--resume')
    expect(resumed.at(-1)?.digest).toBe(lines.at(-1)?.digest)
    const refused = await run(...SMALL, ...flags, '--resume', '--slope', '3')
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('CHECKPOINT_MISMATCH') })
  })
})

describe('devices', () => {
  test('are trained for and measured on: jitter, mismatch, dropout, formats of a chip', async () => {
    const noise = ['--noise', 'jitter=0.5,weightMismatch=0.05,mismatch=redrawn']
    const hard = ['--epochs', '1', '--dt', '2', ...noise, '--dropout', 'input:0.05', '--chip', 'loihi']
    const lines = await train('hardened', ...hard)
    expect(lines.at(-1)).toMatchObject({ done: true, run: join('runs', 'hardened') })
    const again = await train('again', ...hard)
    expect(again.at(-1)?.digest).toBe(lines.at(-1)?.digest)
    const exact = await train('exact', '--epochs', '1', '--dt', '2')
    expect(exact.at(-1)?.digest).not.toBe(lines.at(-1)?.digest)

    const folder = join('runs', 'hardened')
    const evaluate = async (...flags: string[]) => {
      const { code, out, err } = await run('evaluate', folder, '--json', ...flags)
      expect(code).toBe(0)
      return { draws: jsonLines(out), err }
    }
    const grid = [...noise, '--draws', '2', '--chip', 'loihi', '--method', 'surrogate']
    const { draws, err } = await evaluate(...grid, '--dt', '2')
    expect(err).not.toContain('RUN_DEVICE')
    expect(draws).toHaveLength(3)
    expect(draws[0]?.loss).not.toBe(draws[1]?.loss)
    expect((await evaluate(...grid, '--dt', '4')).err).toContain('--method surrogate --dt 2')
    const continuous = await evaluate(...noise, '--draws', '2', '--chip', 'loihi')
    expect(continuous.draws[0]?.loss).not.toBe(draws[0]?.loss)
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

  test('and of evaluate', async () => {
    const refused = async (...flags: string[]) => (await run('evaluate', join('runs', 'first'), ...flags)).err
    expect(await refused('--dt', '2')).toContain('FLAG_CONFLICT')
    expect(await refused('--method', 'surrogate', '--cores', '2')).toContain('FLAG_CONFLICT')
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
