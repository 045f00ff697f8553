import type { MemoryTraffic } from '../../../dynamics/traffic/memory-traffic.js'
import type { SquaresPart } from '../../../learning/gradient-squares.js'
import type { Link } from '../../../streams/link.js'
import { LinkError } from '../../../streams/link-error.js'
import { reviveError } from '../../../streams/revive-error.js'
import type { UnitStates } from '../../group/run.js'
import type { PartitionTrace } from '../../trace/trace-record.js'
import type {
  Partition,
  PartitionMetrics,
  PartitionTraffic,
  PreparedTask,
  RunReport,
  SliceParameters,
  SliceState,
} from '../partition.js'
import type { PartitionStatus } from '../status.js'
import { messageOf, type PartitionCall, type PartitionOrder, type PartitionReply } from './partition-calls.js'

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * A partition at the other end of a link, where `servePartition` stands for it.
 *
 * Calls may be given before earlier ones have their reply. When the link ends, what has none and all that follows
 * rejects with the link's error, or with LINK_CLOSED after an orderly end.
 */
export function createRemotePartition(link: Link, core: number): Partition {
  const pending = new Map<number, Pending>()
  let ended: Error | null = null
  let last = 0

  function call(order: PartitionOrder): Promise<unknown> {
    if (ended !== null) return Promise.reject(ended)
    const id = ++last
    const replied = new Promise<unknown>((resolve, reject) => pending.set(id, { resolve, reject }))
    try {
      send({ type: 'call', id, call: order })
    } catch (error) {
      // No reply will come to what was never sent.
      pending.delete(id)
      return Promise.reject(error)
    }
    return replied
  }

  const send = (message: PartitionCall) => link.send({ kind: 'value', value: message })

  function take(reply: PartitionReply): void {
    const waiting = pending.get(reply.id)
    if (waiting === undefined) return
    pending.delete(reply.id)
    if (reply.type === 'reply') waiting.resolve(reply.value)
    else waiting.reject(reviveError(reply.error))
  }

  function end(error: Error): void {
    ended = error
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }

  link.messages$.subscribe({
    next: (message) => {
      const reply = message.kind === 'value' ? messageOf<PartitionReply>(message.value, 'reply', 'refusal') : null
      if (reply !== null) take(reply)
    },
    error: (error: Error) => end(error),
    complete: () => end(closed(link)),
  })

  return {
    core,
    run: (order) => call({ order: 'run', run: order }) as Promise<RunReport>,
    prepare: (task, origin) => call({ order: 'prepare', task, origin }) as Promise<PreparedTask>,
    async prepareLoss(loss, module, traits) {
      await call({ order: 'prepareLoss', loss, module, traits })
    },
    squares: (learned, scale) => call({ order: 'squares', learned, scale }) as Promise<readonly SquaresPart[]>,
    abort: (run) => send({ type: 'abort', run }),
    states: () => call({ order: 'states' }) as Promise<readonly UnitStates[]>,
    async update(order) {
      await call({ order: 'update', update: order })
    },
    async undo(from) {
      await call({ order: 'undo', from })
    },
    parameters: () => call({ order: 'parameters' }) as Promise<readonly SliceParameters[]>,
    save: () => call({ order: 'save' }) as Promise<readonly SliceState[]>,
    async restore(slices) {
      await call({ order: 'restore', slices })
    },
    status: () => call({ order: 'status' }) as Promise<PartitionStatus>,
    traffic: () => call({ order: 'traffic' }) as Promise<readonly PartitionTraffic[]>,
    kernelSeconds: () => call({ order: 'kernelSeconds' }) as Promise<number>,
    memoryTraffic: () => call({ order: 'memoryTraffic' }) as Promise<MemoryTraffic>,
    metrics: () => call({ order: 'metrics' }) as Promise<PartitionMetrics>,
    trace: () => call({ order: 'trace' }) as Promise<PartitionTrace>,
    async close() {
      await call({ order: 'close' })
    },
  }
}

function closed({ name, peer }: Link): LinkError {
  return new LinkError({ code: 'LINK_CLOSED', link: name, peer, what: 'it is closed', watermark: null })
}
