import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { guardedSplit } from './guarded-task.js'
import type { Loss } from './loss.js'
import { classesOf, hasTargets } from './loss-view.js'
import { requireInputs } from './require-trials.js'
import type { SplitName, Task } from './task.js'
import { SPLITS } from './task-fingerprint.js'

/**
 * Refuses what a training would meet at its first step: a loss group with fewer units than there are classes
 * (LOSS_LABEL_RANGE), and a split whose first sample cannot be encoded (SAMPLE_NOT_ENCODED), or does not fit the network (INPUT_*).
 */
export function requireFit(network: Network, loss: Loss, splits: Pick<Task, SplitName>): void {
  const group = network.groups.find(({ name }) => name === loss.group)
  const { classes } = splits.train
  if (group !== undefined && !hasTargets(loss) && classesOf(loss, group.size) < classes)
    throw new InputError({
      code: 'LOSS_LABEL_RANGE',
      field: 'loss.group',
      found: `"${group.name}" with ${group.size} units`,
      expected: `at least ${classes}, one per class`,
    })
  for (const split of SPLITS)
    requireInputs(network, guardedSplit(splits[split], { split }).encode(Uint32Array.of(0)), 1)
}
