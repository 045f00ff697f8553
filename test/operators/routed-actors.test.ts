import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { actor } from '../../src/network/description/actor-group.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal } from '../../src/network/description/initializers.js'
import { connect, dense, oneToOne } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { expectSameBits } from '../support/same-bits.js'
import { CASES, operatorOf, type RoutedCase, resultsOf } from './routed-cases.js'

const [LAYERED] = CASES as readonly [RoutedCase]
const RELAY = new URL('../../demos/modules/relay.js', import.meta.url)

const networkWith = (file: string) =>
  defineNetwork({
    groups: {
      input: source(6),
      hidden: lif(64, { tauMem: 10, tauSyn: 5, threshold: 1 }),
      relay: actor(64, RELAY),
      out: lif(3, { tauMem: 10, tauSyn: 5, threshold: 1 }),
    },
    projections: [
      connect('input', 'hidden', dense(normal(0.6, 0.3)), { delay: 1 }),
      connect('hidden', 'relay', oneToOne(1), { delay: 1, through: [operatorOf(file, { drift: 0.05 })] }),
      connect('relay', 'out', dense(normal(0.15, 0.1)), { delay: 1 }),
    ],
  })

test('operators stand before actors of one’s own, cut or not, forward and back', async () => {
  const network = networkWith('router.mjs')
  await using one = await open(network, { seed: 5 })
  await using two = await open(network, { seed: 5, placement: placeOnCores(network, 2) })
  const expected = await resultsOf(one, LAYERED)
  expectSameBits(await resultsOf(two, LAYERED), expected)
  expect(expected.gradient.inputTimes.input?.some((value) => value !== 0)).toBe(true)
  await using plain = await open(networkWith('keep.mjs'), { seed: 5 })
  expect((await resultsOf(plain, LAYERED)).simulated).not.toEqual(expected.simulated)
})
