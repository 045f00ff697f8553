import { expect, test } from 'vitest'
import { RunError } from '../../../src/events/errors.js'
import { actorSuite } from '../../../src/testing/actor/actor-suite.js'
import { casesOf } from '../../support/cases-of.js'

const ALL = [
  ...['keepsPromises', 'looksAtNothingHidden', 'repeats', 'trialsApart', 'causality', 'windows', 'messageOrder'],
  ...['slices', 'saveAndResume', 'adjoint', 'adjointWindows', 'cycles', 'cycleAdjoint'],
]

const CASES = casesOf({ short: 2, long: 5 })
const relay = new URL('../../../demos/modules/relay.js', import.meta.url)

test('an actor that keeps all laws passes, and what could not be asked of it is told', async () => {
  const { held, leftOut, spikes } = await actorSuite(relay, { options: { hold: 0.5 }, cases: CASES })
  expect(held).toEqual(ALL)
  expect(leftOut).toEqual([])
  expect(spikes).toBeGreaterThan(200 * CASES)
  const right = await actorSuite(new URL('./mistakes/right.js', import.meta.url), { cases: CASES })
  expect(right.leftOut).toEqual(['adjoint', 'adjointWindows', 'cycleAdjoint'])
  const whole = await actorSuite(relay, { options: { hold: 0.5 }, whole: true, size: 3, cases: 2 }).catch(
    (error) => error,
  )
  // Lists per unit are no state of an actor that is whole.
  expect(whole).toBeInstanceOf(RunError)
  expect(whole.details.law).toBe('saveAndResume')
})

test.each([
  ['early-spike', 'causality'],
  ['cut-state', 'windows'],
  ['return-too-few', 'adjoint'],
  ['wrong-adjoint', 'adjoint'],
  ['hidden-clock', 'looksAtNothingHidden'],
  ['chance', 'looksAtNothingHidden'],
  ['left-over', 'repeats'],
  ['asked-too-often', 'messageOrder'],
  ['forgotten-state', 'saveAndResume'],
  ['slice-numbers', 'slices'],
  ['shared-trials', 'trialsApart'],
  ['unordered', 'keepsPromises'],
])('the mistake "%s" is found by the law %s', async (mistake, law) => {
  const asked = actorSuite(new URL(`./mistakes/${mistake}.js`, import.meta.url), { cases: CASES })
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason as RunError,
  )
  expect(error).toBeInstanceOf(RunError)
  expect(error!.code).toBe('LAW_BROKEN')
  expect(error!.details.law).toBe(law)
})

test('one that never spikes shows nothing', async () => {
  const asked = actorSuite(relay, { options: { hold: 1e6 }, cases: 1 })
  await expect(asked).rejects.toMatchObject({ code: 'LAW_BROKEN', details: { law: 'actorSuite' } })
})
