import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { Session } from '../../../src/learning/session.js'
import { openLinked } from '../../support/open-linked.js'
import { expectSameBits } from '../../support/same-bits.js'
import { step } from '../small-networks.js'
import { LOOPED, RELAYED, SELF_LOOPED, TRIALS } from './relay-network.js'

const TRAINING = { ...TRIALS, labels: Uint8Array.from([0, 1, 2]) }
const LEARN = step({
  loss: { kind: 'spikeCount', group: 'out', tau: 20 },
  rates: { weights: 0.01, delays: 0.01, bias: 0.001 },
})

async function trained(session: Session, steps: number) {
  for (let k = 0; k < steps; k++) await session.train(TRAINING, LEARN)
  return session.save()
}

test.each([
  ['in a row', RELAYED],
  ['around a loop', LOOPED],
  ['around itself', SELF_LOOPED],
])(
  'projections into and out of an actor %s learn the same bits everywhere, and go on from a state',
  async (_, network) => {
    await using session = await open(network, { seed: 3 })
    const before = await session.parameters()
    const whole = await trained(session, 3)
    expect(whole.parameters.groups).not.toHaveProperty('relay')
    for (const { key } of network.projections)
      expect(whole.parameters.projections[key]!.weights).not.toEqual(before.projections[key]!.weights)
    await using first = await openLinked(network, placeOnCores(network, 3), { seed: 3 })
    const half = structuredClone(await trained(first, 1))
    await using second = await openLinked(network, placeOnCores(network, 2), { seed: 3 })
    await second.restore(half)
    expectSameBits(await trained(second, 2), whole)
  },
)
