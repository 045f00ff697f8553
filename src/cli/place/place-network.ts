import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import { isFolder } from '../../storage/is-folder.js'
import { readTextFile } from '../../storage/read-text.js'
import { NETWORK } from '../../storage/run/earlier-run.js'
import { readRunRecord } from '../../storage/run/run-record.js'
import { type ModulesFlag, networkOfFile } from '../modules-flag.js'
import type { PresetFlags } from '../preset-flags.js'
import { readRun } from '../read-run.js'
import { refuseFlags } from '../refuse-flags.js'
import { type SizeFlags, simulationTask, simulationTaskNames } from '../simulation-tasks.js'
import { isTrained, taskNames, taskNetwork } from '../tasks.js'

/** Which network a task has that is trained. */
export type NetworkFlags = Pick<PresetFlags, (typeof OF_TASKS)[number]>

const OF_TASKS = ['preset', 'learn', 'hidden', 'recurrent'] as const

/**
 * The network of a task, with the settings `train` has by default, those given or the size given, or else of a network file
 * or of the folder of a run.
 *
 * Raises `InputError` FLAG_CONFLICT for settings of what is not trained, or a size of what has another one.
 */
export async function networkOf(name: string, flags: SizeFlags & NetworkFlags & ModulesFlag): Promise<Network> {
  if (!isTrained(name)) {
    const isSimulated = simulationTaskNames().includes(name)
    refuseFlags(flags, OF_TASKS, `${isSimulated ? name : 'a network file'} is no task that is trained`)
  }
  const simulated = simulationTask(name, flags)
  if (simulated !== null) return simulated.network
  const { preset, learn, hidden, recurrent } = flags
  const given = Object.entries({ preset, learn, hidden, recurrent }).filter(([, value]) => value !== undefined)
  if (isTrained(name)) return taskNetwork(name, Object.fromEntries(given))
  if (await isRun(name)) return (await readRun(name, flags)).network
  return networkOfFile(await readFileOrTask(name), name, flags)
}

/** The text of a network file; the error for a name that is neither file nor task mentions both. */
export async function readFileOrTask(name: string): Promise<string> {
  try {
    return await readTextFile(name)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    if (await isFolder(name))
      throw new InputError({ ...error.mistake, remedy: 'Give a network file, or the folder of a run.', cause: error })
    const tasks = [...taskNames(), ...simulationTaskNames()]
    const expected = `a readable network file, or one of the tasks there are: ${tasks.join(', ')}`
    throw new InputError({ ...error.mistake, expected, ...suggestionFor(name, tasks), cause: error })
  }
}

/** Whether a folder has what a run leaves: its network, or the record of several. */
async function isRun(folder: string): Promise<boolean> {
  if (!(await isFolder(folder))) return false
  return (await readRunRecord(folder)) !== null || (await isFile(join(folder, NETWORK)))
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
