import type { RunRecord } from '../storage/run/run-record.js'
import { type PreparedTask, prepareTask, type TaskChoice } from './tasks.js'
import { type LossChoice, lossOf } from './train/settings/loss-flag.js'

/** What says how the network of a run was trained. */
type Trained = Pick<RunRecord, 'task' | 'preset' | 'flags'>

/**
 * The task of a trained run as its command had it: preset, what it learned, sizes, folder of the data and loss, but for what
 * is said here. A preset that is said here has a loss of its own.
 *
 * Raises `InputError` as `prepareTask` does, for a preset file or a folder that is no longer there, too.
 */
export async function taskOfRun({ task, preset, flags }: Trained, said: TaskChoice): Promise<PreparedTask> {
  const { learn, hidden, recurrent, data, loss } = flags as TaskChoice & { readonly loss?: LossChoice }
  const given = Object.entries({ preset, learn, hidden, recurrent, data, ...said })
  const prepared = await prepareTask(task, Object.fromEntries(given.filter(([, value]) => value !== undefined)))
  if (loss === undefined || said.preset !== undefined) return prepared
  return { ...prepared, task: { ...prepared.task, loss: lossOf(loss, prepared.task.loss, prepared.task.network) } }
}
