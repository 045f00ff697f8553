import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Placement } from '../../src/hardware/placement.js'
import { RATE_BANDS } from '../../src/learning/banded-step.js'
import type { Loss } from '../../src/learning/loss.js'
import type { LabelledTrials, Session } from '../../src/learning/session.js'
import { step } from '../actors/small-networks.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { dividedNetworkCase } from '../support/cut-network-case.js'
import { LOSSES, lossesFor } from '../support/every-loss.js'
import { trialAlone } from '../support/network-case.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'

const KINDS = Object.keys(LOSSES) as Loss['kind'][]
const RATES = { weights: 0.01, delays: 0.01, thresholds: 0.001, taus: 0.01 }
const RUNS = 3

/** What the losses and their gradients are, and what steps along them with a rate band make of the network. Closes it. */
async function courseOf(session: Session, trials: LabelledTrials, losses: readonly Loss[]) {
  const gradients = []
  // All of the network as it is, whatever a step makes of it.
  for (const loss of losses) gradients.push(await session.gradient(trials, loss, trials.labels))
  const steps = []
  for (const loss of losses) {
    if (loss.kind === 'linear') continue
    steps.push(await session.evaluate(trials, loss))
    const bands = { [RATE_BANDS]: { a: { low: 1, high: 1, strength: 0.1 }, b: { low: 0.5, high: 2.5, strength: 0.2 } } }
    const bounds = { delays: [0, 10], thresholds: [0.3, 3], taus: [1, 100] } as const
    steps.push(await session.train(trials, step({ loss, rates: RATES, bounds, silentLabelHinge: 0.5, ...bands })))
  }
  const parameters = await session.parameters()
  await session.close()
  return { gradients, steps, parameters }
}

/** Cores on which a group has neurons. */
function coresOf(group: string, { cores }: Placement): number {
  return cores.filter(({ slices }) => slices.some((slice) => slice.group === group)).length
}

const placed = dividedNetworkCase.chain((sample) =>
  fc.tuple(fc.constant(sample), arbitraryPlacement(sample.network, 4, ['b', 'r']), fc.nat()),
)

test('no placement, no order of messages and no link changes a bit of a loss or its gradient', async () => {
  /** Per kind: runs in which its group lay on several cores and an input spike was moved by it. */
  const seen = new Map(KINDS.map((kind) => [kind, 0]))
  await fc.assert(
    fc.asyncProperty(placed, async ([{ network, seed, trials: all }, placement, order]) => {
      const inputs = { in: trialAlone(all.inputs.in!, 0) }
      const trials = { ...all, count: 1, inputs, labels: all.labels!.subarray(0, 1) }
      const losses = await lossesFor(network, seed, trials)
      const whole = await courseOf(await open(network, { seed }), trials, losses)
      const deliver = shuffledDelivery(order)
      expectSameBits(await courseOf(await open(network, { seed, placement, deliver }), trials, losses), whole)
      const limits = { credits: 2, maxFrame: 1000 }
      const linked = await openLinked(network, placement, { seed, deliver, limits })
      expectSameBits(await courseOf(linked, trials, losses), whole)
      losses.forEach(({ kind, group }, k) => {
        const isMoved = whole.gradients[k]!.inputTimes.in!.some((slope) => slope !== 0)
        if (coresOf(group, placement) > 1 && isMoved) seen.set(kind, seen.get(kind)! + 1)
      })
    }),
    { numRuns: RUNS, seed: 6, endOnFailure: true },
  )
  for (const [kind, runs] of seen) expect(runs, `runs with a ${kind} loss over several cores`).toBeGreaterThanOrEqual(2)
})
