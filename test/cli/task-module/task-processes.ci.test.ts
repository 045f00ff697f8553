import { afterAll, beforeAll, expect, test } from 'vitest'
import { isLong } from '../../support/cases-of.js'
import { inTurn } from '../../support/in-turn.js'
import { createWorkingFolder, type Files, jsonLines, run } from '../run-in-process.js'
import { runProcess, start } from '../run-process.js'
import { BROKEN, errorOf, FUNCTION, PARTS, taskModules, VALUE } from './task-parts.js'

let files: Files
let writeModule: (text: string) => string
beforeAll(() => {
  files = createWorkingFolder()
  writeModule = taskModules(files)
  files.write('parts.mjs', PARTS)
})
afterAll(() => files[Symbol.dispose]())

/** It hangs once it has been asked so often for samples, of which the first two times are for the fingerprint. */
const hanging = (where: string) => `import { networkOf, taskOf } from './parts.mjs'
export function createTask() {
  const task = taskOf(networkOf(6, false))
  let count = 0
  const encode = (samples) => {
    if (${where} && samples.length > 1 && ++count > 2) for (;;);
    return task.train.encode(samples)
  }
  return { ...task, train: { ...task.train, encode } }
}`
const TRAIN = ['train', '--batch', '8', '--json']

test.each(inTurn(['SIGTERM', 'SIGINT'] as const, 1))(
  'a task that hangs is named, with split and sample, and %s ends the process',
  async (signal) => {
    const file = files.write('here.mjs', hanging('true'))
    const child = start(files.folder, ...TRAIN, '--task', file, '--epochs', '2', '--name', `hangs-${signal}`)
    const told = new Promise<string>((resolve) => {
      let err = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text
        if (err.endsWith('\n')) resolve(err)
      })
    })
    const ended = new Promise<string | null>((resolve) => child.on('close', (_, by) => resolve(by)))
    const [line] = jsonLines(await told) as { readonly warning: { readonly code: string; readonly message: string } }[]
    expect(line?.warning.code).toBe('MODULE_HANGS')
    expect(line?.warning.message).toMatch(
      /^encode of the split "train" from sample \d+ on \(file:.*here\.mjs:6:\d+\) has not come back for 3000 ms\./,
    )
    child.kill(signal)
    expect(await ended).toBe(signal)
  },
)

test('a task that hangs where partitions encode is named by them', async () => {
  const file = files.write('there.mjs', hanging("process.env.ANTIDROME_PARTITION === 'yes'"))
  const flags = ['--name', 'there', '--cores', '2', '--transport', 'websocket', '--silence', '3000', '--epochs', '400']
  const { code, err } = await runProcess(files.folder, ...TRAIN, '--task', file, ...flags)
  expect(code).toBe(1)
  const error = errorOf(err)
  expect(error.code).toBe('CORE_DIED')
  expect(error.message).toMatch(
    /encode of the split "train" of the task "first" from sample \d+ on \(file:.*there\.mjs\) has not come back for/,
  )
})

test.each([
  ['makes a task', 'process.exit(0)', 1],
  ['makes a task with a code of its own', 'process.exit(7)', 7],
  ['encodes', 'task.train.encode = function leaving() { process.exit(0) }', 1],
] as const)('a module that ends the process while it %s is named, and is no success', async (where, exits, code) => {
  const file = files.write(
    `leaves-${code}-${where.length}.mjs`,
    `import { networkOf, taskOf } from './parts.mjs'
export function createTask() {
  const task = taskOf(networkOf(6, false))
  ${exits}
  return task
}`,
  )
  const outcome = await runProcess(files.folder, ...TRAIN, '--task', file, '--epochs', '1', '--name', 'left')
  expect(outcome.code).toBe(code)
  const { error } = jsonLines(outcome.err).at(-1) as {
    readonly error: { readonly code: string; readonly message: string }
  }
  expect(error.code).toBe('MODULE_EXITED')
  expect(error.message).toMatch(/leaves-.*mjs:\d+:\d+\) has ended the process, by process.exit\(\d\)/)
})

test.each([['a function', FUNCTION] as const, ...(isLong() ? [['a value', VALUE] as const] : [])])(
  'a task has the same bits where processes make it for themselves: %s',
  async (_, text) => {
    const file = writeModule(text)
    const train = [...TRAIN, '--task', file, '--epochs', '2', '--name', 'bits', '--overwrite']
    const one = await run(...train)
    const two = await runProcess(files.folder, ...train, '--cores', '2', '--transport', 'websocket')
    expect(two.code).toBe(0)
    expect(jsonLines(two.out).at(-1)).toEqual(jsonLines(one.out).at(-1))
    expect(two.err).not.toContain('SAMPLES_SENT')
  },
)

test('a task that encodes all samples but one where processes do so: they name them as well', async () => {
  const file = writeModule(BROKEN)
  const flags = ['--epochs', '2', '--name', 'broken-there', '--cores', '2', '--transport', 'websocket']
  const { code, err } = await runProcess(files.folder, ...TRAIN, '--task', file, ...flags)
  expect(code).not.toBe(0)
  expect(errorOf(err).message).toContain('an error at sample 13: sample is broken')
  expect(errorOf(err).message).toContain(file)
})

test.each([
  ['a promise of a task', 'export const task = new Promise(() => {})', 'task'],
  ['the module', 'await new Promise(() => {})', '--task'],
])('%s that nothing settles does not end the process without a word', async (_, text, field) => {
  const file = writeModule(text)
  const { code, err } = await runProcess(files.folder, 'train', '--task', file, '--json')
  expect(code).toBe(2)
  const found = 'a promise that nothing settles any more'
  expect(errorOf(err)).toMatchObject({ code: 'MODULE_FAILED', file, field, found })
})
