import { InputError } from '../../events/errors.js'
import type { Task } from '../../learning/task.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Network } from '../../network/description/network.js'

const OTHER_DATA =
  'Give --data with recordings of the shape, the classes and the pooling that the network was trained with, and --task if it was trained on something else.'

/** Raises `InputError` NETWORK_OF_ANOTHER_TASK unless a network takes the spikes of a task, and its loss sees the same output. */
export function requireSameInputs(
  network: Network,
  { name, network: own, loss }: Pick<Task, 'name' | 'network' | 'loss'>,
): void {
  const ends = ({ groups }: Network) =>
    groups
      .filter((group) => isGiven(group) || group.name === loss.group)
      .map((group) => `${group.name} (${group.kind}, ${group.size})`)
      .join(', ')
  if (ends(network) === ends(own)) return
  throw new InputError({
    code: 'NETWORK_OF_ANOTHER_TASK',
    field: 'network',
    found: `a network with ${ends(network) || 'neither input nor output'}`,
    expected: `one for ${name}, with ${ends(own)}`,
    remedy: name === 'events' ? OTHER_DATA : 'Give --task, --preset and --learn as the network was trained with.',
  })
}
