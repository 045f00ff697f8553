import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorkingFolder, type Files, jsonLines, run } from '../run-in-process.js'
import { runProcess } from '../run-process.js'
import { BROKEN, errorOf, FUNCTION, taskModules, VALUE } from './task-parts.js'

let files: Files
let writeModule: (text: string) => string
beforeAll(() => {
  files = createWorkingFolder()
  writeModule = taskModules(files)
})
afterAll(() => files[Symbol.dispose]())

const TINY = ['--epochs', '2', '--batch', '8', '--json']

const partsOf = (file: string) => file.replace('task.mjs', 'parts.mjs')
const hiddenOf = (name: string) => networkOf(name).groups.find((group) => group.name === 'hidden')?.size
const networkOf = (name: string) =>
  JSON.parse(readFileSync(join('runs', name, 'network.json'), 'utf8')) as {
    readonly groups: readonly { readonly name: string; readonly size: number }[]
    readonly projections: readonly { readonly delays?: unknown }[]
  }
describe('the task of a module', () => {
  test('is trained: a function is called with what preset and flags say, delays are learned where there are any', async () => {
    const file = writeModule(FUNCTION)
    const { code, err } = await run('train', '--task', file, ...TINY, '--hidden', '9', '--name', 'nine')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(hiddenOf('nine')).toBe(9)
    expect(networkOf('nine').projections[0]?.delays).toBeDefined()
    const preset = files.write('own.json', {
      ...{ format: 'antidrome-preset', version: 1, task: 'first', network: { hidden: 7 } },
      training: { learn: ['weights'], epochs: 1, batch: 8, optimizer: { kind: 'adam', learningRate: 0.01 } },
    })
    expect((await run('train', '--task', file, '--preset', preset, '--name', 'seven', '--json')).code).toBe(0)
    expect(hiddenOf('seven')).toBe(7)
    expect(networkOf('seven').projections[0]?.delays).toBeUndefined()
  })

  test('is a value, which has its network', async () => {
    const file = writeModule(VALUE)
    expect((await run('train', '--task', file, ...TINY, '--name', 'value')).code).toBe(0)
    const { code, err } = await run('train', '--task', file, '--hidden', '9', '--json')
    expect(code).toBe(2)
    expect(errorOf(err)).toMatchObject({ code: 'FLAG_CONFLICT', field: '--hidden' })
  })

  test('of one class alone is told of before it is trained', async () => {
    const change = 'train: { ...taskOf().train, labels: new Uint8Array(24) }'
    const file = writeModule(FUNCTION.replace('learnDelays))', `learnDelays), { ${change} })`))
    const { code, out, err } = await run('train', '--task', file, ...TINY, '--name', 'one-class')
    const message = expect.stringMatching(/^all 24 training samples have the label 0, .* check the labels and /)
    expect({ code, told: jsonLines(err) }).toEqual({
      code: 0,
      told: [{ warning: { code: 'LABELS_ONE_CLASS', message } }],
    })
    expect(jsonLines(out)[0]?.advice).toContainEqual(expect.stringMatching(/^output: all 24 training samples/))
  })

  test('is one for several seeds, whose run has the name of the file', async () => {
    const file = writeModule(FUNCTION)
    const { code, out } = await run('train', '--task', file, ...TINY, '--seeds', '1,2')
    expect(code).toBe(0)
    const run2 = `runs/${file.replace(/^.*\/(.*)\.mjs$/, '$1')}-seeds/seed-2`
    expect(jsonLines(out).at(-1)).toMatchObject({ done: true, seeds: 2 })
    expect(existsSync(join(run2, 'network.json'))).toBe(true)
  })

  test('is verified and placed, and runs on a chip', async () => {
    const file = writeModule(FUNCTION)
    const verified = await run(
      'verify',
      '--task',
      file,
      '--epochs',
      '1',
      '--cores',
      '1,2',
      '--transport',
      'local',
      '--json',
    )
    expect(verified.code).toBe(0)
    expect(jsonLines(verified.out).at(-1)).toMatchObject({ equal: true })
    const placed = await run('place', '--task', file, '--hidden', '12', '--json')
    expect(jsonLines(placed.out).at(-1)).toMatchObject({ placed: true, neurons: 14 })
    const reported = await run('chip-report', '--task', file, '--chip', 'loihi', '--samples', '2', '--json')
    expect(reported.code).toBe(0)
  })

  test('stands in the place of the argument', async () => {
    const file = writeModule(FUNCTION)
    for (const command of ['train', 'verify', 'place', 'chip-report']) {
      const chip = command === 'chip-report' ? ['--chip', 'loihi'] : []
      const both = await run(command, 'yin-yang', '--task', file, ...chip, '--json')
      expect(both.code).toBe(2)
      expect(errorOf(both.err)).toMatchObject({ code: 'FLAG_CONFLICT', field: '--task' })
      const neither = await run(command, ...chip, '--json')
      expect(neither.code).toBe(2)
      expect(errorOf(neither.err)).toMatchObject({ code: 'ARGUMENT_MISSING' })
    }
  })
})

