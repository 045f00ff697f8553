import { RunError } from '../events/errors.js'

/** What a call of a session that is closed is told. */
export function sessionClosed(): RunError {
  return new RunError({ code: 'SESSION_CLOSED', message: 'The session is closed.' })
}
