import type { Network } from '../../network/description/network.js'
import { fieldIn, type Readers, readRequired } from '../../network/reading/read-fields.js'
import { asGiven, readRecord } from '../../network/reading/read-value.js'
import { withoutUndefined } from '../../network/reading/without-undefined.js'
import { refuseRemoved } from '../removed-options.js'
import type { TrainOptions } from '../train-options.js'
import type { TrainingOption } from './training-option.js'
import { OPTION_RECORDS, type OptionName, type TRAINING_OPTIONS } from './training-options.js'

type Table = typeof TRAINING_OPTIONS
type Check<Value> = { readonly check: (value: never, field: string, network: Network) => Value }
type NamesOf<Records> = { [Name in keyof Table]: Table[Name] extends Records ? Name : never }[keyof Table]
type StepName = NamesOf<Check<unknown> & { readonly ofStep: true }>

/** What an option is once it is checked, or what holds without it. */
type Plain<Option> =
  | (Option extends Check<infer Value> ? Value : never)
  | (Option extends { readonly fallback: infer Fallback } ? Fallback : never)

type CheckedRecord = TrainingOption<unknown> & Required<Pick<TrainingOption<unknown>, 'check'>>
const CHECKED = OPTION_RECORDS.filter(
  (each): each is readonly [OptionName, CheckedRecord] => each[1].check !== undefined,
)
const OF_STEP = CHECKED.filter(([, { ofStep = false }]) => ofStep)
const OF_RUN = CHECKED.filter(([, { ofStep = false }]) => !ofStep)

/** The names of those of a step. */
export const STEP_SETTINGS: readonly string[] = OF_STEP.map(([name]) => name)

/** Options of a training, and of a step, that need no other option to be checked. */
export type StepSettings = { readonly [Name in StepName]: Plain<Table[Name]> }
export type RunSettings = { readonly [Name in Exclude<NamesOf<Check<unknown>>, StepName>]: Plain<Table[Name]> }

/** Those of a training, with what holds where one is left out; raises `InputError` TRAIN_OPTION, TRAIN_GROUP, FIELD_TYPE. */
export function readSettings(network: Network, given: object): { run: RunSettings; step: StepSettings } {
  const [run, step] = [OF_RUN, OF_STEP].map((options) =>
    Object.fromEntries(
      options.map(([name, record]) => {
        const value: unknown = Reflect.get(given, name)
        const isLeftOut = 'fallback' in record && (value === undefined || value === record.fallback)
        return [name, isLeftOut ? record.fallback : record.check(value, name, network)]
      }),
    ),
  )
  return { run: run as RunSettings, step: step as StepSettings }
}

/** Those of a step, each of which must be there; raises the same, and FIELD_MISSING. */
export function readStepSettings(network: Network, given: object, place: string): StepSettings {
  const entries = OF_STEP.map(([name, { check, per }]) => {
    const [value, field]: [unknown, string] = [Reflect.get(given, name), fieldIn(place, name)]
    return [name, check(per === undefined ? value : withoutUndefined(readRecord(value, field)), field, network)]
  })
  return Object.fromEntries(entries) as StepSettings
}

const READERS = Object.fromEntries(
  OPTION_RECORDS.map(([name, { take = asGiven }]) => [name, take]),
) as unknown as Readers<TrainOptions>

/**
 * The options of a training by name; raises `InputError` FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN and
 * TRAIN_OPTION_REMOVED.
 */
export function readTrainOptions(given: TrainOptions): TrainOptions {
  refuseRemoved(given, '$')
  return readRequired(given, READERS, ['optimizer', 'epochs'], '$')
}
