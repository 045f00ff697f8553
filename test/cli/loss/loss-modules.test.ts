import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLOSED_FORM, createWorkingFolder, type Files, jsonLines, run } from '../run-in-process.js'
import { runProcess } from '../run-process.js'
import { createLossFolders, lastOf } from './loss-folders.js'

let files: Files
let folder: ReturnType<typeof createLossFolders>
beforeAll(() => {
  files = createWorkingFolder()
  folder = createLossFolders(files)
})
afterAll(() => files[Symbol.dispose]())

/** Patterns of two inputs, without a need for this package. */
const OWN_TASK = `
const leaky = { tauMem: 20, tauSyn: 5, threshold: 1, vReset: 0, bias: 0, refractory: 0, tauAdapt: 100, adaptStep: 0 }
const layer = (name, size) => ({ name, kind: 'lif', size, ...leaky })
const dense = { connectivity: { kind: 'dense', absent: [] }, weights: { distribution: 'normal', mean: 3, std: 1 } }
const delays = { kind: 'perSynapse', values: { distribution: 'uniform', low: 0, high: 3 } }
const dataset = (size) => ({
  size, classes: 2, labels: Uint8Array.from({ length: size }, (_, k) => k % 2),
  encode: (samples) => ({ input: {
    offsets: Uint32Array.from({ length: samples.length + 1 }, (_, k) => 2 * k),
    times: Float64Array.from([...samples].flatMap((k) => [k / 10, 8 + k / 10])),
    units: Uint32Array.from([...samples].flatMap((k) => (k % 2 === 0 ? [0, 1] : [1, 0]))),
  } }),
})
export const createTask = ({ hidden }) => ({
  name: 'first', train: dataset(12), validation: dataset(4), test: dataset(10), until: 40,
  loss: { kind: 'firstSpike', group: 'output', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
  network: {
    groups: [{ name: 'input', kind: 'source', size: 2 }, layer('hidden', [hidden].flat()[0]), layer('output', 2)],
    projections: [
      { source: 'input', target: 'hidden', key: 'input->hidden', delays, ...dense },
      { source: 'hidden', target: 'output', key: 'hidden->output', delays: { kind: 'none' }, ...dense },
    ],
  },
})
`

const errorOf = (err: string) =>
  jsonLines(err.slice(err.lastIndexOf('{"error"')))[0]?.error as Readonly<Record<string, string>>
async function refused(...argv: string[]) {
  const { code, out, err } = await run(...argv, '--json')
  expect({ code, out }, err).toEqual({ code: 2, out: '' })
  return errorOf(err)
}
const loaded = () => (globalThis as { lossesLoaded?: number }).lossesLoaded ?? 0