describe('a run on the task of a module', () => {
  test('says which one in run.json, and is measured with it where that is allowed', async () => {
    const file = writeModule(FUNCTION)
    const { out } = await run('train', '--task', file, ...TINY, '--hidden', '8', '--name', 'own')
    const { testAccuracy } = jsonLines(out).at(-1) as { testAccuracy: number }
    const record = JSON.parse(readFileSync('runs/own/run.json', 'utf8'))
    expect(record.module).toEqual({ path: file, hash: expect.stringMatching(/^[0-9a-f]{32}$/) })
    const refused = await run('evaluate', 'runs/own', '--json')
    expect(errorOf(refused.err)).toMatchObject({
      code: 'MODULES_FORBIDDEN',
      found: expect.stringContaining(file),
      remedy: expect.stringContaining('--allow-modules'),
    })
    for (const flags of [['--allow-modules'], ['--task', file]]) {
      const { code, out: told, err } = await run('evaluate', 'runs/own', ...flags, '--json')
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(jsonLines(told).at(-1)).toMatchObject({ accuracy: { values: [testAccuracy] } })
    }
    const reported = await run(
      'chip-report',
      'runs/own',
      '--chip',
      'loihi',
      '--samples',
      '1',
      '--allow-modules',
      '--json',
    )
    expect(reported.code).toBe(0)
  })

  test('continues from its checkpoints, and says if the module, or what it imports, has changed', async () => {
    const file = writeModule(FUNCTION)
    const train = ['train', '--task', file, ...TINY, '--name', 'kept', '--checkpoint', 'kept-checkpoints']
    expect((await run(...train)).code).toBe(0)
    expect((await run(...train, '--resume')).code).toBe(0)
    writeFileSync(partsOf(file), `${readFileSync(partsOf(file), 'utf8')}\n// another`)
    const resumed = await run(...train, '--resume')
    expect(resumed.code).toBe(2)
    expect(errorOf(resumed.err)).toMatchObject({ code: 'CHECKPOINT_MISMATCH', field: 'module' })
    const evaluated = await run('evaluate', 'runs/kept', '--allow-modules', '--json')
    expect(evaluated.code).toBe(2)
    expect(errorOf(evaluated.err)).toMatchObject({
      code: 'MODULE_CHANGED',
      file,
      remedy: expect.stringContaining('--task'),
    })
    const asItIs = await run('evaluate', 'runs/kept', '--task', file, '--json')
    expect(asItIs.code).toBe(0)
    expect(jsonLines(asItIs.err)[0]).toMatchObject({ warning: { code: 'MODULE_CHANGED' } })
  })
})

