import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/network.js'
import { parseNetwork } from '../../network/network-file.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import { isFolder } from '../../storage/is-folder.js'
import { readTextFile } from '../../storage/read-text.js'
import { NETWORK } from '../../storage/run/earlier-run.js'
import { type SizeFlags, simulationTask, simulationTaskNames } from '../simulation-tasks.js'
import { isTask, taskNames, taskNetwork } from '../tasks.js'

/** The network of a task, with the settings `train` has by default or the size given, or else of a network file. */
export async function networkOf(name: string, size: SizeFlags): Promise<Network> {
  const simulated = simulationTask(name, size)
  if (simulated !== null) return simulated.network
  return isTask(name) ? taskNetwork(name, {}) : parseNetwork(await readFileOrTask(name), name)
}

/** The text of a network file; a name that is neither file nor task is told of both. */
export async function readFileOrTask(name: string): Promise<string> {
  try {
    return await readTextFile(name)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    if (await isFolder(name)) throw new InputError({ ...error.mistake, remedy: await remedyOf(name), cause: error })
    const tasks = [...taskNames(), ...simulationTaskNames()]
    const expected = `a readable network file, or one of the tasks there are: ${tasks.join(', ')}`
    throw new InputError({ ...error.mistake, expected, ...suggestionFor(name, tasks), cause: error })
  }
}

/** What to give in the place of a folder, such as that of a run. */
async function remedyOf(folder: string): Promise<string> {
  const file = join(folder, NETWORK)
  const isThere = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
  return isThere ? `Give the network in it: ${file}.` : 'Give a network file in place of a folder.'
}
