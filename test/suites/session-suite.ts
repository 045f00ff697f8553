import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cases, casesOf, isLong } from '../support/cases-of.js'
import { checkCase } from './session/check-case.js'
import { sessionCase, TRANSPORTS } from './session/session-case.js'
import type { ArrivalSharing, SessionFeature } from './session/session-features.js'
import { createSessionTally, FEEDS, formatPairs, type SessionTally } from './session/session-tally.js'

/** How many cases sessions are held to. */
export interface SessionCases extends Cases {
  readonly seed: number
}

const KERNEL = 'simd'
/** Features that no kernel of a feed has a group with. */
const UNFED: Readonly<Record<ArrivalSharing, readonly SessionFeature[]>> = {
  shared: ['delays per synapse', 'lists', 'rules', 'two currents, taus per neuron'],
  own: [],
}

/** So many cases meet every pair. */
const MANY = 1000

/** No test takes so long that it might be taken for one that hangs. */
const MOST_CASES = 250

/** Holds sessions to one set of bits, whatever is asked of them, and wherever and however they run. */
export function describeSessions({ seed, ...numbers }: SessionCases): void {
  const cases = casesOf(numbers)
  const numRuns = Math.min(MOST_CASES, cases)
  const parts = Array.from({ length: cases / numRuns }, (_, part) => part)
  const tally = createSessionTally(KERNEL)
  describe('sessions:', () => {
    test.each(parts)('every mode has one set of bits, wherever it runs and however it is cut (%i)', async (part) => {
      const property = fc.asyncProperty(sessionCase, (sample) => checkCase(KERNEL, sample, tally))
      await fc.assert(property, { numRuns, seed: seed + part, unbiased: true, endOnFailure: true })
    })

    test('every feature met every mode and every feed', () => {
      if (isLong()) console.log(formatPairs(tally.pairs()))
      expect(tally.cases).toBe(cases)
      expectMet(tally)
    })
  })
}

/** Fails unless the cases have met everything that so many of them can meet. */
function expectMet(tally: SessionTally): void {
  const { cases, spikes, seen } = tally
  expect(spikes).toBeGreaterThan(20 * cases)
  for (const what of [...TRANSPORTS, '2 cores', '3 cores', 'something before', ...FEEDS.map((feed) => `${feed} feed`)])
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(0.02 * cases)
  const learned = seen.get('learned and restored on the own feed') ?? 0
  expect(learned, 'learned and restored on the own feed').toBeGreaterThanOrEqual(0.1 * cases)

  const pairs = tally.pairs()
  const isUnfed = (feature: SessionFeature, met: string) =>
    FEEDS.some((feed) => feed === met && UNFED[feed].includes(feature))
  const nameOf = ({ feature, met }: (typeof pairs)[number]) => `${feature}, ${met}`
  const outlived = pairs.filter(({ feature, met, count }) => isUnfed(feature, met) && count > 0)
  expect(outlived.map(nameOf), 'features that a feed knows now').toEqual([])
  const missing = pairs.filter(({ feature, met, count }) => !isUnfed(feature, met) && count === 0)
  if (cases >= MANY) expect(missing.map(nameOf), 'pairs not met').toEqual([])
  else expect(missing.length, 'pairs not met').toBeLessThan(0.15 * pairs.length)
}
