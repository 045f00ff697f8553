import { existsSync as isThere, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonLines } from '../cli/run-in-process.js'
import { BASE, GRID } from '../cli/sweep/sweep-files.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../support/many-machines.js'
import { testWhenLong } from '../support/test-when-long.js'

const BUCKET = 'sweeps'
const EPOCHS = ['--epochs', '20']

/** A sweep on workers of two other machines comes to what one machine does alone. */
describeWithMachines('a sweep on workers', () => {
  let machines: ManyMachines
  let expected: string
  const workers: RunningCommand[] = []
  const path = (name: string) => join(machines.folder, name)
  const ledgerIn = (folder: string) => readFileSync(path(join(folder, 'sweep.jsonl')), 'utf8')
  const sweep = (folder: string, ...flags: readonly string[]) => {
    return ['sweep', path('grid.json'), '--json', '--out', path(folder), ...flags, '--', ...EPOCHS]
  }
  const joined = (folder: string, ...flags: readonly string[]) => sweep(folder, ...machines.joining, ...flags)

  beforeAll(async () => {
    machines = await openManyMachines({ workers: 2 })
    writeFileSync(path('tiny.json'), JSON.stringify(BASE))
    writeFileSync(path('grid.json'), JSON.stringify(GRID))
    workers.push(...(await Promise.all([0, 1].map((number) => machines.startWorker(number)))))
    const made = await machines.command([
      'doctor',
      ...machines.joining,
      '--make-bucket',
      BUCKET,
      '--bucket-size',
      '100MB',
    ]).ended
    expect(made.out, made.err).toContain(BUCKET)
    const alone = await machines.command(sweep('alone')).ended
    expect(alone.code, alone.err).toBe(0)
    expected = ledgerIn('alone')
  })
  afterAll(() => machines[Symbol.asyncDispose]())

  test('comes to the same, as many runs at a time as there are free slots', async () => {
    const { code, err } = await machines.command(joined('joined')).ended
    expect(code, err).toBe(0)
    expect(ledgerIn('joined')).toBe(expected)
    for (const { said } of workers) expect(said.err).toContain('holds core 0')
  })

  testWhenLong('comes to the same though every worker is killed, and all of them at once', async () => {
    const kill = async (number: number) => {
      workers[number]?.child.kill('SIGKILL')
      await workers[number]?.ended
      workers[number] = await machines.startWorker(number)
    }
    const running = machines.command(joined('killed'))
    await running.says('"run":"000-seed-1"')
    await kill(0)
    await kill(1)
    await running.says('"run":"001-seed-1"')
    await Promise.all([kill(0), kill(1)])
    const { code, err } = await running.ended
    expect(code, err).toBe(0)
    expect(ledgerIn('killed')).toBe(expected)
  })

  test('is taken over by another machine, which repeats no run that is through', async () => {
    const place = ['--checkpoint', `object:${BUCKET}/taken`]
    const first = machines.command(joined('first', ...place))
    await first.says('"run":"000-seed-1"')
    const refused = await machines.command(joined('refused', ...place, '--resume'), machines.places.workers[0]).ended
    expect(refused.err).toContain('LEASE_HELD')
    first.child.kill('SIGKILL')
    await first.ended
    const through = jsonLines(ledgerIn('first')).flatMap(({ run }) => (run === undefined ? [] : [String(run)]))
    expect(through.length).toBeGreaterThan(0)
    const next = await takenOver('second', place)
    expect(next.code, next.err).toBe(0)
    expect(ledgerIn('second')).toBe(expected)
    const { best } = jsonLines(expected).at(-1) as { readonly best: { readonly setting: number } }
    const winner = `00${best.setting}-seed-1`
    for (const run of through) {
      const repeats = run === winner ? 1 : 0
      expect(next.out.split(`"run":"${run}"`).length - 1, run).toBe(1)
      expect(isThere(path(join('second', 'runs', run))) ? 1 : 0, run).toBe(repeats)
    }
    expect(isThere(path(join('second', 'runs', winner, 'network.json')))).toBe(true)
  })

  /** Once the lease of who is gone has run out. */
  async function takenOver(folder: string, place: readonly string[]) {
    while (true) {
      const ended = await machines.command(joined(folder, ...place, '--resume'), machines.places.workers[1]).ended
      if (!ended.err.includes('"code":"LEASE_HELD"') || ended.code === 0) return ended
    }
  }
})
