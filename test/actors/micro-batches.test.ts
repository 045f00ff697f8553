import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Session } from '../../src/learning/session.js'
import { repeatTrains } from '../support/repeat-trains.js'
import { expectSameBits } from '../support/same-bits.js'
import { built, placement } from './built-cluster.js'
import { NETWORK, TRIALS } from './layered-network.js'
import { ADAM, step } from './small-networks.js'

const COUNT = 20
const LABELLED = {
  ...TRIALS,
  count: COUNT,
  inputs: { in: repeatTrains(TRIALS.inputs.in, COUNT) },
  labels: Uint8Array.from({ length: COUNT }, (_, trial) => trial % 3),
}
const STEP = step({ optimizer: ADAM, rates: { weights: 0.01, delays: 0.1 }, bounds: { delays: [0, 10] } })

/** Three steps, of which nobody waits for the first two. */
async function trained(session: Session) {
  const steps = await Promise.all([1, 2, 3].map(() => session.train(LABELLED, STEP)))
  return { steps, evaluated: await session.evaluate(LABELLED, STEP.loss), state: await session.save() }
}

test.each(['thread', 'websocket'] as const)('micro-batches over %s change no bit', async (transport) => {
  await using whole = await open(NETWORK, { seed: 7 })
  await using cluster = await built.openCluster(NETWORK, placement(2), { seed: 7, transport, microBatch: 8 })
  expectSameBits(await trained(cluster), await trained(whole))
  // Of every run of the three micro-batches, at least their spikes went over the link.
  const messages = (await cluster.traffic()).reduce((sum, { sent }) => sum + sent.messages, 0)
  expect(messages).toBeGreaterThanOrEqual(4 * 3)
})
