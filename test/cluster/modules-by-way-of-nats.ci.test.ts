import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { hashModule } from '../../src/actors/modules/hash-module.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../support/many-machines.js'
import { testWhenLong } from '../support/test-when-long.js'

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const SCRIPT = fileOf('./gradient-on-workers.mjs')
const MODULES = {
  'relay.js': fileOf('../../demos/modules/relay.js'),
  'router.mjs': fileOf('../operators/modules/router.mjs'),
}

describeWithMachines('workers with modules of users, by way of a server', () => {
  let machines: ManyMachines
  let second: RunningCommand
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 2 })
    await startWorker(0, '--modules', folderOf('first'))
  })
  afterEach(async () => {
    second.child.kill('SIGTERM')
    await second.ended
  })
  afterAll(() => machines[Symbol.asyncDispose]())

  const startWorker = (number: number, ...flags: readonly string[]) =>
    machines.startWorker(number, { flags: ['--listen', 'none', ...flags] })

  /** A folder with copies of the modules. */
  function folderOf(name: string): string {
    const folder = join(machines.folder, name)
    mkdirSync(folder)
    for (const [file, path] of Object.entries(MODULES)) copyFileSync(path, join(folder, file))
    return folder
  }

  async function outcome(...joining: readonly string[]): Promise<Record<string, unknown>> {
    const { code, out, err } = await machines.script(SCRIPT, [...Object.values(MODULES), ...joining]).ended
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return JSON.parse(out)
  }

  const onWorkers = () => outcome(machines.server.url, machines.authorities)

  test('load their own copies of an actor and an operator, and come to the bits of one process', async () => {
    second = await startWorker(1, '--modules', folderOf('second'))
    const here = await outcome()
    const { projections } = here.gradients as { projections: Record<string, { weights: readonly number[] }> }
    for (const { weights } of Object.values(projections)) expect(weights.some((each) => each !== 0)).toBe(true)
    expect(await onWorkers()).toEqual(here)
  })

  test('are refused where a file differs, with the hashes of both', async () => {
    const folder = folderOf('changed')
    appendFileSync(join(folder, 'router.mjs'), '\n// As it was last week.\n')
    second = await startWorker(1, '--modules', folder)
    const [own, there] = await Promise.all(
      [MODULES['router.mjs'], join(folder, 'router.mjs')].map((path) => hashModule(pathToFileURL(path).href)),
    )
    expect(own).not.toBe(there)
    expect(await onWorkers()).toMatchObject({
      code: 'MODULE_DIFFERS',
      message: expect.stringMatching(new RegExp(`router\\.mjs.*hash ${there}, expected ${own}`)),
      details: { name: 'router.mjs', found: there, expected: own },
    })
  })

  testWhenLong('are refused without a folder of modules, and told how to give one', async () => {
    second = await startWorker(1)
    const { code, message } = await onWorkers()
    expect(code).toBe('MODULE_FORBIDDEN')
    expect(message).toContain('this worker was started without a folder of them')
  })

  testWhenLong('are refused where their folder has no such file', async () => {
    const folder = join(machines.folder, 'empty')
    mkdirSync(folder)
    second = await startWorker(1, '--modules', folder)
    expect(await onWorkers()).toMatchObject({ code: 'MODULE_NOT_FOUND', message: expect.stringContaining(folder) })
  })
})
