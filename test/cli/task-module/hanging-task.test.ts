import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorkingFolder, type Files, jsonLines } from '../run-in-process.js'
import { runProcess, start } from '../run-process.js'
import { PARTS } from './task-parts.js'

let files: Files
beforeAll(() => {
  files = createWorkingFolder()
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

test.each(['SIGTERM', 'SIGINT'] as const)(
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
  // Lines before it are for people.
  const { error } = jsonLines(err.slice(err.lastIndexOf('{"error"')))[0] as {
    readonly error: { readonly code: string; readonly message: string }
  }
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
