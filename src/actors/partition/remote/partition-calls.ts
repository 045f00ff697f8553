import type { ErrorRecord } from '../../../events/error-record.js'
import { InputError } from '../../../events/errors.js'
import type { LossModule } from '../../../learning/losses/user-loss.js'
import type { ParameterKind } from '../../../learning/session.js'
import type { TaskOrigin } from '../../../learning/task.js'
import type { ArrayName, LossTraits, RestoredSlice, RunOrder, UpdateOrder } from '../partition.js'

/** An order that a partition replies to. */
export type PartitionOrder =
  | { readonly order: 'run'; readonly run: RunOrder }
  | { readonly order: 'prepare'; readonly task: number; readonly origin: TaskOrigin }
  | { readonly order: 'prepareLoss'; readonly loss: number; readonly module: LossModule; readonly traits: LossTraits }
  | { readonly order: 'squares'; readonly learned: readonly ParameterKind[]; readonly scale: number }
  | { readonly order: 'states' }
  | { readonly order: 'update'; readonly update: UpdateOrder }
  | { readonly order: 'undo'; readonly from: number }
  | { readonly order: 'parameters' }
  | { readonly order: 'save'; readonly remembered: readonly ArrayName[] }
  | { readonly order: 'restore'; readonly slices: readonly RestoredSlice[] }
  | { readonly order: 'status' }
  | { readonly order: 'traffic' }
  | { readonly order: 'kernelSeconds' }
  | { readonly order: 'memoryTraffic' }
  | { readonly order: 'metrics' }
  | { readonly order: 'trace' }
  | { readonly order: 'close' }

/** What goes to a partition elsewhere. */
export type PartitionCall =
  | { readonly type: 'call'; readonly id: number; readonly call: PartitionOrder }
  /** Has no reply of its own: the call of the run is replied to, with a refusal. */
  | { readonly type: 'abort'; readonly run: number }

/** What comes back: one reply or refusal per call. */
export type PartitionReply =
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly error: ErrorRecord }

/** Whether a message claims to be a reply. */
export function isReply(value: unknown): value is PartitionReply {
  return messageOf<PartitionReply>(value, 'reply', 'refusal') !== null
}

/** Takes a message, unless it cannot be read. */
export function takeReadable(take: () => void, refuse: (error: InputError) => void): void {
  try {
    take()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    refuse(error)
  }
}

/** The value as one of these types; null if it is something else, which others on the same link may know. */
export function messageOf<Known extends { readonly type: string }>(
  value: unknown,
  ...types: readonly Known['type'][]
): Known | null {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : null
  return types.some((known) => known === type) ? (value as Known) : null
}
