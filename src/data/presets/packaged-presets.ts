import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { ParameterKind } from '../../learning/session.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import { PACKAGED_TEXTS } from './packaged-texts.js'
import { type PresetSource, parsePresetFile } from './parse-preset.js'
import type { Preset, TaskName } from './preset.js'

/** The names of the presets that come with the package, the files of its folder `presets`. */
export function packagedPresetNames(): readonly string[] {
  return Object.keys(PACKAGED_TEXTS)
}

/**
 * A preset that comes with the package, by its name, such as `mnist-weights`.
 *
 * Raises `InputError` PRESET_UNKNOWN.
 *
 * @example
 * const { options, training } = packagedPreset('yin-yang-30-all')
 */
export function packagedPreset(name: string): Preset {
  return parsePresetFile(packagedSource(name)).preset
}

/** Its text. Raises as `packagedPreset` does. */
export function packagedSource(name: string): PresetSource {
  const text = typeof name === 'string' ? entryOf(PACKAGED_TEXTS, name) : undefined
  if (text !== undefined) return { text, file: `presets/${name}.json`, base: null }
  throw new InputError({
    code: 'PRESET_UNKNOWN',
    field: 'preset',
    found: describeValue(name),
    expected: `one of ${packagedPresetNames().join(', ')}`,
    ...suggestionFor(name, packagedPresetNames()),
  })
}

/** The preset that a task is trained with where none is chosen; on Yin-Yang it depends on whether delays are learned. */
export function defaultPresetOf(task: TaskName, learn?: readonly ParameterKind[]): string {
  const learnDelays = learn?.includes('delays')
  switch (task) {
    case 'yin-yang':
      return learnDelays === false ? 'yin-yang-weights' : 'yin-yang'
    case 'mnist':
      return 'mnist-weights'
    case 'fashion-mnist':
      return 'fashion-mnist-all'
    case 'temporal-patterns':
      return learnDelays === false ? 'temporal-patterns-weights' : 'temporal-patterns'
    case 'spike-times':
      return 'spike-times'
    case 'events':
      return 'events'
  }
}
