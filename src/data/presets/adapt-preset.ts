import { requireParameterKinds } from '../../learning/parameter-kinds.js'
import type { ParameterKind } from '../../learning/session.js'
import type { TrainOptions } from '../../learning/train-options.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { readList } from '../../network/reading/read-list.js'
import { integerFrom } from '../../network/reading/read-number.js'
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
  epochs: integerFrom(1),
  batch: integerFrom(1),
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
      ...perKind(training, learn),
      ...(hidden === undefined ? {} : perLayer(training, hidden)),
    },
  }
}

/** The fields that are not undefined, as a type says it. */
function present<Fields extends object>(
  fields: Fields,
): { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return withoutUndefined(fields) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }
}

/** Rates, bounds and decay of what is learned. */
function perKind({ rates = {}, bounds = {}, decay }: TrainOptions, learn: readonly ParameterKind[]) {
  const only = <Value>(values: Readonly<Partial<Record<ParameterKind, Value>>>) =>
    Object.fromEntries(Object.entries(values).filter(([kind]) => learn.some((learned) => learned === kind)))
  return { rates: only(rates), bounds: only(bounds), ...(decay === undefined ? {} : { decay: only(decay) }) }
}

/** What is said of groups. */
function perLayer(training: TrainOptions, hidden: number | readonly number[]): Partial<TrainOptions> {
  const { silentHinge = {}, silentWeightStep = {}, spikeBudget } = training
  return {
    silentHinge: perHiddenLayer(silentHinge, hidden),
    silentWeightStep: perHiddenLayer(silentWeightStep, hidden),
    ...(spikeBudget === undefined ? {} : { spikeBudget: perHiddenLayer(spikeBudget, hidden) }),
  }
}
