import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { finish, start } from '../run-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const TINY = ['train', 'temporal-patterns', '--preset', files.write('tiny.json', TINY_PRESET), '--json']

async function refused(code: string, ...flags: string[]): Promise<string> {
  const outcome = await run(...TINY, ...flags)
  expect(outcome).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`"code":"${code}"`) })
  return outcome.err
}

const at = (...path: string[]) => join('runs', ...path)

test('of two runs at once the second is refused by name; what a killed one left is judged, and replaced or gone on with', async () => {
  const flags = ['--name', 'busy', '--checkpoint', 'busy', '--epochs', '3000']
  const child = start(files.folder, ...TINY, ...flags)
  const ended = finish(child)
  await once(child.stdout, 'data')
  const holder = `found the lock of process ${child.pid} on ${hostname()}, which is running`
  const told = await refused('FOLDER_IN_USE', '--name', 'busy', '--overwrite')
  expect(told).toContain(`${at('busy')}: .antidrome-run.lock: ${holder}`)
  for (const mode of [[], ['--overwrite'], ['--resume']])
    expect(await refused('FOLDER_IN_USE', '--name', 'third', '--checkpoint', 'busy', ...mode)).toContain(holder)
  expect(child.exitCode).toBeNull()
  child.kill('SIGKILL')
  const { out } = await ended
  // Nobody else has written a line.
  const lines = jsonLines(readFileSync(at('busy', 'metrics.jsonl'), 'utf8').replace(/[^\n]+$/, ''))
  expect(lines.map(({ epoch }) => epoch)).toEqual(lines.map((_, k) => k + 1))
  expect(lines.length).toBeGreaterThanOrEqual(jsonLines(out.replace(/[^\n]+$/, '')).length)

  expect(await refused('RUN_EXISTS', '--name', 'busy')).toContain('found an unfinished run of temporal-patterns')
  await refused('CHECKPOINTS_EXIST', '--name', 'third', '--checkpoint', 'busy')
  const again = start(files.folder, ...TINY, ...flags, '--resume')
  const goneOn = finish(again)
  await once(again.stdout, 'data')
  again.kill('SIGINT')
  expect(await goneOn).toMatchObject({
    code: 130,
    err: expect.stringMatching(/continues from .*epochs? (are|is) done/),
  })
  expect(readdirSync(at('busy'))).not.toContain('.antidrome-run.lock')
  const replaced = await run(...TINY, '--name', 'busy', '--overwrite')
  expect(jsonLines(replaced.out).at(-1)).toMatchObject({ run: at('busy') })
})
