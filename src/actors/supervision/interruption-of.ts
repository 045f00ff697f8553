import { RunError } from '../../events/errors.js'

/** Why a signal was aborted, as an error. */
export function interruptionOf({ reason }: AbortSignal): Error {
  return reason instanceof Error
    ? reason
    : new RunError({ code: 'INTERRUPTED', message: `The run was interrupted: ${reason}.`, cause: reason })
}
