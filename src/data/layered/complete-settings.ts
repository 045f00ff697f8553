import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import type { LayeredOptions, LayeredSettings } from './layered-options.js'

/**
 * Options of a task over its defaults, checked; weights are replaced role by role, everything else as a whole.
 *
 * Raises `InputError` FIELD_*, OPTION_OUT_OF_RANGE, NUMBER_NOT_FINITE, SHAPE_MISMATCH for the options.
 */
export function completeSettings<Options extends LayeredOptions>(
  options: Options,
  defaults: LayeredSettings & Required<Options>,
  readers: Readers<Options>,
): LayeredSettings & Required<Options> {
  const given = readOptions<Options>(options, readers)
  return { ...defaults, ...given, weights: { ...defaults.weights, ...given.weights } }
}
