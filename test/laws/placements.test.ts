import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Loss } from '../../src/learning/loss.js'
import type { Session, StepOptions } from '../../src/learning/session.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { type CutNetworkCase, cutNetworkCase } from '../support/cut-network-case.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'

const FIRST: Loss = { kind: 'firstSpike', group: 'b', tau0: 0.5, alpha: 0.003, tau1: 6.4 }
const LOSSES: readonly Loss[] = [{ kind: 'spikeCount', group: 'a', tau: 20 }, { kind: 'vMax', group: 'r' }, FIRST]

const step = (loss: Loss, clipNorm: number): StepOptions => ({
  loss,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rates: { weights: 0.003, delays: 0.05, thresholds: 0.003, adaptation: 0.01, bias: 0.001 },
  bounds: { delays: [0, 10], thresholds: [0.3, 3], adaptation: [0, 1] },
  clipNorm,
  silentLabelHinge: 0.5,
  silentHinge: { a: 0.1 },
  silentWeightStep: { b: 0.01 },
})

/** Everything a session can say of a case: spikes, gradients, steps of learning, and what was learned. */
async function everything(session: Session, { trials }: CutNetworkCase) {
  const simulated = await session.simulate(trials, { record: ['in', 'a', 'b', 'r'] })
  const gradients = []
  for (const loss of LOSSES.slice(0, 2)) gradients.push(await session.gradient(trials, loss, trials.labels))
  const steps = []
  for (const [k, loss] of LOSSES.slice(1).entries())
    steps.push(await session.train(trials, step(loss, k === 1 ? 1e-3 : Infinity)))
  const evaluated = await session.evaluate(trials, FIRST)
  const parameters = await session.parameters()
  await session.close()
  return { simulated, gradients, steps, evaluated, parameters }
}

const placed = cutNetworkCase.chain((sample) =>
  fc.record({
    sample: fc.constant(sample),
    placement: arbitraryPlacement(sample.network, 4),
    limits: fc.record({ credits: fc.constantFrom(2, 3, 8), maxFrame: fc.constantFrom(64, 1000, 1 << 20) }),
  }),
)

const SETTINGS = { numRuns: 12, seed: 4, endOnFailure: true }

test('no placement, and no order of messages, changes a bit', async () => {
  const seen = { spikes: 0, cores: 0, moved: 0, recurrent: 0 }
  await fc.assert(
    fc.asyncProperty(placed, fc.nat(), async ({ sample, placement }, order) => {
      const { network, seed } = sample
      const whole = await everything(await open(network, { seed }), sample)
      const cut = await everything(await open(network, { seed, placement, deliver: shuffledDelivery(order) }), sample)
      expectSameBits(cut, whole)
      seen.spikes += whole.simulated.spikes.b!.times.length
      seen.cores += placement.cores.length
      seen.moved += whole.gradients.filter(({ inputTimes }) => inputTimes.in!.some((g) => g !== 0)).length
      if (sample.isRecurrent) seen.recurrent++
    }),
    SETTINGS,
  )
  expect(seen.spikes).toBeGreaterThan(10 * SETTINGS.numRuns)
  expect(seen.cores).toBeGreaterThan(2.5 * SETTINGS.numRuns)
  expect(seen.moved).toBeGreaterThan(1.5 * SETTINGS.numRuns)
  expect(seen.recurrent).toBeGreaterThan(SETTINGS.numRuns / 4)
})

test('nor do frames, fragments and credits in between', async () => {
  const seen = { frames: 0, recurrent: 0 }
  await fc.assert(
    fc.asyncProperty(placed, fc.nat(), async ({ sample, placement, limits }, order) => {
      const { network, seed } = sample
      const whole = await everything(await open(network, { seed }), sample)
      const session = await openLinked(network, placement, { seed, deliver: shuffledDelivery(order), limits })
      expectSameBits(await everything(session, sample), whole)
      seen.frames += session.links.reduce((sum, { sent }) => sum + sent.messages, 0)
      if (sample.isRecurrent) seen.recurrent++
    }),
    SETTINGS,
  )
  expect(seen.frames).toBeGreaterThan(100 * SETTINGS.numRuns)
  expect(seen.recurrent).toBeGreaterThan(SETTINGS.numRuns / 4)
})
