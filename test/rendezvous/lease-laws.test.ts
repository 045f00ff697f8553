import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HASTY } from '../suites/rendezvous-suite.js'
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
