import { expect, test } from 'vitest'
import { chooseFailure } from '../../src/actors/supervision/choose-failure.js'
import { inTermsOfFlags } from '../../src/cli/in-terms-of-flags.js'
import { describeRestart } from '../../src/cli/restarting.js'
import { InputError, RunError } from '../../src/events/errors.js'

test('cores that are late are told as before, but with what can be done on the command line', () => {
  const late = chooseFailure([{ kind: 'late', cores: [1], unheard: null, limit: 3000 }])
  const told = inTermsOfFlags(late)
  expect(told).toBeInstanceOf(RunError)
  expect(told).toMatchObject({
    code: 'CORE_LATE',
    message:
      'Core 1 was not ready after 3000 ms. Raise --start-limit, or give fewer --cores, if the machine is slow or the network large.',
    details: { core: 1, limit: 3000 },
  })
  // It says the same of the same: nothing stands behind it.
  expect((told as RunError).cause).toBe(late.cause)
})

test('the notice of a restart says what can be done on the command line, too', () => {
  const late = chooseFailure([{ kind: 'late', cores: [1], unheard: 500, limit: 3000 }])
  expect(describeRestart({ number: 1, reason: late, repeated: 2 }, 3)).toBe(
    'Core 1 was not ready after 3000 ms. It has said nothing in the last 500 ms. Raise --start-limit, or give fewer --cores, if the machine is slow or the network large. Restarting all cores (restart 1 of 3); 2 mini-batches are done once more.',
  )
})

test('an option that is wrong has the name of its flag', () => {
  const mistake = new InputError({ code: 'PORT_IN_USE', field: 'port', found: '80', expected: 'another' })
  expect(inTermsOfFlags(mistake)).toMatchObject({ code: 'PORT_IN_USE', mistake: { field: '--listen', cause: mistake } })
})

test('everything else stays what it is', () => {
  const other = new InputError({ code: 'BIAS', field: 'bias', found: '2', expected: 'less' })
  for (const error of [other, new RunError({ code: 'CORE_DIED', message: 'Core 1 died.' }), 'no error'])
    expect(inTermsOfFlags(error)).toBe(error)
})
