import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorkingFolder, type Files, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

let files: Files
let preset = ''
const NOISE = ['--noise', 'weightBits=4,delayStep=0.5']

beforeAll(() => {
  files = createWorkingFolder()
  preset = files.write('tiny.json', {
    ...TINY_PRESET,
    data: { ...TINY_PRESET.data, sizes: { train: 12, validation: 3, test: 60 } },
    training: { ...TINY_PRESET.training, optimizer: { kind: 'adam', learningRate: 0.1 } },
  })
})
afterAll(() => files[Symbol.dispose]())

const task = () => ['--preset', preset, '--seed', '3', '--json']

/** Accuracy on the test split, of the samples one by one. */
async function evaluated(...argv: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run('evaluate', ...argv, '--task', 'temporal-patterns', ...task(), '--draws', '1')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return jsonLines(out)[0] as Record<string, unknown>
}

test('a run is measured with the ranges that it was trained with', async () => {
  const { code, out } = await run('train', 'temporal-patterns', ...task(), ...NOISE, '--name', 'four')
  expect(code).toBe(0)
  const { testAccuracy } = jsonLines(out).at(-1) as { testAccuracy: number }
  const record = JSON.parse(readFileSync('runs/four/run.json', 'utf8'))
  const { weightRange } = record.noise
  expect(Object.values(weightRange)).toEqual(Object.keys(weightRange).map(() => expect.any(Number)))
  const same = await evaluated('runs/four', ...NOISE)
  expect(same.accuracy).toBe(testAccuracy)
  const exactly = await run('evaluate', 'runs/four', '--json')
  expect(exactly.code).toBe(0)
  const [told, ...more] = jsonLines(exactly.err)
  expect(told).toEqual({ warning: { code: 'RUN_DEVICE', message: expect.stringContaining(`${NOISE.join(' ')} `) } })
  expect(more).toEqual([])
  // A file has no memory of what its network began with.
  const file = await evaluated('runs/four/network.json', ...NOISE)
  expect(file.loss).not.toBe(same.loss)
  const given = { weightBits: 4, delayStep: 0.5, weightRange }
  const kept = await evaluated('runs/four/network.json', '--noise', files.write('noise.json', given))
  expect(kept).toEqual(same)
})

test('a run is measured on its own task, preset and loss, unless others are named', async () => {
  const loss = ['--loss', 'liIntegral']
  const trained = await run('train', 'temporal-patterns', ...task(), ...loss, '--name', 'counting')
  const { testAccuracy } = jsonLines(trained.out).at(-1) as { testAccuracy: number }
  const own = await run('evaluate', 'runs/counting', '--json')
  const named = await run('evaluate', 'runs/counting', '--preset', preset, '--json')
  const [first, other] = [own, named].map(({ out }) => jsonLines(out)[0] as { accuracy: number; loss: number })
  expect(first?.accuracy).toBe(testAccuracy)
  expect(other?.loss).not.toBe(first?.loss)
  const nothing = await run('evaluate', 'runs/counting/network.json', '--json')
  expect({ code: nothing.code, err: nothing.err }).toEqual({ code: 2, err: expect.stringContaining('FLAG_MISSING') })
})

test('the folder of several seeds is refused with those that hold a network', async () => {
  const { code } = await run('train', 'temporal-patterns', '--preset', preset, '--seeds', '1,2', '--name', 'several')
  expect(code).toBe(0)
  const refused = await run('evaluate', 'runs/several', '--json')
  expect(refused.code).toBe(2)
  expect(refused.err).toContain('Give runs/several/seed-1, or that of another seed: seed-2.')
  expect((await run('evaluate', 'runs/several/seed-1')).code).toBe(0)
})

test('a run.json whose noise is none is refused by its place', async () => {
  const record = JSON.parse(readFileSync('runs/four/run.json', 'utf8'))
  writeFileSync('runs/four/run.json', JSON.stringify({ ...record, noise: { weightBits: 'four' } }))
  const { code, err } = await run('evaluate', 'runs/four', '--task', 'temporal-patterns', ...task(), ...NOISE)
  expect(code).toBe(2)
  expect(err).toContain('run.json: noise.weightBits')
})
