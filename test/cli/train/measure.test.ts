import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESET = files.write('tiny.json', TINY_PRESET)
const MORE_TESTS = files.write('tests.json', {
  ...TINY_PRESET,
  data: { ...TINY_PRESET.data, sizes: { ...TINY_PRESET.data.sizes, test: 9 } },
})

async function train(name: string, ...more: readonly string[]) {
  const preset = more.includes('--preset') ? [] : ['--preset', PRESET]
  const { code, out, err } = await run('train', 'temporal-patterns', '--name', name, '--json', ...preset, ...more)
  expect(code, err).toBe(0)
  return jsonLines(out)
}

describe('a network that is measured on the validation split', () => {
  test('has the accuracy that evaluate finds there, and nothing of the test split', async () => {
    const [last] = (await train('measured', '--measure', 'validation')).slice(-1)
    expect(Object.keys(last ?? {})).toEqual([
      ...['done', 'validationAccuracy', 'validationLoss', 'parameterDigest', 'hiddenSpikes', 'run'],
    ])
    const { out } = await run('evaluate', 'runs/measured', '--split', 'validation', '--json')
    const [found] = jsonLines(out)
    expect(last?.validationAccuracy).toBe(found?.accuracy)
    const others = (await train('others', '--measure', 'validation', '--preset', MORE_TESTS)).at(-1)
    expect({ ...others, run: last?.run }).toEqual(last)
    const pictures = readdirSync('runs/measured').filter((name) => name.endsWith('.svg'))
    expect(pictures).toContain('raster.svg')
    for (const name of ['network.json', ...pictures])
      expect(readFileSync(`runs/others/${name}`, 'utf8'), name).toBe(readFileSync(`runs/measured/${name}`, 'utf8'))
  })

  test('has the parameters, and a digest of them, that are not those of another training', async () => {
    const digests = new Set<unknown>()
    for (const [k, more] of [[], ['--seed', '1'], ['--rate', '0.02'], []].entries())
      digests.add((await train(`digest-${k}`, '--measure', 'validation', ...more)).at(-1)?.parameterDigest)
    expect(digests.size).toBe(3)
  })

  test('is one of several seeds, whose spread it enters', async () => {
    const lines = await train('seeds', '--measure', 'validation', '--seeds', '1,2')
    const runs = lines.filter(({ done, seed }) => done === true && seed !== undefined)
    expect(runs.map(({ testAccuracy }) => testAccuracy)).toEqual([undefined, undefined])
    const values = runs.map(({ validationAccuracy }) => validationAccuracy)
    expect(lines.at(-1)).toMatchObject({ seeds: 2, validationAccuracy: { values } })
  })
})

test('a run lies in the folder that --runs names', async () => {
  const [last] = (await train('here', '--runs', 'elsewhere/deep')).slice(-1)
  expect(last?.run).toBe('elsewhere/deep/here')
  expect(readdirSync('elsewhere/deep/here')).toContain('network.json')
  const again = await run(
    'train',
    'temporal-patterns',
    '--preset',
    PRESET,
    '--name',
    'here',
    '--runs',
    'elsewhere/deep',
  )
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('elsewhere/deep/here') })
})
