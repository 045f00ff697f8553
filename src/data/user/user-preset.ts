import { adam } from '../../learning/optimizers/adam.js'
import { readRecord, readString } from '../../network/reading/read-value.js'
import type { LayeredOptions } from '../layered/layered-options.js'
import {
  PRESET_FORMAT,
  PRESET_VERSION,
  type PresetFile,
  type PresetSource,
  parsePresetOf,
} from '../presets/parse-preset.js'
import type { Preset } from '../presets/preset.js'

/** Settings of a user-defined task: what its module is called with, and how it is trained. */
export interface UserPreset extends Pick<Preset, 'comments' | 'training'> {
  readonly task: string
  readonly options: LayeredOptions & Readonly<Record<string, unknown>>
}

/** How a user-defined task is trained by default. */
export const USER_PRESET: UserPreset = Object.freeze({
  task: 'own-task',
  comments: [],
  options: {},
  training: { optimizer: adam({ learningRate: 0.02 }), epochs: 50, batch: 32, learn: ['weights', 'delays'] },
} as const)

/** The same as the text of a preset file. */
export function defaultUserPreset(): string {
  const { task, training } = USER_PRESET
  return JSON.stringify({ format: PRESET_FORMAT, version: PRESET_VERSION, task, training })
}

/**
 * The settings that a preset file holds of a user-defined task: as `parsePreset`, with any `task`, and with `data` that are
 * options of its module. Raises what `parsePreset` raises.
 */
export function parseUserPreset(source: PresetSource): PresetFile<UserPreset> {
  return parsePresetOf(source, readString, (value) => readRecord(value, 'data'))
}
