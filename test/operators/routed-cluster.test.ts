import { afterEach, describe, expect, test } from 'vitest'
import type { ClusterOptions } from '../../src/actors/cluster-options.js'
import { open } from '../../src/actors/open.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { lif, source } from '../../src/network/description/groups.js'
import { connect, dense, operator } from '../../src/network/description/projections.js'
import { built, childrenOf } from '../actors/built-cluster.js'
import { expectSameBits } from '../support/same-bits.js'
import { CASES, operatorOf, type RoutedCase, resultsOf } from './routed-cases.js'

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

const WAYS: readonly ClusterOptions[] = [{ transport: 'thread' }, { transport: 'websocket' }]
const [LAYERED, , RECURRENT] = CASES as readonly [RoutedCase, RoutedCase, RoutedCase]
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

describe.each(WAYS)('with $transport', (way) => {
  test('1, 2 and 4 partitions load the operators themselves, and the bits are those of one process', async () => {
    for (const each of [LAYERED, RECURRENT]) {
      const network = each.network()
      await using here = await open(network, { seed: 5 })
      const whole = await resultsOf(here, each)
      const options = { seed: 5, silence: 600_000, ...way }
      for (const cores of [1, 2, 4]) {
        const placement = placeOnCores(network, cores)
        expect(placement.cores.length).toBe(cores)
        await using session = await built.openCluster(network, placement, options)
        expectSameBits(await resultsOf(session, each), whole)
      }
    }
  })

  test('a promise that is broken ends the run on all sides, by name', async () => {
    const session = await openCut(operatorOf('broken.mjs', { way: 'negative' }), way)
    const input = { offsets: Uint32Array.of(0, 1), times: Float64Array.of(12), units: Uint32Array.of(1) }
    await expect(session.simulate({ count: 1, until: 30, inputs: { input } })).rejects.toMatchObject({
      ...{ name: 'RunError', code: 'OPERATOR_BROKEN' },
      details: { verb: 'apply', projection: 'input->out', time: 12, module: expect.stringMatching(/broken\.mjs$/) },
    })
    await session.close()
  })

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
