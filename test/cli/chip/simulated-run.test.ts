import { expect, test } from 'vitest'
import { openCluster } from '../../../src/actors/open-cluster.js'
import { simulatedRun } from '../../../src/cli/chip/run/simulated-run.js'
import { singleCore } from '../../../src/hardware/single-core.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'

const network = defineNetwork({
  groups: { in: source(3), out: lif(5, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('in', 'out', dense(8))],
})

test('several trials are simulated some at a time, which is told, with the spikes of all at once', async () => {
  const spikes = Array.from({ length: 19 }, (_, trial) => {
    return Array.from({ length: trial % 4 }, (_, k) => ({ time: 0.3 * trial + k, unit: k }))
  })
  const trials = { count: 19, until: 40, inputs: { in: trainsOf(spikes) } }
  const said: string[] = []
  const choice = { seed: 1, kernel: 'simd', spikeLimit: 100, tell: (words: string) => said.push(words) } as const
  const { raster, until } = await simulatedRun(network, trials, choice)
  await using session = await openCluster(network, singleCore(network), { transport: 'local', seed: 1 })
  const { spikes: expected } = await session.simulate(trials, { record: ['out'] })
  expect(expected.out?.times.length).toBeGreaterThan(20)
  expect({ raster, until }).toEqual({ raster: { ...trials.inputs, ...expected }, until: 40 })
  expect(said).toEqual([8, 16, 19].map((done) => `simulating, ${done} of 19 trials`))
})
