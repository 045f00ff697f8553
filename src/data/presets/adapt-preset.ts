import { OPTION_RECORDS, TRAINING_OPTIONS } from '../../learning/options/training-options.js'
import { requireParameterKinds } from '../../learning/parameter-kinds.js'
import type { ParameterKind } from '../../learning/session.js'
import type { TrainOptions } from '../../learning/train-options.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { readList } from '../../network/reading/read-list.js'
import { readBoolean, readRecord } from '../../network/reading/read-value.js'
import { withoutUndefined } from '../../network/reading/without-undefined.js'
import { perHiddenLayer } from '../layered/hidden-layers.js'
import type { LayeredOptions } from '../layered/layered-options.js'
import { LAYERED_READERS } from '../layered/layered-readers.js'
import type { Preset, TaskName } from './preset.js'

/** What may be chosen otherwise than a preset says. */
export interface PresetChanges {
  readonly learn?: readonly ParameterKind[] | undefined
  readonly hidden?: number | readonly number[] | undefined
  readonly recurrent?: boolean | undefined
  readonly epochs?: number | undefined
  readonly batch?: number | undefined
}

const READERS: Readers<PresetChanges> = {
  learn: (value, field) => requireParameterKinds(readList(value, field) as readonly string[], field),
  hidden: LAYERED_READERS.hidden,
  recurrent: readBoolean,
  epochs: TRAINING_OPTIONS.epochs.read,
  batch: TRAINING_OPTIONS.batch.read,
}

function expectPreset<Name extends TaskName>(preset: Preset<Name>): Preset<Name> {
  const { options, training } = readRecord(preset, 'preset')
  readRecord(options, 'preset.options')
  readList(readRecord(training, 'preset.training').learn, 'preset.training.learn')
  return preset
}

/**
 * A preset with some of its settings changed, ready to train with.
 *
 * What is learned decides what the network has: delays and adaptation only if they are learned (or adaptation is
 * asked for), rates, bounds and decay of the kinds that are learned. What the training says of `hidden` holds for every hidden
 * layer that it does not name.
 */
export function adaptPreset<Name extends TaskName>(preset: Preset<Name>, given: PresetChanges = {}): Preset<Name> {
  const { training } = expectPreset(preset)
  const changes = readOptions(given, READERS, 'changes')
  const base: LayeredOptions = preset.options
  const { learn = training.learn, hidden = base.hidden, recurrent = base.recurrent, epochs, batch } = changes
  const adaptation = base.adaptation === true || learn.includes('adaptation')
  return {
    ...preset,
    options: {
      ...preset.options,
      ...withoutUndefined({ hidden, recurrent }),
      learnDelays: learn.includes('delays'),
      adaptation,
    },
    training: {
      ...training,
      ...present({ epochs, batch }),
      learn,
      ...restated(training, 'kind', (values) => ofKinds(values, learn)),
      ...(hidden === undefined ? {} : restated(training, 'group', (values) => perHiddenLayer(values, hidden))),
    },
  }
}

/** The fields that are not undefined, as a type says it. */
function present<Fields extends object>(
  fields: Fields,
): { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return withoutUndefined(fields) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }
}

/** The options that have values per kind of parameter, or per group, with others in their place. */
function restated(
  training: TrainOptions,
  per: 'kind' | 'group',
  change: (values: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): Partial<TrainOptions> {
  const changed = OPTION_RECORDS.flatMap(([name, record]) => {
    const values = training[name] as Readonly<Record<string, unknown>> | undefined
    return record.per === per && values !== undefined ? [[name, change(values)] as const] : []
  })
  return Object.fromEntries(changed)
}

function ofKinds(values: Readonly<Record<string, unknown>>, learn: readonly ParameterKind[]) {
  return Object.fromEntries(Object.entries(values).filter(([kind]) => learn.some((learned) => learned === kind)))
}
