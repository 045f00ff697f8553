import { afterAll, expect, test } from 'vitest'
import { createWorkingFolder } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'
import { adviceOf } from './advice-of.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESET = files.write('tiny.json', TINY_PRESET)

test('the first epochs of spike-times by its preset get no advice', async () => {
  expect(await adviceOf('spike-times', '--preset', 'spike-times', '--epochs', '2', '--name', 'good')).toEqual([[], []])
})

test('a learning rate under which nothing moves is told, as the flag that raises it', async () => {
  const still = ['temporal-patterns', '--preset', PRESET, '--rate', '1e-9', '--name', 'still']
  const [first, second] = await adviceOf(...still)
  expect(first?.join()).not.toContain('does not move')
  expect(second).toContainEqual(
    expect.stringMatching(
      /^output: the loss does not move: \d\.\d{3} in this epoch and in the one before; raise the learning rate \(--rate 1e-8\)\.$/,
    ),
  )
})
