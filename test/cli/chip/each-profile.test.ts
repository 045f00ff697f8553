import { expect, test } from 'vitest'
import { eachProfile, refusalsOf, resultsOf } from '../../../src/cli/chip/each-profile.js'
import { InputError } from '../../../src/events/errors.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'

const CHIPS = ['loihi', 'seneca', 'loihi2'].map(chipProfile)
const mistake = { code: 'A_CODE', field: 'options.until', found: 'much', expected: 'less' }

/** Does it for those that are named. */
const doing =
  (...names: readonly string[]) =>
  async ({ name }: { readonly name: string }) => {
    if (names.includes(name)) return name.toUpperCase()
    throw new InputError({ ...mistake, found: name })
  }

test('what can be done is told beside what cannot, in the order of the chips and in words of the command line', async () => {
  const outcomes = await eachProfile(CHIPS, doing('loihi', 'loihi2'))
  const reason = '--until: found seneca, expected less.'
  expect(outcomes).toEqual([
    { profile: 'loihi', result: 'LOIHI' },
    { profile: 'seneca', reason },
    { profile: 'loihi2', result: 'LOIHI2' },
  ])
  expect([resultsOf(outcomes), refusalsOf(outcomes)]).toEqual([['LOIHI', 'LOIHI2'], `\nseneca: ${reason}\n`])
})

test('if it can be done for none, that is the mistake of the first', async () => {
  await expect(eachProfile(CHIPS, doing())).rejects.toThrow('found loihi,')
})

test('what is no mistake of the user ends it', async () => {
  const broken = async () => {
    throw new TypeError('broken')
  }
  await expect(eachProfile(CHIPS, broken)).rejects.toThrow(TypeError)
})
