import type { InputError } from '../../../events/errors.js'
import { integerFrom } from '../../../network/reading/read-number.js'
import { asGiven, valueThat } from '../../../network/reading/read-value.js'
import { variantOf } from '../../../network/reading/read-variant.js'
import type { Link } from '../../../streams/link.js'
import { LinkError } from '../../../streams/link-error.js'
import { readErrorRecord } from '../../../streams/read-error-record.js'
import { reviveError } from '../../../streams/revive-error.js'
import type { Partition } from '../partition.js'
import type { OrderOf, ReadReply, Replies } from '../replies/read-replies.js'
import {
  messageOf,
  type PartitionCall,
  type PartitionOrder,
  type PartitionReply,
  takeReadable,
} from './partition-calls.js'

export interface RemotePartitionOptions {
  readonly readReply: ReadReply
  /** Ends the link for what cannot be read; default: it does nothing else. */
  readonly refuse?: (error: InputError) => void
}

/** A call that has no reply yet. */
export interface OwedReply {
  readonly id: number
  readonly order: PartitionOrder['order']
}

/** Gives a partition elsewhere its orders. */
interface PartitionCalls {
  /** Resolves with the reply. */
  call<Name extends PartitionOrder['order']>(order: OrderOf<Name>): Promise<Replies[Name]>
  /** See `Partition.abort`. */
  abort(run: number): void
}

/** A partition that others wait for. */
export interface RemotePartition extends Required<Partition>, PartitionCalls {
  /** The oldest call that has no reply, but for those that ask how it is doing; null: there is none. */
  owed(): OwedReply | null
}

interface Pending extends OwedReply {
  /** Takes a reply; raises `InputError` for one that is none to its order. */
  take(value: unknown): void
  readonly reject: (error: Error) => void
}

/**
 * A partition at the other end of a link, where `servePartition` stands for it.
 *
 * Calls may be given before earlier ones have their reply. When the link ends, what has none and all that follows
 * rejects with the link's error, or with LINK_CLOSED after an orderly end. A reply that cannot be read ends the link.
 */
export function createRemotePartition(link: Link, core: number, options: RemotePartitionOptions): RemotePartition {
  const send = (message: PartitionCall) => link.send({ kind: 'value', value: message })
  const { call, owed } = createCalls(link, send, options)
  const abort = (run: number) => send({ type: 'abort', run })
  return { ...partitionOfCalls(core, { call, abort }), call, owed }
}

/** The partition whose every method is a call. */
export function partitionOfCalls(core: number, { call, abort }: PartitionCalls): Required<Partition> {
  return {
    core,
    run: (order) => call<'run'>({ order: 'run', run: order }),
    prepare: (task, origin) => call<'prepare'>({ order: 'prepare', task, origin }),
    async prepareLoss(loss, module, traits) {
      await call<'prepareLoss'>({ order: 'prepareLoss', loss, module, traits })
    },
    squares: (learned, scale) => call<'squares'>({ order: 'squares', learned, scale }),
    abort,
    states: () => call<'states'>({ order: 'states' }),
    async update(order) {
      await call<'update'>({ order: 'update', update: order })
    },
    async undo(from) {
      await call<'undo'>({ order: 'undo', from })
    },
    parameters: () => call<'parameters'>({ order: 'parameters' }),
    save: (remembered) => call<'save'>({ order: 'save', remembered }),
    async restore(slices) {
      await call<'restore'>({ order: 'restore', slices })
    },
    status: () => call<'status'>({ order: 'status' }),
    traffic: () => call<'traffic'>({ order: 'traffic' }),
    kernelSeconds: () => call<'kernelSeconds'>({ order: 'kernelSeconds' }),
    memoryTraffic: () => call<'memoryTraffic'>({ order: 'memoryTraffic' }),
    metrics: () => call<'metrics'>({ order: 'metrics' }),
    trace: () => call<'trace'>({ order: 'trace' }),
    async close() {
      await call<'close'>({ order: 'close' })
    },
  }
}

/** The calls over a link, each of which waits for its reply. */
function createCalls(
  link: Link,
  send: (message: PartitionCall) => void,
  { readReply, refuse = (error) => link.fail(error) }: RemotePartitionOptions,
): Pick<RemotePartition, 'call' | 'owed'> {
  const pending = new Map<number, Pending>()
  let ended: Error | null = null
  let last = 0

  function call<Name extends PartitionOrder['order']>(order: OrderOf<Name>): Promise<Replies[Name]> {
    if (ended !== null) return Promise.reject(ended)
    const id = ++last
    const replied = new Promise<Replies[Name]>((resolve, reject) => {
      const take = (value: unknown) => resolve(readReply<Name>(order, value))
      pending.set(id, { id, order: order.order, take, reject })
    })
    try {
      send({ type: 'call', id, call: order })
    } catch (error) {
      // No reply will come to what was never sent.
      pending.delete(id)
      return Promise.reject(error)
    }
    return replied
  }

  const readId = valueThat<number>({
    code: 'OPTION_OUT_OF_RANGE',
    expected: 'the number of a call that has no reply yet',
    holds: (id) => pending.has(integerFrom(1)(id, 'reply.id')),
  })
  const readMessage = variantOf<PartitionReply, 'type'>(
    'type',
    { reply: { id: readId, value: asGiven }, refusal: { id: readId, error: readErrorRecord } },
    { code: 'OPTION_OUT_OF_RANGE' },
  )

  function take(message: PartitionReply): void {
    const reply = readMessage(message, 'reply')
    const waiting = pending.get(reply.id)
    if (reply.type === 'refusal') waiting?.reject(reviveError(reply.error))
    else waiting?.take(reply.value)
    pending.delete(reply.id)
  }

  function end(error: Error): void {
    ended = error
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }

  link.messages$.subscribe({
    next: (message) => {
      const reply = message.kind === 'value' ? messageOf<PartitionReply>(message.value, 'reply', 'refusal') : null
      if (reply === null || ended !== null) return
      takeReadable(() => take(reply), refuse)
    },
    error: (error: Error) => end(error),
    complete: () => end(closed(link)),
  })

  return { call, owed: () => [...pending.values()].find(({ order }) => order !== 'status') ?? null }
}

function closed({ name, peer }: Link): LinkError {
  return new LinkError({ code: 'LINK_CLOSED', link: name, peer, what: 'it is closed', watermark: null })
}
