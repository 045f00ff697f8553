import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hangIn, hangInWords } from '../../../src/actors/supervision/hang-words.js'
import { MODULE_VERBS, type VerbMoment } from '../../../src/network/modules/module-verbs.js'
import { casesOf } from '../../support/cases-of.js'

/** With what the words themselves are made of. */
const name = fc
  .array(fc.constantFrom('a', '"', ' in trial 3', ' (', ')', ' from 2 ms', '->'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))

const moments = fc.record<VerbMoment>({
  kind: fc.constantFrom('actor', 'operator', 'loss', 'task'),
  name: name.filter((text) => !/" (?:into|of)/.test(text)),
  group: fc.constantFrom('out', 'a b', 'own'),
  module: fc.constantFrom('file:///m/plant.js', 'file:///m%20(1)/loss.mjs'),
  verb: fc.constantFrom(...MODULE_VERBS),
  trial: fc.option(fc.nat()),
  time: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
})

test('what words of a hang name is read from them, whatever comes before and behind', () => {
  fc.assert(
    fc.property(moments, ({ name, ...rest }) => {
      const moment = { ...rest, name: rest.kind === 'actor' ? rest.group : name }
      const words = hangInWords(moment, 1499.6)
      const found = hangIn(`a warning\n${words}\nand more`)
      expect(found?.words).toBe(words.slice(0, -1))
      expect(found?.words.endsWith('has not come back for 1500 ms')).toBe(true)
      const { kind, verb, group, module, trial, time } = moment
      expect(found?.details).toEqual({
        ...{ verb, module },
        ...(kind === 'task' ? { task: group, split: name } : { group }),
        ...(kind === 'operator' ? { projection: name } : {}),
        ...(kind === 'loss' ? { loss: name } : {}),
        ...(trial === null ? {} : kind === 'task' ? { sample: trial } : { trial }),
        ...(time === null ? {} : { time: Object.is(time, -0) ? 0 : time }),
      })
    }),
    { numRuns: casesOf({ short: 200, long: 5000 }) },
  )
})

test('other last words tell of no hang', () => {
  expect(hangIn('')).toBeNull()
  expect(hangIn('FATAL ERROR: heap out of memory')).toBeNull()
  expect(hangIn('the server has not come back for 1500 ms.')).toBeNull()
})
