import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { asGiven } from '../network/reading/read-value.js'
import type { NoiseOptions } from './noise/device-noise.js'
import { NOISE_READERS } from './noise/read-run-noise.js'
import type { SimulateOptions } from './session.js'

const SIMULATE_READERS: Readers<SimulateOptions> = { ...NOISE_READERS, record: asGiven }

/** The options of a simulation by name; raises `InputError` FIELD_TYPE and FIELD_UNKNOWN. */
export function readSimulateOptions(given: SimulateOptions): SimulateOptions {
  return readOptions(given, SIMULATE_READERS)
}

/** The options of any other run by name; raises `InputError` FIELD_TYPE and FIELD_UNKNOWN. */
export function readNoiseOptions(given: NoiseOptions): NoiseOptions {
  return readOptions(given, NOISE_READERS)
}
