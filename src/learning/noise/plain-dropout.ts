import type { Network } from '../../network/description/network.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readRecord } from '../../network/reading/read-value.js'
import { withoutUndefined } from '../../network/reading/without-undefined.js'
import type { Dropout } from './dropout.js'
import { COUNT_RULE, plainWord, requireName, requireNoise, sendingGroups } from './plain-noise.js'

/** With 1 nothing would ever arrive, and 1 / (1 - p) would have no value. */
const RATE_RULE = { expected: 'a probability from 0, below 1', holds: (value: number) => value >= 0 && value < 1 }

/**
 * Dropout as plain data, checked against the network.
 *
 * Raises `InputError` FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, NOISE_OPTION, NOISE_NAME.
 *
 * @param network null: names are for whoever knows the network to check
 * @param field what it is called where it was given
 */
export function plainDropout(network: Network | null, given: unknown, field = 'dropout'): Dropout {
  const fields = withoutUndefined(readRecord(given, field))
  refuseUnknown(fields, ['seed', 'rates', 'scale'], field)
  const names = { what: 'a group that sends spikes', known: sendingGroups(network) }
  const rates = Object.entries(withoutUndefined(readRecord(fields.rates, `${field}.rates`))).map(([name, rate]) => {
    requireName(`${field}.rates.${name}`, name, names)
    return [name, requireNoise(`${field}.rates.${name}`, rate, RATE_RULE)] as const
  })
  return {
    seed: requireNoise(`${field}.seed`, fields.seed, COUNT_RULE),
    rates: Object.fromEntries(rates),
    ...(fields.scale === undefined ? {} : { scale: plainWord(`${field}.scale`, fields.scale, ['none', 'inverted']) }),
  }
}
