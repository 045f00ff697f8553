import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { gradientMatchesQuotients } from '../../../src/testing/gradient-matches-quotients.js'
import { inTurn } from '../../support/in-turn.js'
import { openLinked } from '../../support/open-linked.js'
import { expectSameBits } from '../../support/same-bits.js'
import { LOOPED, RELAYED, RELAYED_ROUND, relayed, SELF_LOOPED, TRIALS } from './relay-network.js'

const LABELS = Uint8Array.from([0, 1, 2])
const LOSS = { kind: 'spikeCount', group: 'out', tau: 20 } as const

test('a loss may look at the spikes of an actor', async () => {
  const loss = { kind: 'spikeCount', group: 'relay', tau: 20 } as const
  const kinds = ['weights', 'delays'] as const
  const network = relayed(3, 1)
  const covered = await gradientMatchesQuotients({ open, network, trials: TRIALS, loss, labels: LABELS, kinds })
  expect(covered.compared).toBeGreaterThan(20)
})

test.each([
  ['through an actor', RELAYED, 0],
  ['around a loop with an actor', LOOPED, 1],
  ['around an actor that hears itself', SELF_LOOPED, 0],
  ['around two actors', RELAYED_ROUND, 1],
] as const)('gradients %s have the same bits on several partitions', async (_, network, turn) => {
  await using session = await open(network, { seed: 3 })
  const whole = await session.gradient(TRIALS, LOSS, LABELS)
  for (const { key } of network.projections)
    expect(whole.gradients.projections[key]!.weights.filter((each) => each !== 0).length).toBeGreaterThan(30)
  for (const cores of inTurn([2, 4], turn)) {
    await using other = await openLinked(network, placeOnCores(network, cores), { seed: 3 })
    expectSameBits(await other.gradient(TRIALS, LOSS, LABELS), whole)
  }
})
