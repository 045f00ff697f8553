import { RunError } from '../../events/errors.js'
import { errorText, exitCodeOf } from '../report-error.js'
import { tellAtOnce } from '../standard-streams.js'
import { placeOfUserCode } from './user-code-frame.js'

/** Code of the user's own that ends the process with `process.exit` is named, and never makes a success of it. */
export function watchUserExit(json: boolean): void {
  process.on('exit', (code) => {
    const place = placeOfUserCode()
    if (place === null) return
    const error = new RunError({
      code: 'MODULE_EXITED',
      message: `${place.what} (${place.at}) has ended the process, by process.exit(${code}), before the command was through.`,
      remedy: 'Have it throw an error instead.',
    })
    tellAtOnce(errorText(error, json))
    if (code === 0) process.exitCode = exitCodeOf(error)
  })
}
