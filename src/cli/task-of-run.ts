import { resolve } from 'node:path'
import { InputError } from '../events/errors.js'
import { isLossFile, lossOf } from '../learning/options/loss-choice.js'
import { RUN_RECORD, type RunRecord } from '../storage/run/run-record.js'
import { type EventFlags, eventFlagsOf } from './events/event-flags.js'
import { lossOfRun } from './loss/loss-of-run.js'
import { withLossFile } from './loss/with-loss-file.js'
import type { ModulesFlag } from './modules-flag.js'
import { joinChanges } from './preset-changes.js'
import { identifyTask } from './task-module/load-task.js'
import { type PreparedTask, prepareTask, type TaskChoice, withNotedLoss } from './tasks.js'
import type { TrainerFlags } from './train/settings/trainer-flags.js'

/** What says how the network of a run was trained. */
type Trained = Pick<RunRecord, 'task' | 'preset' | 'flags' | 'module' | 'lossModule'>

/** What is said here: that the module of the run may be run, by its name or at all. */
export type RunTaskChoice = TaskChoice & ModulesFlag & { readonly task?: string }

/** Whether a task, by its name or the file of its module, is the one of a run. */
export function isTaskOf({ task, module }: Trained, name: string): boolean {
  return module === undefined ? task === name : task === name || module.path === resolve(name)
}

/**
 * The task of a trained run as its command had it: preset and changes of it, what it learned, sizes, folder of the data and loss, but for what
 * is said here. A preset that is said here has a loss of its own.
 *
 * The module of the task of a run is run where it is named here. Else, and for that of its loss, before anything of it is
 * run, `InputError` MODULES_FORBIDDEN is raised unless modules are allowed, and MODULE_CHANGED for one that has changed
 * since.
 *
 * Raises `InputError` as `prepareTask` does, for a preset file or a folder that is no longer there, too.
 */
export async function taskOfRun(
  run: Trained,
  { task: name, allowModules, split: _, ...said }: RunTaskChoice,
): Promise<PreparedTask> {
  const { task, preset, flags, module, lossModule } = run
  const { set, learn, hidden, recurrent, data, loss } = flags as TaskChoice & Pick<TrainerFlags, 'loss'>
  // Flags of a run have the names of the command line.
  const events = eventFlagsOf({ ...flags, deadTime: flags['dead-time'], timeUnit: flags['time-unit'] } as EventFlags)
  if (module !== undefined && name === undefined) await requireAllowed(module, allowModules === true)
  // A module without a preset has what is said of it by default.
  const own = module !== undefined && flags.preset === undefined ? undefined : preset
  const given = Object.entries({
    preset: own,
    learn,
    hidden,
    recurrent,
    data,
    ...events,
    allowModules,
    ...said,
  })
  const choice: TaskChoice = {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ofEarlierRun: said.preset === undefined,
    ...joinChanges(said.preset === undefined && set !== undefined ? { set } : {}, said),
  }
  const named = lossModule === undefined || said.preset !== undefined ? null : await lossOfRun(lossModule, choice)
  const plain = await prepareTask(module?.path ?? task, choice).catch((error: unknown) => {
    throw said.data === undefined ? missingDataOfRun(error, data) : error
  })
  if (named !== null) return withNotedLoss(plain, named)
  if (loss === undefined || said.preset !== undefined) return plain
  const prepared = await withLossFile(plain, loss, choice)
  if (isLossFile(loss)) return prepared
  return { ...prepared, task: { ...prepared.task, loss: lossOf(loss, prepared.task.loss, prepared.task.network) } }
}

/** A path of the command line of the run is seen from where that was. */
function missingDataOfRun(error: unknown, data: string | undefined): unknown {
  const isData = error instanceof InputError && error.code === 'DATA_FILE_MISSING' && error.mistake.file === data
  if (!isData) return error
  const remedy = `Give --data: the run names ${data}, seen from the folder that it was started in.`
  return new InputError({ ...error.mistake, remedy, cause: error })
}

async function requireAllowed({ path, hash }: NonNullable<RunRecord['module']>, areAllowed: boolean): Promise<void> {
  if (!areAllowed)
    throw new InputError({
      code: 'MODULES_FORBIDDEN',
      file: RUN_RECORD,
      field: 'module.path',
      found: `the task of the module ${path}, whose code would be run`,
      expected: 'leave to run it: a file runs no code by being opened',
      remedy: 'Give --task with its path, or --allow-modules, if you trust the run.',
    })
  const found = await identifyTask(path, 'module')
  if (found.hash === hash) return
  throw new InputError({
    code: 'MODULE_CHANGED',
    file: path,
    field: 'module.hash',
    found: `${found.hash}: the module, or something that it imports, has changed since the run`,
    expected: `${hash}, as in the run.json`,
    remedy: `Give --task ${path} to measure on the task as it is now.`,
  })
}
