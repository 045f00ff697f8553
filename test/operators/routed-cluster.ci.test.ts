import { afterEach, describe, expect, test } from 'vitest'
import type { ClusterOptions } from '../../src/actors/cluster-options.js'
import { open } from '../../src/actors/open.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense, operator } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { built, childrenOf } from '../actors/built-cluster.js'
import { isLong } from '../support/cases-of.js'
import { inTurn } from '../support/in-turn.js'
import { expectSameBits } from '../support/same-bits.js'
import { CASES, operatorOf, type RoutedCase, resultsOf } from './routed-cases.js'

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

const WAYS = [{ transport: 'thread' }, { transport: 'websocket' }] as const satisfies readonly ClusterOptions[]
const [LAYERED, , RECURRENT] = CASES as readonly [RoutedCase, RoutedCase, RoutedCase]
/** Short runs have one case and one number of partitions for each transport. */
const SPREAD = WAYS.flatMap((way) =>
  [LAYERED, RECURRENT].flatMap((each, k) => {
    const isDrawn = way === WAYS[k]
    const counts = isLong() ? [1, 2, 4] : isDrawn ? [4 - 2 * k] : []
    return counts.map((cores) => ({ ...way, each, cores }))
  }),
)
const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 }

const cut = (through: ReturnType<typeof operator>) =>
  defineNetwork({
    groups: { input: source(2), out: lif(64, LEAKY) },
    projections: [connect('input', 'out', dense(1), { through: [through] })],
  })
const openCut = (through: ReturnType<typeof operator>, way: ClusterOptions) => {
  const network = cut(through)
  return built.openCluster(network, placeOnCores(network, 2), { silence: 600_000, ...way })
}

test.each(SPREAD)(
  '$each.name with $transport on $cores partitions: they load the operators themselves, and the bits are those of one process',
  async ({ each, cores, transport }) => {
    const network = each.network()
    await using here = await open(network, { seed: 5 })
    const placement = placeOnCores(network, cores)
    expect(placement.cores.length).toBe(cores)
    await using session = await built.openCluster(network, placement, { seed: 5, silence: 600_000, transport })
    expectSameBits(await resultsOf(session, each), await resultsOf(here, each))
  },
)

describe.each(isLong() ? WAYS : WAYS.slice(1))('with $transport', (way) => {
  test('a promise that is broken ends the run on all sides, by name', async () => {
    const session = await openCut(operatorOf('broken.mjs', { way: 'negative' }), way)
    const input = { offsets: Uint32Array.of(0, 1), times: Float64Array.of(12), units: Uint32Array.of(1) }
    await expect(session.simulate({ count: 1, until: 30, inputs: { input } })).rejects.toMatchObject({
      ...{ name: 'RunError', code: 'OPERATOR_BROKEN' },
      details: { verb: 'apply', projection: 'input->out', time: 12, module: expect.stringMatching(/broken\.mjs$/) },
    })
    await session.close()
  })
})

describe.each(inTurn(WAYS, 0))('with $transport', (way) => {
  test('what cannot be made or loaded ends the start, by name', async () => {
    await expect(openCut(operatorOf('broken.mjs', { way: 'cannot be made' }), way)).rejects.toMatchObject({
      code: 'OPERATOR_FAILED',
      message: expect.stringContaining('no table'),
    })
    const nameless = operator(new URL('./modules/broken.mjs', import.meta.url), {}, { export: 'createRouter' })
    await expect(openCut(nameless, way)).rejects.toMatchObject({
      code: 'MODULE_EXPORT',
      message: expect.stringContaining('a function createRouter'),
    })
    await expect(openCut(operatorOf('gone.mjs'), way)).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' })
  })
})
