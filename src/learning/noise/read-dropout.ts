import type { Network } from '../../network/description/network.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readRecord, wordOf } from '../../network/reading/read-value.js'
import { withoutUndefined } from '../../network/reading/without-undefined.js'
import type { Dropout } from './dropout.js'
import { byKnownName, noiseThat, readCount, sendingGroups } from './read-noise.js'

/** With 1 nothing would ever arrive, and 1 / (1 - p) would have no value. */
const readRate = noiseThat('a probability from 0, below 1', (value) => value >= 0 && value < 1)
const readScale = wordOf<NonNullable<Dropout['scale']>>(['none', 'inverted'], 'NOISE_OPTION')

/**
 * Dropout as plain data, checked against the network.
 *
 * Raises `InputError` FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, NOISE_OPTION, NOISE_NAME.
 *
 * @param network null: the caller that knows the network checks the names
 * @param field what it is called where it was given
 */
export function readDropout(network: Network | null, given: unknown, field = 'dropout'): Dropout {
  const fields = withoutUndefined(readRecord(given, field))
  refuseUnknown(fields, ['seed', 'rates', 'scale'], field)
  const names = { what: 'a group that sends spikes', known: sendingGroups(network) }
  const rates = byKnownName(names, readRate)(fields.rates, `${field}.rates`)
  return {
    seed: readCount(fields.seed, `${field}.seed`),
    rates,
    ...(fields.scale === undefined ? {} : { scale: readScale(fields.scale, `${field}.scale`) }),
  }
}
