import { InputError } from '../events/errors.js'
import { describeValue } from '../network/reading/describe-value.js'
import { fieldIn } from '../network/reading/read-fields.js'

/** Options of a training, and of a step, that were removed, by the flag of the command line for each. */
export const REMOVED_OPTIONS = Object.freeze({ nearMiss: '--near-miss', rateBand: '--rate-band' } as const)

const EXPECTED = 'nothing: this option was removed'
const REMEDY =
  'Use spikeBudget in the options of train or in training of a preset, such as {"hidden": {"target": 1.5}} (flag --spike-budget hidden:1.5), which finds its strength by itself.'

/** What stays possible with a training that cannot go on. */
const PARAMETERS_STAY = 'Its parameters stay readable: for evaluate, and for train --from without --resume.'

interface Stated {
  readonly file?: string
  /** Field or flag. */
  readonly field: string
  readonly found: string
  /** By a checkpoint or a run that was to go on. */
  readonly goesOn?: boolean
}

/** The error TRAIN_OPTION_REMOVED for an option that was removed, wherever it is stated. */
export function removedOption({ goesOn = false, ...place }: Stated): InputError {
  const remedy = goesOn ? `${REMEDY} ${PARAMETERS_STAY}` : REMEDY
  return new InputError({ code: 'TRAIN_OPTION_REMOVED', ...place, expected: EXPECTED, remedy })
}

/** The first option of a record that was removed; undefined: there is none. */
export function removedIn(record: unknown): keyof typeof REMOVED_OPTIONS | undefined {
  if (typeof record !== 'object' || record === null) return undefined
  return (Object.keys(REMOVED_OPTIONS) as (keyof typeof REMOVED_OPTIONS)[]).find((name) => Object.hasOwn(record, name))
}

/**
 * Raises `InputError` TRAIN_OPTION_REMOVED for an option that was removed.
 *
 * @param place what stands before the names of options in errors; '$': nothing
 */
export function refuseRemoved(record: unknown, place: string): void {
  const name = removedIn(record)
  if (name === undefined) return
  throw removedOption({ field: fieldIn(place, name), found: describeValue(Reflect.get(record as object, name)) })
}

/** The others. */
export function withoutRemoved<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !Object.hasOwn(REMOVED_OPTIONS, name)))
}
