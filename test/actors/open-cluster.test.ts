import { describe, expect, test } from 'vitest'
import type { ClusterOptions } from '../../src/actors/cluster-options.js'
import { singleCore } from '../../src/hardware/single-core.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { testClusterBits } from '../suites/cluster-bits-suite.js'
import { built, placement } from './built-cluster.js'
import { NETWORK } from './layered-network.js'

testClusterBits(['local', 'websocket'])

describe('what is refused before anything starts', () => {
  test.each<{ options: object; field: string }>([
    { options: { seed: -1 }, field: 'options.seed' },
    { options: { transport: 'pigeon' }, field: 'options.transport' },
    { options: { host: '' }, field: 'options.host' },
    { options: { port: 65_536 }, field: 'options.port' },
    { options: { silence: Infinity }, field: 'options.silence' },
    { options: { silence: 1000, heartbeat: 300 }, field: 'options.heartbeat' },
    { options: { startLimit: 0 }, field: 'options.startLimit' },
    { options: { microBatch: 0.5 }, field: 'options.microBatch' },
  ])('the options $options', async ({ options, field }) => {
    const opening = built.openCluster(NETWORK, placement(2), options)
    await expect(opening).rejects.toMatchObject({ name: 'InputError', mistake: { field } })
  })

  test('the placement of another network', async () => {
    const other = defineNetwork({ groups: { alone: source(1) }, projections: [] })
    await expect(built.openCluster(NETWORK, singleCore(other))).rejects.toMatchObject({ name: 'InputError' })
  })
})

test('an option without a value is none', async () => {
  const unsaid = { seed: undefined, silence: undefined, heartbeat: undefined, host: undefined, startLimit: undefined }
  const options = { transport: 'local', ...unsaid } as unknown as ClusterOptions
  await using cluster = await built.openCluster(NETWORK, placement(2), options)
  await using here = await built.open(NETWORK)
  expect(await cluster.parameters()).toStrictEqual(await here.parameters())
})
