import { adaptPreset } from '../data/presets/adapt-preset.js'
import { defaultPresetOf, packagedPreset, packagedPresetNames } from '../data/presets/packaged-presets.js'
import { type PresetFile, parsePresetFile } from '../data/presets/parse-preset.js'
import type { Preset, TaskName } from '../data/presets/preset.js'
import { InputError } from '../events/errors.js'
import { readTextFile } from '../storage/read-text.js'
import { isFileName } from './flag-values.js'
import type { LearningFlags } from './learning-flags.js'
import { fileUrl, type ModulesFlag } from './modules-flag.js'

/** Where the settings of a training come from; flags win over the preset. */
export interface PresetFlags extends LearningFlags, ModulesFlag {
  /** Name of a packaged preset, or a file. */
  readonly preset?: string
}

/**
 * The settings of a task: of the preset that the command line names, else of the task's own, and what flags say instead. A
 * loss of a module is named, and not loaded yet.
 *
 * Raises `InputError` PRESET_UNKNOWN, PRESET_OF_ANOTHER_TASK, FILE_UNREADABLE, and those of `parsePreset`.
 */
export async function presetOf<Name extends TaskName>(
  task: Name,
  flags: PresetFlags,
): Promise<PresetFile<Preset<Name>>> {
  const { learn, hidden, recurrent, epochs, batch } = flags
  const preset = presetNameOf(task, flags)
  const { preset: found, namedLoss } = await readPreset(preset)
  requireTask(found, task, preset)
  return { preset: adaptPreset(found, { learn, hidden, recurrent, epochs, batch }), namedLoss }
}

/** The preset that a task is trained with, a name or a file. */
export function presetNameOf(task: string, { preset, learn }: PresetFlags): string {
  return preset ?? defaultPresetOf(task as TaskName, learn)
}

async function readPreset(preset: string): Promise<PresetFile<Preset>> {
  if (isFileName(preset)) return parsePresetFile(await readTextFile(preset, '--preset'), preset, fileUrl(preset))
  try {
    return { preset: packagedPreset(preset), namedLoss: null }
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'PRESET_UNKNOWN') throw error
    const expected = `the path of a preset file, or one of ${packagedPresetNames().join(', ')}`
    throw new InputError({ ...error.mistake, field: '--preset', expected, cause: error })
  }
}

function requireTask<Name extends TaskName>(preset: Preset, task: Name, place: string): asserts preset is Preset<Name> {
  if (preset.task === task) return
  throw new InputError({
    code: 'PRESET_OF_ANOTHER_TASK',
    file: place,
    field: 'task',
    found: JSON.stringify(preset.task),
    expected: JSON.stringify(task),
    remedy: `Choose a preset of ${task}, or train ${preset.task}.`,
  })
}
