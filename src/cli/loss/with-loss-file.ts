import { isLossFile, type LossChoice, type LossFileChoice } from '../../learning/options/loss-choice.js'
import type { ModulesFlag } from '../modules-flag.js'
import { type PreparedTask, withNotedLoss } from '../tasks.js'
import { readTrainingLoss } from './read-loss-file.js'

/**
 * A task with the loss of a loss file, if that is what --loss says. Raises `InputError` as `parseLoss` and `loadNamedLoss` do.
 */
export async function withLossFile(
  prepared: PreparedTask,
  choice: LossChoice | LossFileChoice | undefined,
  flags: ModulesFlag,
): Promise<PreparedTask> {
  if (choice === undefined) return prepared
  const { lossModule: _, ...plain } = prepared
  if (!isLossFile(choice)) return plain
  return withNotedLoss(plain, await readTrainingLoss(choice.file, plain.task.network, flags))
}
