import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { writeImageFiles } from '../support/small-images.js'
import { createWorkingFolder, jsonLines, run } from './run-in-process.js'
import { SPIKE_TIMES } from './tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())
writeImageFiles(files.folder, { train: 72, test: 12 })

const TINY_PATTERNS = {
  format: 'antidrome-preset',
  version: 1,
  task: 'temporal-patterns',
  network: { hidden: [33, 6], recurrent: true, delays: { input: { low: 0, high: 9 } } },
  data: { classes: 3, channels: 5, until: 40, sizes: { train: 12, validation: 3, test: 3 } },
  training: { learn: ['weights', 'delays'], epochs: 1, batch: 6, optimizer: { kind: 'adam', learningRate: 0.01 } },
}

describe('a task of images', () => {
  test('is trained from its files, with shifted images', async () => {
    const flags = ['--preset', 'mnist-shifts-weights', '--hidden', '24', '--epochs', '8', '--batch', '6', '--json']
    const { code, out, err } = await run('train', 'mnist', '--data', '.', ...flags)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = jsonLines(out)
    expect(lines.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, undefined])
    // Bars above and below are told apart at once.
    expect(lines.at(-1)).toMatchObject({ done: true, testAccuracy: 1 })
  })

  test('has the same bits on all placements', async () => {
    const flags = ['--data', files.folder, '--hidden', '40', '--epochs', '1', '--cores', '2', '--transport', 'local']
    const { code, out } = await run('verify', 'fashion-mnist', ...flags, '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toMatchObject({ equal: true, placements: [{ cores: 1 }, { cores: 2 }] })
  })
})

describe('a preset file', () => {
  test('says everything about a task, deep and recurrent, which has the same bits on all placements', async () => {
    const preset = files.write('tiny.json', TINY_PATTERNS)
    const flags = ['--preset', preset, '--cores', '2', '--transport', 'local']
    const { code, out } = await run('verify', 'temporal-patterns', ...flags, '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toMatchObject({ equal: true })
  })

  test('is refused with its name and the place of the mistake', async () => {
    const preset = files.write('wrong.json', { ...TINY_PATTERNS, network: { hidden: 'many' } })
    const { code, err } = await run('train', 'temporal-patterns', '--preset', preset)
    expect(code).toBe(2)
    expect(err).toContain(`${preset}: network.hidden: found "many", expected an integer from 1`)
  })
})

test('samples without a spike are counted', async () => {
  const preset = files.write('sparse.json', {
    ...TINY_PATTERNS,
    data: { ...TINY_PATTERNS.data, channels: 1, deletion: 1, addition: 0 },
  })
  const { code, err } = await run('train', 'temporal-patterns', '--preset', preset, '--json')
  const message =
    'without any input spike are 12 of 12 training samples, 3 of 3 validation samples, 3 of 3 test samples.'
  expect(code).toBe(0)
  expect(jsonLines(err)).toEqual([{ warning: { code: 'TRIALS_EMPTY', message } }])
})

describe('spike times', () => {
  const preset = files.write('times.json', SPIKE_TIMES)
  const flags = ['spike-times', '--preset', preset]

  test('are learned and told', async () => {
    const { code, out } = await run('train', ...flags, '--json')
    expect(code).toBe(0)
    const epochs = jsonLines(out) as { timingError: number }[]
    expect(epochs.at(-1)).toMatchObject({ done: true, testAccuracy: 1, missedTargets: 0 })
    expect(epochs.at(-1)!.timingError).toBeLessThan(0.5)
    expect(epochs[0]!.timingError).toBeGreaterThan(1)
  })

  test('of a trained network are told by evaluate', async () => {
    const trained = await run('train', ...flags, '--epochs', '2', '--name', 'timed')
    const { timingError, missedTargets } = jsonLines(readFileSync('runs/timed/metrics.jsonl', 'utf8')).at(-1) ?? {}
    // In place of accuracies: it knows no classes.
    expect(trained.out).toMatch(/^timing error {3}[\d.]+ ms/)
    expect(`${trained.out}${trained.err}`).not.toMatch(/accuracy| val /)
    const measure = ['evaluate', 'runs/timed', '--task', ...flags]
    const measured = await run(...measure, '--json')
    expect(jsonLines(measured.out)[0]).toMatchObject({ timingError, missedTargets })
    const table = await run(...measure)
    expect(table.out).toContain(`timing error ${Number(timingError).toFixed(3)} ms, on `)
    expect(table.out).not.toContain('accuracy')
  })

  test('are the same on all placements', async () => {
    const { code, out } = await run('verify', ...flags, '--cores', '2', '--transport', 'local', '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toMatchObject({ equal: true })
  })

  test.each([
    ['spikeTimes:tau=0', /--loss \(tau\): found 0/],
    ['vanRossum:width=3', /--loss \(width\): found an unknown field/],
  ])('refuse the loss %s', async (loss, told) => {
    const { code, err } = await run('train', ...flags, '--loss', loss)
    expect(code).toBe(2)
    expect(err).toMatch(told)
  })
})

test.each(['yin-yang', 'mnist', 'fashion-mnist', 'temporal-patterns', 'spike-times'])(
  '%s is placed without its data',
  async (task) => {
    const { code, out } = await run('place', task, '--cores', '2', '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toMatchObject({ placed: true, cores: 2 })
  },
)
