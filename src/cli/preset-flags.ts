import { adaptPreset } from '../data/presets/adapt-preset.js'
import { defaultPresetOf, packagedPresetNames, packagedSource } from '../data/presets/packaged-presets.js'
import { type PresetFile, type PresetSource, parsePresetFile } from '../data/presets/parse-preset.js'
import type { Preset, TaskName } from '../data/presets/preset.js'
import { InputError } from '../events/errors.js'
import { isFileName } from '../network/reading/flag-values.js'
import { readTextFile } from '../storage/read-text.js'
import type { LearningFlags } from './learning-flags.js'
import { fileUrl, type ModulesFlag } from './modules-flag.js'
import { type ChangesFlag, inTermsOfChanges, withChanges } from './preset-changes.js'

/** Where the settings of a training come from; flags win over the preset. */
export interface PresetFlags extends LearningFlags, ModulesFlag, ChangesFlag {
  /** Name of a packaged preset, or a file. */
  readonly preset?: string
  /** The preset of an earlier run whose network is only measured, options of its training that were removed are passed over. */
  readonly ofEarlierRun?: boolean
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
  const source = await sourceOf(preset, flags)
  const { preset: found, namedLoss } = inTermsOfChanges(flags, () => parsePresetFile(source))
  requireTask(found, task, preset)
  return { preset: adaptPreset(found, { learn, hidden, recurrent, epochs, batch }), namedLoss }
}

/** The preset that a task is trained with, a name or a file. */
export function presetNameOf(task: string, { preset, learn }: PresetFlags): string {
  return preset ?? defaultPresetOf(task as TaskName, learn)
}

async function sourceOf(preset: string, flags: PresetFlags): Promise<PresetSource> {
  if (isFileName(preset)) return presetSource(preset, flags)
  try {
    const source = packagedSource(preset)
    return { ...source, text: withChanges(source.text, flags, source.file) }
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'PRESET_UNKNOWN') throw error
    const expected = `the path of a preset file, or one of ${packagedPresetNames().join(', ')}`
    throw new InputError({ ...error.mistake, field: '--preset', expected, cause: error })
  }
}

/** The file of a preset, with the changes of the command line. */
export async function presetSource(file: string, flags: PresetFlags): Promise<PresetSource> {
  const removed = flags.ofEarlierRun === true ? 'passed over' : 'refused'
  return { text: withChanges(await readTextFile(file, '--preset'), flags, file), file, base: fileUrl(file), removed }
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
