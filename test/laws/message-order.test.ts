import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Loss } from '../../src/learning/loss.js'
import type { GradientResult, Session } from '../../src/learning/session.js'
import { casesOf } from '../support/cases-of.js'
import { type NetworkCase, networkCase, type Wiring } from '../support/network-case.js'
import { expectSameBits } from '../support/same-bits.js'

const LOSSES: readonly Loss[] = [
  { kind: 'firstSpike', group: 'b', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
  { kind: 'spikeCount', group: 'a', tau: 20 },
  { kind: 'vMax', group: 'r' },
]

const SETTINGS = { numRuns: casesOf({ short: 3, long: 20 }), seed: 1, endOnFailure: true }

async function results(session: Session, { trials, labels }: NetworkCase): Promise<readonly GradientResult[]> {
  const all: GradientResult[] = []
  for (const loss of LOSSES) all.push(await session.gradient(trials, loss, labels))
  return all
}

describe('the order in which messages arrive never changes a bit', () => {
  test.each<Wiring>(['feedForward', 'recurrent', 'immediate'])('%s', async (wiring) => {
    let [spikes, gradients] = [0, 0]
    await fc.assert(
      fc.asyncProperty(networkCase(wiring), fc.scheduler(), async (sample, scheduler) => {
        const inOrder = await results(await open(sample.network), sample)
        const session = await open(sample.network, {
          deliver: (message) => void scheduler.schedule(Promise.resolve()).then(message),
        })
        const shuffled = await scheduler.waitFor(results(session, sample))
        expectSameBits(shuffled, inOrder)
        spikes += inOrder[0]?.recording.spikes.b?.times.length ?? 0
        gradients += inOrder.filter(({ inputTimes }) => inputTimes.in?.some((g) => g !== 0)).length
      }),
      SETTINGS,
    )
    expect(spikes).toBeGreaterThan(3 * SETTINGS.numRuns)
    expect(gradients).toBeGreaterThan(SETTINGS.numRuns)
  })
})
