import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GROUP_INPUT, groupOf200, RING_INPUT, ringFile } from '../cli/cut-networks.js'
import { createWorkingFolder, jsonLines, run } from '../cli/run-in-process.js'
import { TINY_PRESET } from '../cli/tiny-training.js'
import { isLong } from '../support/cases-of.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../support/many-machines.js'
import { digestOf } from './tiny-run.js'

const SCRIPT = fileURLToPath(new URL('./stream-on-workers.mjs', import.meta.url))

describeWithMachines('one URL is all that a run on other machines takes', () => {
  const files = createWorkingFolder()
  let machines: ManyMachines
  let worker: RunningCommand
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 3 })
    worker = await machines.startWorker(0, { slots: 2 })
  })
  afterAll(async () => {
    await machines[Symbol.asyncDispose]()
    files[Symbol.dispose]()
  })

  const ring = files.write('ring.json', ringFile())
  const ringInput = files.write('ring-input.json', RING_INPUT)
  const wide = files.write('wide.json', groupOf200())
  const wideInput = files.write('wide-input.json', GROUP_INPUT)
  const spikesOfWide = files.write('spikes-of-wide.json', { kind: 'spikeCount', group: 'wide', label: 3 })
  const tiny = ['temporal-patterns', '--preset', files.write('tiny.json', TINY_PRESET), '--epochs', '1']
  const simulation = ['simulate', ring, '--input', ringInput, '--until', '80', '--json']
  const gradient = ['gradient', wide, '--input', wideInput, '--until', '30', '--loss', spikesOfWide, '--json']
  const training = ['train', ...tiny, '--json', '--name', 'run', '--overwrite']

  /** The coordinator is beside the server, both cores are on the other machine. */
  test('two machines simulate what one process does', async () => {
    const { server } = machines.places
    const outcome = await machines.command([...simulation, '--cores', '2', ...machines.joining], server).ended
    expect(outcome).toEqual({ code: 0, err: '', out: (await run(...simulation)).out })
    for (const core of [0, 1]) expect(worker.said.err).toContain(`holds core ${core} of`)
  })

  test('three machines take the gradient, train and verify what one process does', async () => {
    await machines.startWorker(1)
    const flags = ['--cores', '3', ...machines.joining]
    const taken = await machines.command([...gradient, ...flags]).ended
    expect(taken).toMatchObject({ code: 0, out: (await run(...gradient)).out })

    const trained = await machines.command([...training, ...flags]).ended
    const digest = digestOf(await run(...training))
    expect(digestOf(trained)).toBe(digest)
    expect(trained.err).toMatch(/core 1 - core 2 +[1-9]/)

    const cores = isLong() ? '2,3' : '3'
    const verified = await machines.command(['verify', ...tiny, '--json', '--cores', cores, ...machines.joining]).ended
    expect(verified.code).toBe(0)
    const placements = expect.arrayContaining([{ cores: 3, transport: 'websocket', threads: 1 }])
    expect(jsonLines(verified.out).at(-1)).toMatchObject({ equal: true, digest, placements })
  })

  test('a program streams over workers, and goes on in another session, as in one process', async () => {
    const [there, here] = await Promise.all([
      machines.script(SCRIPT, [machines.server.url, machines.authorities]).ended,
      machines.script(SCRIPT, []).ended,
    ])
    expect(there).toMatchObject({ code: 0, err: '' })
    expect(there.out).toBe(here.out)
    expect(here.out.length).toBeGreaterThan(1000)
  })

  test('a machine whose ports are shut is passed over by name, without a restart', async () => {
    const { address = '' } = machines.places.workers[2] ?? {}
    await machines.startWorker(2, { slots: 4, flags: ['--listen', `${address}:0`, '--advertise', `${address}:1`] })
    const flags = ['--restarts', '0', ...machines.joining]
    const outcome = await machines.command([...simulation, '--cores', '2', ...flags]).ended
    expect(outcome).toMatchObject({ code: 0, out: (await run(...simulation)).out })
    expect(outcome.err).toMatch(new RegExp(`Worker w2 on .* is passed over: A link to ${address}:1 cannot be opened`))
    const missed = await machines.command([...gradient, '--cores', '4', ...flags]).ended
    expect(missed).toMatchObject({ code: 1, err: expect.stringMatching(/"code":"WORKERS_UNREACHABLE".*w2 on /) })
  })
})
