import { RunError } from '../../events/errors.js'

/** The error of a call that would disturb the stream of a session. */
export function sessionBusy(): RunError {
  return new RunError({
    code: 'SESSION_BUSY',
    message: 'A stream of this session is open, which runs nothing else meanwhile.',
    remedy: 'Take the stream to its end or stop it, or open another session.',
  })
}
