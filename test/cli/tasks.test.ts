import { afterAll, describe, expect, test } from 'vitest'
import { writeImageFiles } from '../support/small-images.js'
import { createFiles, jsonLines, run } from './run-in-process.js'
import { runProcess } from './run-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())
writeImageFiles(files.folder, { train: 72, test: 12 })

const TINY_PATTERNS = {
  format: 'antidrome-preset',
  version: 1,
  task: 'temporal-patterns',
  network: { hidden: [40, 6], recurrent: true, delays: { input: { low: 0, high: 9 } } },
  data: { classes: 3, channels: 5, until: 70, sizes: { train: 12, validation: 3, test: 3 } },
  training: { learn: ['weights', 'delays'], epochs: 1, batch: 6, optimizer: { kind: 'adam', learningRate: 0.01 } },
}

describe('a task of images', () => {
  test('is trained from its files, with shifted images', async () => {
    const flags = ['--preset', 'mnist-shifts-weights', '--hidden', '24', '--epochs', '8', '--batch', '6', '--json']
    const { code, out, err } = await runProcess(files.folder, 'train', 'mnist', '--data', '.', ...flags)
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

test.each(['yin-yang', 'mnist', 'fashion-mnist', 'temporal-patterns'])(
  '%s is placed without its data',
  async (task) => {
    const { code, out } = await run('place', task, '--cores', '2', '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toMatchObject({ placed: true, cores: 2 })
  },
)
