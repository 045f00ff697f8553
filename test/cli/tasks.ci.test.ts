import { afterAll, describe, expect, test } from 'vitest'
import { writeImageFiles } from '../support/small-images.js'
import { createWorkingFolder, jsonLines, run } from './run-in-process.js'
import { runProcess } from './run-process.js'
import { SPIKE_TIMES } from './tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())
writeImageFiles(files.folder, { train: 72, test: 12 })

test('a task of images has the same bits where cores read its files themselves', async () => {
  const flags = ['--preset', 'mnist-shifts-weights', '--hidden', '40', '--epochs', '1', '--batch', '6', '--json']
  const train = ['train', 'mnist', '--data', '.', ...flags, '--name', 'read', '--overwrite']
  const expected = await run(...train)
  const { code, out, err } = await runProcess(files.folder, ...train, '--cores', '2', '--transport', 'thread')
  expect(code).toBe(0)
  expect(jsonLines(out).at(-1)).toEqual(jsonLines(expected.out).at(-1))
  expect(err).not.toContain('SAMPLES_SENT')
})

describe('spike times', () => {
  const flags = ['spike-times', '--preset', files.write('times.json', SPIKE_TIMES)]

  test('are learned and told with the surrogate method, too', async () => {
    const surrogate = ['--method', 'surrogate', '--dt', '0.25', '--epochs', '24']
    const { code, out } = await run('train', ...flags, ...surrogate, '--json')
    expect(code).toBe(0)
    const epochs = jsonLines(out) as { timingError: number }[]
    expect(epochs.at(-1)).toMatchObject({ done: true, testAccuracy: 1, missedTargets: 0 })
    expect(epochs.at(-1)!.timingError).toBeLessThan(0.5)
    expect(epochs[0]!.timingError).toBeGreaterThan(1)
  })

  test('are learned with another loss on the same targets', async () => {
    const { code, out } = await run('train', ...flags, '--loss', 'vanRossum:tau=8', '--json')
    expect(code).toBe(0)
    const epochs = jsonLines(out) as { loss: number; timingError: number }[]
    expect(epochs.at(-2)!.loss).toBeLessThan(0.5 * epochs[0]!.loss)
    expect(epochs.at(-1)).toHaveProperty('timingError')
  })
})
