import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { ModulePolicy } from '../../../src/actors/modules/module-policy.js'
import { makeTask } from '../../../src/actors/partition/tasks/make-task.js'
import { writeImageFiles } from '../../support/small-images.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const OWN: ModulePolicy = { kind: 'own' }
const originOf = (module: string, name: string, ...given: readonly unknown[]) =>
  ({ module, name, arguments: given }) as Parameters<typeof makeTask>[0]

const FORBIDDEN = { code: 'TASK_MODULE_FORBIDDEN' }
const NO_FILE = { code: 'TASK_FILE_FORBIDDEN' }

describe('where modules are of this package alone', () => {
  test('tasks that are computed are made', async () => {
    expect((await makeTask(originOf('antidrome/data', 'yinYang'), OWN)).origin?.name).toBe('yinYang')
  })

  test.each([
    'data:text/javascript,export const make = () => { globalThis.wasRun = true }',
    'file:///etc/passwd',
    '/etc/passwd',
    './make-task.js',
    'node:child_process',
    'http://127.0.0.1/x.js',
    'antidrome',
    'antidrome/data/../storage',
    'antidrome/data ',
    'antidrome/data/files/',
    'ANTIDROME/DATA',
    '',
  ])('no other is loaded: %j', async (module) => {
    for (const policy of [OWN, { kind: 'own', data: '/' } as const])
      await expect(makeTask(originOf(module, 'make'), policy)).rejects.toMatchObject(FORBIDDEN)
    expect(globalThis).not.toHaveProperty('wasRun')
  })

  test.each(['__proto__', 'constructor', 'toString', 'nothing'])(
    'no function is found that is none: %s',
    async (name) => {
      await expect(makeTask(originOf('antidrome/data', name), OWN)).rejects.toMatchObject({
        code: 'TASK_FUNCTION_MISSING',
      })
    },
  )

  test('a function that reads whatever it is told to is none', async () => {
    const origin = originOf('antidrome/data/files', 'readImages', '/etc/passwd')
    await expect(makeTask(origin, { kind: 'own', data: '/' })).rejects.toMatchObject(FORBIDDEN)
  })

  test('but those below its folder of modules, by the last part of their URL', async () => {
    const modules = fileURLToPath(new URL('..', import.meta.url))
    const own: ModulePolicy = { kind: 'own', modules }
    const made = await makeTask(originOf('file:///elsewhere/click-tasks.mjs', 'clicks', 4), own)
    expect(made.origin?.module).toBe(new URL('../click-tasks.mjs', import.meta.url).href)
    await expect(makeTask(originOf('file:///elsewhere/gone.mjs', 'clicks'), own)).rejects.toMatchObject({
      code: 'MODULE_NOT_FOUND',
    })
    for (const module of ['data:text/javascript,1', 'node:child_process', 'antidrome', 'click-tasks.mjs'])
      await expect(makeTask(originOf(module, 'clicks'), own)).rejects.toMatchObject(FORBIDDEN)
  })

  test('files are read below the folder of data sets alone', async () => {
    await using folder = await temporaryFolder()
    const at = (...names: readonly string[]) => join(folder.path, ...names)
    for (const name of ['sets', 'sets-not', 'sets/mnist', 'sets/..mnist']) mkdirSync(at(name))
    for (const name of ['sets-not', 'sets/mnist', 'sets/..mnist']) writeImageFiles(at(name), { train: 24, test: 5 })
    symlinkSync(at('sets-not'), at('sets/out'))
    symlinkSync(at('sets/mnist'), at('in'))
    const policy: ModulePolicy = { kind: 'own', data: at('sets') }
    const read = (given: unknown, modules = policy) =>
      makeTask(originOf('antidrome/data/files', 'readMnist', given), modules)

    for (const inside of [
      at('sets/mnist'),
      at('sets/..mnist'),
      'mnist',
      at('in'),
      at('sets/x/../mnist'),
      at('sets-not/../sets/mnist'),
    ])
      expect((await read(inside)).origin?.name, inside).toBe('readMnist')
    // Where this process happens to be does not matter.
    expect((await read('mnist')).origin?.arguments[0]).toBe(realpathSync(at('sets/mnist')))
    for (const outside of [
      at('sets-not'),
      at('sets/../sets-not'),
      '../sets-not',
      at('sets/out'),
      at('sets/nowhere'),
      '/etc',
      '/',
      '',
      '\\0',
      3,
      null,
      undefined,
      [at('sets/mnist')],
      { toString: () => at('sets/mnist') },
    ])
      await expect(read(outside), String(outside)).rejects.toMatchObject(
        outside === '' ? { code: 'DATA_FILE_MISSING' } : NO_FILE,
      )
    await expect(read(at('sets/mnist'), OWN)).rejects.toMatchObject(NO_FILE)
    await expect(read(at('sets/mnist'), { kind: 'own', data: at('gone') })).rejects.toMatchObject(NO_FILE)
  })
})
