import { afterAll, expect, test } from 'vitest'
import { isLong } from '../../support/cases-of.js'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESET = files.write('tiny.json', TINY_PRESET)

async function adviceOf(...flags: string[]): Promise<readonly string[][]> {
  const { code, out, err } = await run('train', ...flags, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return jsonLines(out).flatMap(({ advice }) => (advice === undefined ? [] : [advice as string[]]))
}

/** The others take seconds. */
const TRAININGS = [
  ['spike-times', 'spike-times'],
  ['yin-yang', 'yin-yang-30-weights'],
  ['yin-yang', 'yin-yang-surrogate', '--method', 'surrogate', '--dt', '1'],
] as const

test.each<readonly [string, string, ...string[]]>(isLong() ? TRAININGS : TRAININGS.slice(0, 1))(
  'the first epochs of %s by the preset %s get no advice',
  async (task, preset, ...method) => {
    expect(await adviceOf(task, '--preset', preset, ...method, '--epochs', '2', '--name', preset)).toEqual([[], []])
  },
)

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

test('adaptation alone is told what it acts on where no neuron spikes twice', async () => {
  const [advice] = await adviceOf('yin-yang', '--learn', 'adaptation', '--hidden', '8', '--epochs', '1')
  const because =
    'adaptation acts on the second spike of a neuron in a trial, and none has one; learn weights, too (--learn weights,adaptation).'
  expect(advice?.filter((sentence) => sentence.includes('no gradient'))).toEqual(
    ['hidden', 'output'].map((name) => `${name}: no gradient arrives, so nothing is learned; ${because}`),
  )
})
