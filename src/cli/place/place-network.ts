import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/network.js'
import { parseNetwork } from '../../network/network-file.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import { readTextFile } from '../../storage/read-text.js'
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
    const tasks = [...taskNames(), ...simulationTaskNames()]
    const expected = `a readable network file, or one of the tasks there are: ${tasks.join(', ')}`
    throw new InputError({ ...error.mistake, expected, ...suggestionFor(name, tasks), cause: error })
  }
}
