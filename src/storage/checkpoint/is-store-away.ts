import { RunError } from '../../events/errors.js'

/** What passes: the store cannot be reached for a while, or there is no room in it until somebody makes some. */
const PASSING: readonly string[] = ['STORE_UNREACHABLE', 'STORE_FULL', 'RENDEZVOUS_NO_ANSWER', 'RENDEZVOUS_CLOSED']

/** Whether an error says that a store of objects takes nothing for now: a run goes on, and its checkpoints wait. */
export function isStoreAway(error: unknown): error is RunError {
  return error instanceof RunError && PASSING.includes(error.code)
}
