import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDeferred } from '../../src/events/deferred.js'
import { RunError } from '../../src/events/errors.js'
import type { LeaseEntry, LeaseTable } from '../../src/rendezvous/lease-table.js'
import { takeLease } from '../../src/rendezvous/take-lease.js'
import { createManualClock } from '../suites/link-fixture.js'
import { HASTY, holder } from '../suites/rendezvous-suite.js'
import { casesOf } from '../support/cases-of.js'
import { createContest, type Happening } from './contenders.js'

const MEMBERS = 3
/** Longer than a dead holder is waited for, in the steps of a contest. */
const LONG = Math.ceil((3 * (HASTY.leaseTime + HASTY.patience)) / 50)

const who = fc.nat(MEMBERS - 1)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), steps: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('confirm' as const), who }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('release', 'die', 'part', 'heal', 'sleep', 'wake', 'lose', 'delay', 'deliver'),
      who,
    }),
  },
)
const happenings = fc.array(happening, { maxLength: 40, size: 'max' })

/** Everything that went wrong, and whether somebody gets the lease when all is well again. */
async function courseOf(all: readonly Happening[], compares = true) {
  const contest = createContest(MEMBERS, compares)
  for (const each of all) await contest.happen(each)
  for (let k = 0; k < MEMBERS; k++) {
    for (const end of ['heal', 'wake', 'deliver'] as const) await contest.happen({ do: end, who: k })
  }
  await contest.happen({ do: 'advance', steps: LONG })
  for (let k = 0; k < MEMBERS; k++) await contest.happen({ do: 'die', who: k })
  await contest.happen({ do: 'take', who: 0 })
  await contest.happen({ do: 'advance', steps: LONG })
  const { tenures, violations } = contest
  const epochs = tenures.map(({ lease }) => lease.epoch)
  return { violations, isTaken: epochs.at(-1) === Math.max(...epochs), taken: tenures.length }
}

test('whatever happens, epochs grow, no holder is confirmed after its successor, and in the end somebody gets the lease', async () => {
  let taken = 0
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      const course = await courseOf(all)
      expect(course.violations).toEqual([])
      expect(course.isTaken).toBe(true)
      taken += course.taken - 1
    }),
    { numRuns: casesOf({ short: 150, long: 2000 }), seed: 81 },
  )
  expect(taken).toBeGreaterThan(150)
})

test('a table that does not compare would be found out', async () => {
  const found = await fc.check(
    fc.asyncProperty(happenings, async (all) => (await courseOf(all, false)).violations.length === 0),
    { numRuns: 300, seed: 82, endOnFailure: true },
  )
  expect(found.failed).toBe(true)
})

test('a holder that was asleep for long learns of its successor, and is not confirmed', async () => {
  const contest = createContest(2)
  await contest.happen({ do: 'take', who: 0 })
  await contest.happen({ do: 'sleep', who: 0 })
  await contest.happen({ do: 'take', who: 1 })
  await contest.happen({ do: 'advance', steps: LONG })
  expect(contest.tenures.map(({ who: each, isLost }) => [each, isLost])).toEqual([
    [0, false],
    [1, false],
  ])
  await contest.happen({ do: 'wake', who: 0 })
  await contest.happen({ do: 'confirm', who: 0 })
  expect(contest.tenures.map(({ isLost }) => isLost)).toEqual([true, false])
  expect(contest.violations).toEqual([])
})

test('a holder that could not ask for long goes on with its epoch if nobody wanted the lease', async () => {
  const contest = createContest(2)
  await contest.happen({ do: 'take', who: 0 })
  await contest.happen({ do: 'part', who: 0 })
  await contest.happen({ do: 'advance', steps: 2 * LONG })
  await contest.happen({ do: 'heal', who: 0 })
  const [tenure] = contest.tenures
  await tenure?.lease.confirm()
  expect(tenure?.isLost).toBe(false)
  // A successor waits for one lease time, within which the holder shows that it lives.
  await contest.happen({ do: 'take', who: 1 })
  await contest.happen({ do: 'advance', steps: LONG })
  expect(contest.tenures.length).toBe(1)
})

test('who does not hear that it has the lease finds out', async () => {
  const contest = createContest(1)
  await contest.happen({ do: 'lose', who: 0 })
  await contest.happen({ do: 'take', who: 0 })
  await contest.happen({ do: 'advance', steps: LONG })
  const [tenure] = contest.tenures
  await tenure?.lease.confirm()
  expect(tenure?.isLost).toBe(false)
  expect(contest.violations).toEqual([])
})

test('a lease time is counted from when the entry is known, however long the table takes to tell it', async () => {
  const clock = createManualClock()
  const told = createDeferred<void>()
  const entry: LeaseEntry = { revision: 5, record: { token: 'other', epoch: 5, holder: holder('other') } }
  let changes = 0
  const table: LeaseTable = {
    async read() {
      await told.promise
      return entry
    },
    async write() {
      changes++
      return 6
    },
  }
  const noReply = new RunError({ code: 'RENDEZVOUS_NO_ANSWER', message: 'no answer' })
  const [isPassing, giveUp, report] = [() => false, () => noReply, () => undefined]
  const taking = takeLease('it', holder('one'), {
    table,
    clock,
    numbers: HASTY,
    token: 'own',
    isPassing,
    giveUp,
    report,
  })
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= HASTY.leasePoll) {
      clock.advance(HASTY.leasePoll)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await pass(HASTY.leaseTime)
  told.resolve()
  await pass(HASTY.leaseTime - HASTY.leasePoll)
  expect(changes).toBe(0)
  await pass(3 * HASTY.leasePoll)
  expect((await taking).epoch).toBe(6)
  expect(changes).toBe(1)
})

test('a lease that was given back is confirmed no more, though the table never heard of that', async () => {
  let revision = 0
  let isAway = false
  const away = new RunError({ code: 'RENDEZVOUS_NO_ANSWER', message: 'no answer' })
  const table: LeaseTable = {
    read: async () => ({ revision, record: null }),
    async write() {
      if (isAway) throw away
      return ++revision
    },
  }
  const setup = { table, clock: createManualClock(), numbers: HASTY, token: 'own', report: () => undefined }
  const lease = await takeLease('it', holder('one'), { ...setup, isPassing: () => false, giveUp: () => away })
  await lease.confirm()
  isAway = true
  await lease[Symbol.asyncDispose]()
  isAway = false
  await expect(lease.confirm()).rejects.toMatchObject({ code: 'LEASE_LOST' })
  expect(revision).toBe(2)
})