describe('a loss file that names a module', () => {
  const trial = () => ({
    network: files.write('network.json', CLOSED_FORM),
    input: files.write('input.json', { input: { times: [2], units: [0] } }),
  })

  test('runs nothing unless modules are allowed', async () => {
    const { name, write } = folder()
    const { network, input } = trial()
    const loss = write('loss.json', { module: `./${name}sum.mjs`, group: 'out' })
    const before = loaded()
    for (const command of ['gradient', 'verify'])
      expect(await refused(command, network, '--input', input, '--loss', loss)).toMatchObject({
        ...{ code: 'MODULES_FORBIDDEN', file: loss, field: 'module' },
        ...{ found: expect.stringContaining(`${name}sum.mjs`), remedy: expect.stringContaining('--allow-modules') },
      })
    expect(loaded()).toBe(before)
  })

  test('has the loss and gradients of the module, found beside the file, with its options', async () => {
    const { name, write } = folder()
    const { network, input } = trial()
    const loss = write('loss.json', { module: `./${name}sum.mjs`, group: 'out', options: { scale: 3 } })
    const same = write('same.json', { kind: 'linear', group: 'out', coefficients: [3] })
    const flags = [network, '--input', input]
    const found = await lastOf('gradient', ...flags, '--loss', loss, '--allow-modules')
    expect(found).toEqual(await lastOf('gradient', ...flags, '--loss', same))
    expect(found.loss).toBeGreaterThan(9)
  })

  test('has a label where the loss needs one, and may have one elsewhere', async () => {
    const { name, write } = folder()
    const { network, input } = trial()
    const flags = ['gradient', network, '--input', input, '--allow-modules', '--loss']
    const file = (change: object) => write('loss.json', { module: `./${name}sum.mjs`, group: 'out', ...change })
    for (const change of [{ label: 300 }, { export: 'labelled', label: 0 }])
      expect(await lastOf(...flags, file(change))).toMatchObject({ loss: expect.any(Number) })
    expect(await refused(...flags, file({ export: 'labelled' }))).toMatchObject({
      code: 'FIELD_MISSING',
      field: 'label',
    })
    expect(await refused(...flags, file({ export: 'labelled', label: 1 }))).toMatchObject({
      ...{ code: 'LABEL_OUT_OF_RANGE', field: 'label' },
    })
    expect(await refused(...flags, file({ label: 1.5 }))).toMatchObject({ code: 'LABEL_OUT_OF_RANGE', field: 'label' })
  })

  test.each<[what: string, change: object, code: string, field: string | RegExp]>([
    ['a group that there is not', { group: 'nobody' }, 'GROUP_UNKNOWN', 'group'],
    ['a group of the wrong kind', { group: 'input' }, 'LOSS_GROUP_KIND', 'group'],
    ['no group', { group: undefined }, 'FIELD_MISSING', 'group'],
    ['a kind beside it', { kind: 'vMax' }, 'FIELD_UNKNOWN', 'kind'],
    ['a field of another loss', { tau: 3 }, 'FIELD_UNKNOWN', 'tau'],
    ['code that would travel', { module: 'https://example.org/loss.js' }, 'MODULE_URL', 'module'],
    ['no text', { module: 7 }, 'FIELD_TYPE', 'module'],
    ['an export that is a number', { export: 7 }, 'FIELD_TYPE', 'export'],
    ['options that are no object', { options: [1] }, 'MODULE_OPTIONS', 'options'],
    ['a name that leads away', { name: '../loss.js' }, 'MODULE_NAME', 'name'],
    ['a file that is not there', { module: './nowhere.mjs' }, 'MODULE_NOT_FOUND', /nowhere\.mjs$/],
    ['an export that is not there', { export: 'nobody' }, 'MODULE_EXPORT', /sum\.mjs$/],
    ['a promise that nobody keeps', { export: 'unfinished' }, 'MODULE_FAILED', 'module'],
  ])('is refused with its name for %s', async (_, change, code, field) => {
    const { name, write } = folder()
    const { network, input } = trial()
    const loss = write('wrong.json', { module: `./${name}sum.mjs`, group: 'out', ...change })
    const flags = ['gradient', network, '--input', input, '--loss', loss, '--allow-modules', '--json']
    const outcome = code === 'MODULE_FAILED' ? await runProcess(files.folder, ...flags) : await run(...flags)
    expect({ code: outcome.code, out: outcome.out }).toEqual({ code: 2, out: '' })
    const where = typeof field === 'string' ? field : expect.stringMatching(field)
    expect(errorOf(outcome.err)).toMatchObject({ code, file: loss, field: where })
  })
})

const TRAIN = ['train', 'temporal-patterns', '--batch', '6'] as const

