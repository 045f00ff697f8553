import { RunError } from '../events/errors.js'

/** The error of a call of a closed session. */
export function sessionClosed(): RunError {
  return new RunError({ code: 'SESSION_CLOSED', message: 'The session is closed.' })
}