describe('a module that makes no task', () => {
  const made = (change: string) => FUNCTION.replace('learnDelays))', `learnDelays), { ${change} })`)

  test.each<[what: string, text: string, code: string, field: string, found: string]>([
    ['throws while it is loaded', 'throw new Error("not today")', 'MODULE_FAILED', '--task', 'not today'],
    ['does not parse', 'export const = 3', 'MODULE_FAILED', '--task', ''],
    ['exports nothing', 'const task = 3', 'MODULE_EXPORT', '--task', 'no exports'],
    ['exports something else', 'export const tasks = 3\nexport default 4', 'MODULE_EXPORT', '--task', 'tasks'],
    [
      'throws when it is asked',
      'export function createTask() { throw new Error("no data") }',
      'MODULE_FAILED',
      'createTask',
      'no data',
    ],
    [
      'promises a task that there is not',
      'export const task = new Promise((_, reject) => setTimeout(() => reject(new Error("no data")), 5))',
      'MODULE_FAILED',
      'task',
      'no data',
    ],
    ['gives no task', 'export const createTask = () => 7', 'FIELD_TYPE', 'task', '7'],
    ['gives a task without a split', made('test: undefined'), 'FIELD_MISSING', 'test', 'nothing'],
    [
      'has an empty split',
      made('validation: { ...taskOf().validation, size: 0 }'),
      'DATASET_EMPTY',
      'validation',
      'no samples',
    ],
    [
      'has labels beyond the classes',
      made('train: { ...taskOf().train, classes: 1 }'),
      'LABEL_OUT_OF_RANGE',
      'train.labels[1]',
      '1',
    ],
    ['has too few labels', made('test: { ...taskOf().test, size: 11 }'), 'SHAPE_MISMATCH', 'test.labels', '10 labels'],
    [
      'has a data set that encodes nothing',
      made('test: { ...taskOf().test, encode: 3 }'),
      'FIELD_TYPE',
      'test.encode',
      '3',
    ],
    ['never ends', made('until: -1'), 'OPTION_OUT_OF_RANGE', 'until', '-1'],
    ['has no name', made('name: 7'), 'FIELD_TYPE', 'name', '7'],
    ['has a loss that there is not', made('loss: { kind: "best" }'), 'LOSS_KIND_UNKNOWN', 'loss.kind', 'best'],
    [
      'has a network with a wrong size',
      FUNCTION.replace('hidden = 6', 'hidden = [6]'),
      'GROUP_SIZE_INVALID',
      'groups[1].size',
      '',
    ],
    ['has no network', made('network: 3'), 'FIELD_TYPE', 'network', '3'],
    [
      'has spikes of no group',
      made('test: { ...taskOf().test, encode: () => ({ left: {} }) }'),
      'INPUT_GROUP',
      'trials.inputs.left',
      'left',
    ],
  ])('that %s is named, and what is wrong with it', async (_, text, code, field, found) => {
    const file = writeModule(text)
    const { code: exit, out, err } = await run('train', '--task', file, '--json')
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(errorOf(err)).toMatchObject({ code, field, file, found: expect.stringContaining(found) })
  })

  test('that is no file is named', async () => {
    const { code, err } = await run('train', '--task', 'nowhere.mjs', '--json')
    expect(code).toBe(2)
    expect(errorOf(err)).toMatchObject({ code: 'MODULE_NOT_FOUND', field: '--task', file: 'nowhere.mjs' })
  })

  test('a promise that nothing settles does not end the process without a word', async () => {
    const file = writeModule('export const createTask = () => new Promise(() => {})')
    const { code, err } = await runProcess(files.folder, 'train', '--task', file, '--json')
    expect(code).toBe(2)
    const found = 'a promise that nothing settles any more'
    expect(errorOf(err)).toMatchObject({ code: 'MODULE_FAILED', file, field: 'createTask', found })
  })

  const encoding = (encode: string) => made(`train: { ...taskOf().train, encode: ${encode} }`)

  test.each<[what: string, text: string, found: string]>([
    ['fails at the first sample', encoding('() => { throw new Error("enc boom") }'), 'an error at sample 0: enc boom'],
    [
      'fails at the first sample of a task that is a value',
      VALUE.replace('false))', 'false), { train: { ...taskOf().train, encode() { throw new Error("enc boom") } } })'),
      'an error at sample 0: enc boom',
    ],
    ['promises its spikes', encoding('async (samples) => taskOf().train.encode(samples)'), 'a promise at sample 0'],
    ['promises to fail', encoding('async () => { throw new Error("later") }'), 'a promise at sample 0'],
    [
      'promises the spikes of one sample',
      encoding('(s) => (s.includes(7) ? Promise.resolve({}) : taskOf().train.encode(s))'),
      'a promise at sample 7',
    ],
  ])('has an encode that %s: file, split and sample are named', async (_, text, found) => {
    const { code, err } = await run('train', '--task', writeModule(text), ...TINY, '--name', 'not-encoded')
    expect(code).toBe(2)
    expect(errorOf(err)).toMatchObject({ code: 'SAMPLE_NOT_ENCODED', field: 'train.encode', found })
    expect(errorOf(err).file).toContain('task.mjs')
  })

  test('encodes all samples but one: file, split and sample are named', async () => {
    const file = writeModule(BROKEN)
    const { code, err } = await run('train', '--task', file, ...TINY, '--name', 'broken')
    expect(code).toBe(2)
    const expected = { code: 'SAMPLE_NOT_ENCODED', file, field: 'train.encode' }
    expect(errorOf(err)).toMatchObject({ ...expected, found: 'an error at sample 13: sample is broken' })
  })
})
