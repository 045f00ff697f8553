import { recordOfError } from '../../../events/error-record.js'
import { InternalError } from '../../../events/errors.js'
import type { Link, LinkTraffic } from '../../../streams/link.js'
import { ANY_MODULE } from '../../modules/module-policy.js'
import { createLoadedLosses, type LoadedLosses } from '../learning/loaded-losses.js'
import type { Partition, PartitionTraffic } from '../partition.js'
import type { CoreTasks } from '../tasks/task-encoder.js'
import { messageOf, type PartitionCall, type PartitionOrder, type PartitionReply } from './partition-calls.js'

/**
 * Replies to the calls that come over a link with a partition in this process; the other end is `createRemotePartition`.
 *
 * Calls are handed on in the order they come, each without waiting for the reply to the one before; the samples that an order
 *
 * names are encoded before, and a loss of a user that it names is put in.
 */
export function servePartition(
  link: Link,
  partition: Partition,
  tasks: CoreTasks,
  losses: LoadedLosses = createLoadedLosses(ANY_MODULE),
): void {
  const reply = (message: PartitionReply) => link.send({ kind: 'value', value: message })

  async function respond(id: number, order: PartitionOrder): Promise<void> {
    try {
      reply({ type: 'reply', id, value: (await carryOut(partition, { tasks, losses }, order)) ?? null })
    } catch (error) {
      reply({ type: 'refusal', id, error: recordOfError(error) })
    }
  }

  link.messages$.subscribe({
    next: (message) => {
      const call = message.kind === 'value' ? messageOf<PartitionCall>(message.value, 'call', 'abort') : null
      if (call?.type === 'abort') partition.abort(call.run)
      else if (call !== null) void respond(call.id, call.call)
    },
    // The code that opened the link watches for its end.
    error: () => undefined,
  })
}

interface Prepared {
  readonly tasks: CoreTasks
  readonly losses: LoadedLosses
}

async function carryOut(partition: Partition, { tasks, losses }: Prepared, order: PartitionOrder): Promise<unknown> {
  switch (order.order) {
    case 'run':
      return partition.run(losses.withLoss(tasks.withInputs(order.run)))
    case 'prepare':
      return tasks.prepare(order.task, order.origin)
    case 'prepareLoss':
      return losses.prepare(order.loss, order.module, order.traits)
    case 'squares':
      return partition.squares(order.learned, order.scale)
    case 'states':
      return partition.states()
    case 'update':
      return partition.update(order.update)
    case 'undo':
      return partition.undo(order.from)
    case 'parameters':
      return partition.parameters()
    case 'save':
      return partition.save(order.remembered)
    case 'restore':
      return partition.restore(order.slices)
    case 'status':
      return partition.status()
    case 'traffic':
      return (await partition.traffic()).map(counted)
    case 'kernelSeconds':
      return partition.kernelSeconds()
    case 'memoryTraffic':
      return partition.memoryTraffic()
    case 'metrics': {
      const metrics = await partition.metrics()
      return { ...metrics, links: metrics.links.map(counted) }
    }
    case 'trace':
      return partition.trace()
    case 'close':
      return partition.close()
    default: {
      const unknown: never = order
      throw new InternalError(`A partition was given an order that it does not know: ${JSON.stringify(unknown)}.`)
    }
  }
}

/** The numbers of now: counters go on, and do not travel. */
function counted({ peer, sent, received }: PartitionTraffic): PartitionTraffic {
  return { peer, sent: numbersOf(sent), received: numbersOf(received) }
}

function numbersOf({ spikes, gradientEvents, messages, bytes, split }: LinkTraffic): LinkTraffic {
  return { spikes, gradientEvents, messages, bytes, split }
}
