import { afterAll, expect, test } from 'vitest'
import { writeImageFiles } from '../support/small-images.js'
import { createWorkingFolder, jsonLines, run } from './run-in-process.js'
import { runProcess } from './run-process.js'

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
