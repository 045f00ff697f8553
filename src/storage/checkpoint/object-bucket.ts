import { RunError } from '../../events/errors.js'

/** Named bytes that are kept elsewhere. */
export interface ObjectBucket {
  /** For people. */
  readonly name: string
  /** Of the objects whose names begin so, in no order. Raises `RunError` STORE_UNREACHABLE, STORE_DENIED. */
  names(prefix: string): Promise<readonly string[]>
  /** Raises `RunError` STORE_UNREACHABLE, STORE_DENIED, OBJECT_MISSING, OBJECT_DAMAGED. */
  read(name: string): Promise<Uint8Array>
  /** Creates only. Raises `RunError` OBJECT_EXISTS, STORE_FULL, STORE_UNREACHABLE, STORE_DENIED. */
  create(name: string, bytes: Uint8Array): Promise<void>
  /** Raises `RunError` STORE_UNREACHABLE, STORE_DENIED, OBJECT_MISSING. */
  remove(name: string): Promise<void>
}

/** Temporary failures: the store cannot be reached for a while, or is full until objects are removed. */
const PASSING: readonly string[] = ['STORE_UNREACHABLE', 'STORE_FULL', 'RENDEZVOUS_NO_ANSWER', 'RENDEZVOUS_CLOSED']

/**
 * Whether an error says that a store of objects accepts nothing for now: the run continues, and its checkpoints wait.
 */
export function isStoreAway(error: unknown): error is RunError {
  return error instanceof RunError && PASSING.includes(error.code)
}
