import { wrongType } from './expect.js'
import { fieldIn, type Readers, readFields } from './read-fields.js'

/**
 * The options of a call, each through its reader; one that is undefined is absent. The readers stand beside the type of the
 * options, which says what there must be one for.
 *
 * Raises `InputError` FIELD_TYPE for what is no plain object, FIELD_UNKNOWN for a name that there is not, with the one that was
 * meant, and what the readers raise.
 *
 * @param place what stands before the names of options in errors; '$': nothing
 */
export function readOptions<Options extends object>(
  given: unknown,
  readers: Readers<Options>,
  place = 'options',
): Partial<Options> {
  return readFields<Options>(given, place, readers)
}

/** The same, of options some of which must be there; raises FIELD_MISSING, too. */
export function readRequired<Options extends object, Name extends keyof Options & string>(
  given: unknown,
  readers: Readers<Options>,
  required: readonly Name[],
  place = 'options',
): Partial<Options> & Pick<Options, Name> {
  const options = readOptions<Options>(given, readers, place)
  const missing = required.find((name) => !Object.hasOwn(options, name))
  if (missing !== undefined) throw wrongType(undefined, fieldIn(place, missing), 'a value')
  return options as Partial<Options> & Pick<Options, Name>
}
