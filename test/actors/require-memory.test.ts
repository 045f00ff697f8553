import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { openCluster } from '../../src/actors/open-cluster.js'
import { requireMemory } from '../../src/actors/require-memory.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal } from '../../src/network/description/initializers.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'

const KERNEL = 'simd'

function networkOf(size: number) {
  const neurons = () => lif(size, { tauMem: 20, tauSyn: 5, threshold: 1 })
  return defineNetwork({
    groups: { in: source(size), hidden: neurons(), out: neurons() },
    projections: [connect('in', 'hidden', dense(normal(0, 0.1))), connect('hidden', 'out', dense(normal(0, 0.1)))],
  })
}

const LARGE = networkOf(16_000)
const SMALL = networkOf(64)

test('a group that no kernel can hold is refused before anything is drawn, whoever opens it', async () => {
  const refusal = expect.objectContaining({
    code: 'NETWORK_MEMORY',
    message:
      'network: found "hidden", whose neurons 0 to 15999 on core 0 need 11.4 GiB, expected at most 4.0 GiB for the neurons of a group on a core. Place the network on more cores, or describe fewer synapses.',
  })
  const placement = placeOnCores(LARGE, 1)
  await expect(open(LARGE)).rejects.toEqual(refusal)
  for (const transport of ['local', 'thread', 'websocket'] as const)
    await expect(openCluster(LARGE, placement, { transport })).rejects.toEqual(refusal)
})

test('what needs more than the machine has is refused with both', () => {
  const { cores } = placeOnCores(SMALL, 2)
  const all = 2 * 64 * 64 * 52
  const room = (available: number) => () => requireMemory({ network: SMALL, cores, available }, { kernel: KERNEL })
  expect(room(all)).not.toThrow()
  expect(room(all - 1)).toThrow(expect.objectContaining({ code: 'NETWORK_MEMORY' }))
  const doubled = (available: number) => () =>
    requireMemory({ network: SMALL, cores, replicas: 2, available }, { kernel: KERNEL })
  expect(doubled(2 * all)).not.toThrow()
  expect(doubled(2 * all - 1)).toThrow('synapses on 4 cores')
  expect(room(0)).toThrow('synapses on 2 cores that need 0.0 GiB of memory, expected at most the 0.0 GiB that')
})

test('more cores hold what one cannot', () => {
  const { cores } = placeOnCores(LARGE, 8)
  expect(() => requireMemory({ network: LARGE, cores, available: 2 ** 40 }, { kernel: KERNEL })).not.toThrow()
})
