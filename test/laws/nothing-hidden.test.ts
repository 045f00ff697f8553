import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Loss } from '../../src/learning/loss.js'
import type { Session, StepOptions } from '../../src/learning/session.js'
import { casesOf } from '../support/cases-of.js'
import { type NetworkCase, networkCase, trialAlone, type Wiring } from '../support/network-case.js'
import { expectSameBits } from '../support/same-bits.js'

const SETTINGS = { numRuns: casesOf({ short: 2, long: 8 }), seed: 11, endOnFailure: true }
const COUNT: Loss = { kind: 'spikeCount', group: 'b', tau: 20 }
const FIRST: Loss = { kind: 'firstSpike', group: 'b', tau0: 0.5, alpha: 0.003, tau1: 6.4 }
const MAXIMUM: Loss = { kind: 'vMax', group: 'r' }

/** A training step that learns nothing, with every other option in use. */
const idle = (loss: Loss): StepOptions => ({
  loss,
  optimizer: { kind: 'sgd', momentum: 0 },
  rates: {},
  bounds: {},
  clipNorm: 1,
  silentLabelHinge: 0.5,
  silentHinge: { a: 0.1 },
  silentWeightStep: {},
})

/** Runs of every kind and shape, each of which tells all it knows. */
function runsOf({ trials, labels }: NetworkCase): readonly ((session: Session) => Promise<unknown>)[] {
  const one = { count: 1, until: 25, inputs: { in: trialAlone(trials.inputs.in!, 0) } }
  return [
    (session) => session.simulate(trials, { record: ['in', 'a', 'b', 'r'] }),
    (session) => session.simulate(one),
    (session) => session.gradient(trials, COUNT, labels),
    (session) => session.gradient(trials, MAXIMUM, labels),
    (session) => session.gradient({ ...one, inputs: {} }, FIRST, labels.subarray(0, 1)),
    (session) => session.evaluate({ ...trials, labels }, FIRST),
    (session) => session.train({ ...trials, labels }, idle(FIRST)),
    (session) => session.train({ ...one, labels: labels.subarray(0, 1) }, idle(MAXIMUM)),
  ]
}

/** Runs that fail: while they are checked, in the loss, and in the middle of everything. */
const FAILURES: readonly ((session: Session, sample: NetworkCase) => Promise<unknown>)[] = [
  (session, { trials }) => session.simulate({ ...trials, count: 0 }),
  (session, { trials }) =>
    session.gradient(trials, { kind: 'linear', group: 'a', coefficients: new Array(9999).fill(1) }),
  (session, { trials }) => session.gradient(trials, COUNT),
  (session, { trials }) => session.gradient(trials, MAXIMUM),
  (session, { trials, labels }) => session.train({ ...trials, labels: labels.map(() => 77) }, idle(FIRST)),
]

describe.each<Wiring>(['feedForward', 'recurrent', 'immediate'])('nothing hidden survives a run: %s', (wiring) => {
  test('a run after another gives what it gave before, and in a fresh session', async () => {
    await fc.assert(
      fc.asyncProperty(networkCase(wiring), fc.nat(7), fc.nat(7), async (sample, first, second) => {
        const [runA, runB] = [runsOf(sample)[first]!, runsOf(sample)[second]!]
        await using session = await open(sample.network)
        const a = await runA(session)
        await runB(session)
        expectSameBits(await runA(session), a)
        await using fresh = await open(sample.network)
        expectSameBits(await runA(fresh), a)
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 2, long: 15 }) },
    )
  })

  test('a failed run leaves the session as it was', async () => {
    await fc.assert(
      fc.asyncProperty(networkCase(wiring), fc.nat(7), async (sample, index) => {
        const run = runsOf(sample)[index]!
        await using session = await open(sample.network)
        const before = await run(session)
        for (const fail of FAILURES) {
          await expect(fail(session, sample)).rejects.toThrow()
          expectSameBits(await run(session), before)
        }
      }),
      SETTINGS,
    )
  })

  test('so does one whose messages are still on their way', async () => {
    await fc.assert(
      fc.asyncProperty(networkCase(wiring), fc.scheduler(), async (sample, scheduler) => {
        await using plain = await open(sample.network)
        const expected = await plain.gradient(sample.trials, COUNT, sample.labels)
        await using session = await open(sample.network, {
          deliver: (message) => void scheduler.schedule(Promise.resolve()).then(message),
        })
        await scheduler.waitFor(
          (async () => {
            for (const fail of FAILURES) await expect(fail(session, sample)).rejects.toThrow()
            expectSameBits(await session.gradient(sample.trials, COUNT, sample.labels), expected)
          })(),
        )
      }),
      SETTINGS,
    )
  })
})
