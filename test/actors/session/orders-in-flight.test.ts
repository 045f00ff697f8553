import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { liIntegral } from '../../../src/learning/define-loss.js'
import type { Session, SessionState, StepOptions } from '../../../src/learning/session.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSource } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { casesOf } from '../../support/cases-of.js'
import { openLinked } from '../../support/open-linked.js'
import { repeatTrains } from '../../support/repeat-trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import { shuffledDelivery } from '../../support/shuffled-delivery.js'
import { ADAM, FIVE_UNITS, step } from '../small-networks.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const NETWORK = defineNetwork({
  groups: { in: source(6), hidden: lif(40, LIF), readout: li(2, { tauMem: 20, tauSyn: 5 }) },
  projections: [
    connect('in', 'hidden', dense(normal(1.5, 0.8)), { delay: perSource(uniform(0, 3)) }),
    connect('hidden', 'readout', dense(normal(0, 0.001)), { delay: 1 }),
  ],
})
const SEED = 3
const COUNT = 10
const TRIALS = {
  count: COUNT,
  until: 50,
  labels: Uint8Array.from({ length: COUNT }, (_, trial) => trial % 2),
  inputs: { in: repeatTrains(FIVE_UNITS.in, COUNT) },
}
const GOOD = step({
  optimizer: ADAM,
  rates: { weights: 0.02, delays: 0.1, thresholds: 0.01 },
  bounds: { delays: [0, 10] },
  loss: liIntegral('readout'),
})

/** What becomes of a step. */
const STEPS = {
  taken: GOOD,
  clipped: { ...GOOD, clipNorm: 1e-3 },
  'too large to be squared': { ...GOOD, loss: liIntegral('readout', { scale: 1e200 }) },
  'no number': { ...GOOD, loss: liIntegral('readout', { scale: 1e308 }) },
} as const satisfies Readonly<Record<string, StepOptions>>
type Fate = keyof typeof STEPS

type Call =
  | { readonly kind: 'step'; readonly fate: Fate; readonly isAhead: boolean }
  /** Goes back to what was saved so many saves before. */
  | { readonly kind: 'restore'; readonly back: number }
  | { readonly kind: 'save' | 'simulate' | 'evaluate' | 'pause' }

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      fate: fc.oneof({ weight: 3, arbitrary: fc.constant<Fate>('taken') }, fc.constantFrom<Fate>(...fates())),
      isAhead: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), back: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('save', 'simulate', 'evaluate', 'pause') }) },
)

function fates(): readonly Fate[] {
  return Object.keys(STEPS) as Fate[]
}

const outcomeOf = (outcome: Promise<unknown>) => outcome.catch(({ code }) => code as string)

/** Several callers at once, who wait for nobody; only a state that is put back has to be there. */
async function allAtOnce(session: Session, calls: readonly Call[]) {
  const saved: Promise<SessionState>[] = [session.save()]
  const outcomes: Promise<unknown>[] = []
  for (const asked of calls) {
    if (asked.kind === 'pause') await setImmediate()
    else if (asked.kind === 'step') {
      const ahead = session.trainAhead ?? session.train
      outcomes.push(outcomeOf((asked.isAhead ? ahead : session.train)(TRIALS, STEPS[asked.fate])))
    } else if (asked.kind === 'restore') {
      const state = await saved[Math.max(0, saved.length - 1 - asked.back)]
      if (state !== undefined) outcomes.push(outcomeOf(session.restore(state)))
    } else if (asked.kind === 'save') saved.push(session.save())
    else if (asked.kind === 'simulate') outcomes.push(session.simulate(TRIALS))
    else outcomes.push(session.evaluate(TRIALS, GOOD.loss))
  }
  const last = session.save()
  return { outcomes: await Promise.all(outcomes), saved: await Promise.all(saved), last: await last }
}

/** One who waits for every call before the next, in one process; a step ahead of one that was not taken is not asked for. */
async function oneByOne(calls: readonly Call[]) {
  await using session = await open(NETWORK, { seed: SEED })
  const saved = [await session.save()]
  const outcomes: unknown[] = []
  let isBroken = false
  for (const asked of calls) {
    if (asked.kind === 'step') {
      if (asked.isAhead && isBroken) {
        outcomes.push('STEP_NOT_TAKEN')
        continue
      }
      isBroken = asked.fate === 'no number'
      outcomes.push(await outcomeOf(session.train(TRIALS, STEPS[asked.fate])))
    } else if (asked.kind === 'restore') {
      const state = saved[Math.max(0, saved.length - 1 - asked.back)]
      if (state !== undefined) outcomes.push(await outcomeOf(session.restore(state)))
    } else if (asked.kind === 'save') saved.push(await session.save())
    else if (asked.kind === 'simulate') outcomes.push(await session.simulate(TRIALS))
    else if (asked.kind === 'evaluate') outcomes.push(await session.evaluate(TRIALS, GOOD.loss))
  }
  return { outcomes, saved, last: await session.save() }
}

test('whatever several callers ask for at once comes to what it comes to one by one', async () => {
  const seen = { ahead: 0, broken: 0, restored: 0 }
  const programs = fc.record({
    calls: fc.array(call, { minLength: 3, maxLength: 9, size: 'max' }),
    cores: fc.constantFrom(2, 3),
    microBatch: fc.constantFrom(undefined, 8),
    order: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(programs, async ({ calls, cores, microBatch, order }) => {
      const expected = await oneByOne(calls)
      const links = { deliver: shuffledDelivery(order), microBatchOf: () => microBatch }
      await using session = await openLinked(NETWORK, placeOnCores(NETWORK, cores), { seed: SEED, ...links })
      expectSameBits(await allAtOnce(session, calls), expected)
      seen.ahead += calls.filter((asked) => asked.kind === 'step' && asked.isAhead).length
      seen.broken += expected.outcomes.filter((outcome) => typeof outcome === 'string').length
      seen.restored += calls.filter(({ kind }) => kind === 'restore').length
    }),
    { numRuns: casesOf({ short: 10, long: 60 }), seed: 15, endOnFailure: true },
  )
  const runs = casesOf({ short: 10, long: 60 })
  expect(seen.ahead).toBeGreaterThan(runs)
  expect(seen.broken).toBeGreaterThan(runs / 4)
  expect(seen.restored).toBeGreaterThan(runs / 5)
})
