import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GROUP_INPUT, groupOf200, RING_INPUT, ringFile } from '../cli/cut-networks.js'
import { createWorkingFolder, jsonLines, run } from '../cli/run-in-process.js'
import { TINY_PRESET } from '../cli/tiny-training.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines } from '../support/many-machines.js'
import { testWhenLong } from '../support/test-when-long.js'
import { digestOf } from './tiny-run.js'

const SCRIPT = fileURLToPath(new URL('./stream-on-workers.mjs', import.meta.url))

describeWithMachines('one URL is all that a run on other machines takes', () => {
  const files = createWorkingFolder()
  let machines: ManyMachines
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 3 })
    await machines.startWorker(0, { slots: 2 })
    await machines.startWorker(1)
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

  test('three machines train what one process does', async () => {
    const trained = await machines.command([...training, '--cores', '3', ...machines.joining]).ended
    expect(digestOf(trained)).toBe(digestOf(await run(...training)))
    expect(trained.err).toMatch(/core 1 - core 2 +[1-9]/)
  })

  testWhenLong('three machines take the gradient and verify what one process does', async () => {
    const taken = await machines.command([...gradient, '--cores', '3', ...machines.joining]).ended
    expect(taken).toMatchObject({ code: 0, out: (await run(...gradient)).out })

    const digest = digestOf(await run(...training))
    const verified = await machines.command(['verify', ...tiny, '--json', '--cores', '2,3', ...machines.joining]).ended
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

  testWhenLong('a machine whose ports are shut is passed over by name, without a restart', async () => {
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
