import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isLong } from '../../support/cases-of.js'
import { eventually } from '../../support/eventually.js'
import { createWorkingFolder } from '../run-in-process.js'
import { finish, runProcess, start } from '../run-process.js'
import { BASE, GRID, readLedger } from './sweep-files.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

files.write('tiny.json', BASE)
files.write('kill.json', { ...GRID, seeds: isLong() ? 4 : 1, halving: { rungs: [1, 2], keep: 0.5 } })

const KILLS = isLong() ? 10 : 3

/** When the runs that are in the ledger were written last. */
function timesOfDone(folder: string): ReadonlyMap<unknown, number> {
  const { lines } = readLedger(folder)
  const runs = lines.flatMap(({ run }) => (run === undefined ? [] : [run]))
  return new Map(runs.map((run) => [run, statSync(join(folder, 'runs', String(run), 'metrics.jsonl')).mtimeMs]))
}

test('a sweep that is killed again and again comes to the same, and repeats no run that is through', async () => {
  expect(await runProcess(files.folder, 'sweep', 'kill.json', '--out', 'whole')).toMatchObject({ code: 0 })
  const known = new Map<unknown, number>()
  for (let kill = 0; kill < KILLS; kill++) {
    const argv = ['sweep', 'kill.json', '--out', 'killed', '--parallel', String(1 + (kill % 3))]
    const child = start(files.folder, ...argv, ...(kill === 0 ? [] : ['--resume']))
    const signal = kill % 3 === 1 ? 'SIGINT' : 'SIGKILL'
    child.stderr.once('data', () => setTimeout(() => child.kill(signal), (kill * 137) % 400))
    const { code, err } = await finish(child)
    if (signal === 'SIGINT' && code !== 0) {
      expect(code, err).toBe(130)
      expect(err).toContain('--resume goes on with it')
    }
    for (const [run, time] of timesOfDone('killed')) expect(time, `${run}`).toBe(known.get(run) ?? time)
    for (const [run, time] of timesOfDone('killed')) known.set(run, time)
  }
  expect(await runProcess(files.folder, 'sweep', 'kill.json', '--out', 'killed', '--resume')).toMatchObject({ code: 0 })
  for (const [run, time] of known) expect(timesOfDone('killed').get(run), `${run}`).toBe(time)
  expect(readLedger('killed').text).toBe(readLedger('whole').text)
  expect(readFileSync('killed/sweep.svg', 'utf8')).toBe(readFileSync('whole/sweep.svg', 'utf8'))
  for (const name of readdirSync('whole/runs'))
    expect(readFileSync(`killed/runs/${name}/network.json`, 'utf8')).toBe(
      readFileSync(`whole/runs/${name}/network.json`, 'utf8'),
    )
})

test('a sweep with checkpoints goes on in the middle of a run, in another folder, too', async () => {
  files.write('two.json', { ...GRID, vary: { 'network.hidden': { values: [[4], [6]] } } })
  const sweep = (out: string, ...flags: readonly string[]) => {
    return ['sweep', 'two.json', '--out', out, '--parallel', '1', ...flags, '--', '--epochs', '60']
  }
  expect(await runProcess(files.folder, ...sweep('undisturbed'))).toMatchObject({ code: 0 })
  const first = start(files.folder, ...sweep('begun', '--checkpoint', 'kept'))
  await eventually(() => existsSync('kept/000-seed-1/checkpoint-000003.antd'))
  first.kill('SIGINT')
  expect(await finish(first)).toMatchObject({ code: 130 })
  const unasked = await runProcess(files.folder, ...sweep('elsewhere', '--json', '--checkpoint', 'kept'))
  expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining('CHECKPOINTS_EXIST') })
  const anew = readFileSync('begun/runs/000-seed-1/metrics.jsonl', 'utf8')
  const { code, err } = await runProcess(files.folder, ...sweep('elsewhere', '--checkpoint', 'kept', '--resume'))
  expect(code, err).toBe(0)
  expect(readLedger('elsewhere').text).toBe(readLedger('undisturbed').text)
  const epochs = anew.split('\n').filter((line) => line.includes('"epoch":'))
  expect(epochs.length).toBeGreaterThan(0)
  expect(readFileSync('elsewhere/runs/000-seed-1/metrics.jsonl', 'utf8').startsWith(epochs[0] ?? '-')).toBe(true)
})
