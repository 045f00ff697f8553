import { adaptPreset } from '../../data/presets/adapt-preset.js'
import type { PresetFile } from '../../data/presets/parse-preset.js'
import type { Preset } from '../../data/presets/preset.js'
import { defaultUserPreset, parseUserPreset, USER_PRESET, type UserPreset } from '../../data/user/user-preset.js'
import { InputError } from '../../events/errors.js'
import type { NamedLoss } from '../../learning/losses/named-loss.js'
import type { ParameterKind } from '../../learning/session.js'
import type { Task } from '../../learning/task.js'
import { isFileName } from '../../network/reading/flag-values.js'
import { inTermsOfChanges, isChanged, withChanges } from '../preset-changes.js'
import { type PresetFlags, presetSource } from '../preset-flags.js'
import { refuseFlags } from '../refuse-flags.js'
import { loadTaskModule, type TaskModule } from './load-task.js'

/** A task of the user's own, with the settings it is trained with. */
export interface UserTask {
  readonly task: Task
  readonly training: Preset['training']
  readonly module: TaskModule
  /** By the preset. */
  readonly namedLoss: NamedLoss | null
}

/**
 * Loads the task of a module, which is called with what preset and flags say of its network and data.
 *
 * Without --learn, or a preset that says it, weights are learned, and delays if the network has any.
 *
 * Raises `InputError` as `loadTaskModule` and `parsePreset` do; FLAG_CONFLICT for settings of a network that is a value.
 */
export async function prepareUserTask(file: string, flags: PresetFlags, field: string): Promise<UserTask> {
  const { preset, learn, hidden, recurrent, epochs, batch } = flags
  const loaded = await loadTaskModule(file, field)
  if (!loaded.takesOptions)
    refuseFlags(flags, ['hidden', 'recurrent'], `${file} exports its task as a value, which has a network`)
  const { preset: given, namedLoss } = await readUserPreset(flags)
  const settings = adaptPreset(given as object as Preset, { learn, hidden: sizes(hidden), recurrent, epochs, batch })
  const task = await loaded.task({ ...settings.options })
  const isSaid = learn !== undefined || preset !== undefined || isChanged(flags, 'training.learn')
  const kinds = isSaid ? settings.training.learn : learnable(task, settings.training.learn)
  return { task, training: { ...settings.training, learn: kinds }, module: loaded.module, namedLoss }
}

/** A single layer has a size instead of a list. */
function sizes(hidden: PresetFlags['hidden']): number | readonly number[] | undefined {
  return hidden?.length === 1 ? hidden[0] : hidden
}

/** Delays are learned where there are any. */
function learnable({ network }: Task, kinds: readonly ParameterKind[]): readonly ParameterKind[] {
  const hasDelays = network.projections.some(({ delays }) => delays.kind !== 'none')
  return kinds.filter((kind) => kind !== 'delays' || hasDelays)
}

/** The preset of a task of the user's own, with the changes of the command line, or what is said by default. */
export async function readUserPreset(flags: PresetFlags): Promise<PresetFile<UserPreset>> {
  const { preset, set } = flags
  if (preset === undefined && set === undefined) return { preset: USER_PRESET, namedLoss: null }
  if (preset === undefined || isFileName(preset)) {
    const source =
      preset === undefined
        ? { text: withChanges(defaultUserPreset(), flags), file: undefined, base: null }
        : await presetSource(preset, flags)
    return inTermsOfChanges(flags, () => parseUserPreset(source))
  }
  throw new InputError({
    code: 'PRESET_OF_ANOTHER_TASK',
    field: '--preset',
    found: JSON.stringify(preset),
    expected: 'the path of a preset file, for those that come with the package are of its own tasks',
  })
}
