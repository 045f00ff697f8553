import { expect, test } from 'vitest'
import { RING_INPUT, ringFile } from '../cli/cut-networks.js'
import { createFiles, run } from '../cli/run-in-process.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { openManyMachines } from '../support/many-machines.js'

describeWithMachines('one URL is all that a run on other machines takes', () => {
  /** The coordinator is beside the server, both cores are on the other machine. */
  test('two machines simulate what one process does', async () => {
    await using machines = await openManyMachines({ workers: 1 })
    using files = createFiles()
    const [ring, input] = [files.write('ring.json', ringFile()), files.write('ring-input.json', RING_INPUT)]
    const simulation = ['simulate', ring, '--input', input, '--until', '80', '--json']
    const worker = await machines.startWorker(0, { slots: 2 })
    const { server } = machines.places
    const outcome = await machines.command([...simulation, '--cores', '2', ...machines.joining], server).ended
    expect(outcome).toEqual({ code: 0, err: '', out: (await run(...simulation)).out })
    for (const core of [0, 1]) expect(worker.said.err).toContain(`holds core ${core} of`)
  })
})