describe('a training whose loss is of a module', () => {
  test.each(['preset', 'loss file'])('named by a %s runs nothing unless modules are allowed', async (kind) => {
    const { preset, write, lossOf, presetOf } = folder()
    const loss = write('loss.json', lossOf())
    const plain = write('plain.json', presetOf({ kind: 'firstSpike', group: 'output' }))
    const flags = kind === 'preset' ? ['--preset', preset] : ['--preset', plain, '--loss', loss]
    const [file, field] = kind === 'preset' ? [preset, 'training.loss.module'] : [loss, 'module']
    const expected = { code: 'MODULES_FORBIDDEN', file, field, remedy: expect.stringContaining('--allow-modules') }
    expect(await refused(...TRAIN, ...flags, '--name', 'forbidden')).toMatchObject(expected)
    expect(existsSync('runs/forbidden')).toBe(false)
    if (kind === 'preset') expect(await refused('verify', 'temporal-patterns', ...flags)).toMatchObject(expected)
  })

  test('has the same bits however it is named, and is noted in run.json', async () => {
    const { name, module, preset, write, lossOf, presetOf } = folder()
    const loss = write('loss.json', lossOf())
    const plain = write('plain.json', presetOf({ kind: 'firstSpike', group: 'output' }))
    const named = await lastOf(...TRAIN, '--preset', preset, '--allow-modules', '--name', 'bits', '--overwrite')
    const flags = [...TRAIN, '--preset', plain, '--loss', loss, '--allow-modules', '--name', 'bits', '--overwrite']
    expect(await lastOf(...flags)).toEqual(named)
    const other = await lastOf(...TRAIN, '--preset', plain, '--name', 'bits', '--overwrite')
    expect(other.digest).not.toBe(named.digest)
    expect(JSON.parse(readFileSync('runs/bits/run.json', 'utf8')).lossModule).toBeUndefined()
    await lastOf(...flags)
    expect(JSON.parse(readFileSync('runs/bits/run.json', 'utf8')).lossModule).toEqual({
      ...{ module: `file://${module}`, name: `${name}early.mjs`, export: 'early', options: { time: 20 } },
      ...{ hash: expect.stringMatching(/^[0-9a-f]{32}$/), group: 'output' },
    })
  })

  test('is measured with it where that is allowed, also without the files that named it', async () => {
    const { name, preset, write, lossOf, presetOf } = folder()
    const loss = write('loss.json', lossOf())
    const plain = write('plain.json', presetOf({ kind: 'firstSpike', group: 'output' }))
    const flags = ['--preset', plain, '--loss', loss, '--allow-modules', '--name', name]
    const { testAccuracy } = await lastOf(...TRAIN, ...flags)
    rmSync(loss)
    const evaluate = ['evaluate', `runs/${name}`]
    expect(await refused(...evaluate)).toMatchObject({
      ...{ code: 'MODULES_FORBIDDEN', file: 'run.json', field: 'lossModule.module' },
      ...{ found: expect.stringContaining(`${name}early.mjs`) },
    })
    const expected = { accuracy: { values: [testAccuracy] } }
    expect(await lastOf(...evaluate, '--allow-modules')).toMatchObject(expected)
    const report = ['chip-report', `runs/${name}`, '--chip', 'loihi', '--samples', '1']
    expect(await refused(...report)).toMatchObject({ code: 'MODULES_FORBIDDEN', field: 'lossModule.module' })
    await lastOf(...report, '--allow-modules')
    // A preset that is said has a loss of its own.
    expect(await refused(...evaluate, '--preset', preset)).toMatchObject({ code: 'MODULES_FORBIDDEN', file: preset })
    expect(await lastOf(...evaluate, '--preset', preset, '--allow-modules')).toMatchObject(expected)
    await lastOf(...evaluate, '--preset', plain)
  })

  test('continues from its checkpoints with the same bits, and refuses other code by name', async () => {
    const { name, module, half, preset } = folder()
    const flags = [...TRAIN, '--preset', preset, '--allow-modules', '--checkpoint', `${name}kept`, '--name', name]
    const whole = await lastOf(...flags, '--epochs', '4')
    rmSync(`${name}kept`, { recursive: true })
    const evaluate = ['evaluate', `runs/${name}`]
    // Every second checkpoint is in the middle of an epoch; of three the oldest is left, two steps before the end.
    await lastOf(...flags, '--epochs', '4', '--checkpoint-every', '1', '--overwrite')
    for (const kept of readdirSync(`${name}kept`)
      .filter((file) => file.endsWith('.antd'))
      .sort()
      .slice(1))
      rmSync(join(`${name}kept`, kept))
    const resumed = await run(...flags, '--epochs', '4', '--checkpoint-every', '1', '--resume', '--json')
    expect(resumed.err).toContain('continues from')
    expect(resumed.code).toBe(0)
    expect(jsonLines(resumed.out).at(-1)).toEqual(whole)
    expect(await refused(...flags.filter((flag) => flag !== '--allow-modules'), '--resume')).toMatchObject({
      code: 'MODULES_FORBIDDEN',
    })
    files.write(half.slice(files.folder.length + 1), 'export const half = 0.25\n')
    expect(await refused(...flags, '--epochs', '4', '--checkpoint-every', '1', '--resume')).toMatchObject({
      ...{ code: 'CHECKPOINT_MISMATCH', field: 'loss' },
    })
    expect(await refused(...evaluate, '--allow-modules')).toMatchObject({
      ...{ code: 'MODULE_CHANGED', field: 'lossModule.hash', remedy: expect.stringContaining('--preset') },
    })
    rmSync(module)
    expect(await refused(...evaluate, '--allow-modules')).toMatchObject({
      ...{ code: 'MODULE_NOT_FOUND', found: expect.stringContaining(module) },
    })
  })

  test('may have a task of one’s own, and surrogate gradients', async () => {
    const { write, preset, lossOf } = folder()
    const task = write('task.mjs', OWN_TASK)
    const loss = write('loss.json', lossOf())
    expect(await refused('train', '--task', task, '--preset', preset)).toMatchObject({
      ...{ code: 'MODULES_FORBIDDEN', file: preset, field: 'training.loss.module' },
    })
    const flags = ['--allow-modules', '--name', 'own-task', '--overwrite']
    const named = await lastOf('train', '--task', task, '--preset', preset, ...flags)
    const training = ['--learn', 'weights,delays', '--epochs', '2', '--batch', '6', '--rate', '0.01', '--hidden', '40']
    expect(await lastOf('train', '--task', task, ...training, '--loss', loss, ...flags)).toEqual(named)
    const measured = await lastOf('evaluate', 'runs/own-task', '--task', task, '--allow-modules')
    expect(measured).toMatchObject({ accuracy: { values: [named.testAccuracy] } })
    const surrogate = [...TRAIN, '--preset', preset, '--learn', 'weights', '--method', 'surrogate', '--dt', '1']
    expect(await lastOf(...surrogate, ...flags)).toMatchObject({ done: true })
  })

  test('takes loss files of this package, too, without a label', async () => {
    const { name, write, presetOf } = folder()
    const plain = write('plain.json', presetOf({ kind: 'firstSpike', group: 'output' }))
    const file = (change: object) => write('counts.json', { kind: 'spikeCount', group: 'output', tau: 7, ...change })
    const flags = [...TRAIN, '--preset', plain, '--name', name, '--overwrite', '--loss']
    const found = await lastOf(...flags, file({}))
    expect(found).toEqual(await lastOf(...flags, 'spikeCount:tau=7'))
    await lastOf(...flags, file({}))
    expect(await lastOf('evaluate', `runs/${name}`)).toMatchObject({ accuracy: { values: [found.testAccuracy] } })
    expect(await refused(...flags, file({ label: 0 }))).toMatchObject({ code: 'FIELD_UNKNOWN', field: 'label' })
    expect(await refused(...flags, file({ group: 'nobody' }))).toMatchObject({ code: 'GROUP_UNKNOWN', field: 'group' })
    expect(await refused(...flags, './nowhere.json')).toMatchObject({ code: 'FILE_UNREADABLE', field: '--loss' })
  })

  test('has a network that is placed without its code', async () => {
    const { preset } = folder()
    expect(await lastOf('place', 'temporal-patterns', '--preset', preset)).toMatchObject({ placed: true })
  })
})
