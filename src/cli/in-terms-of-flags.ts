import { MORE_TIME } from '../actors/supervision/choose-failure.js'
import { entryOf } from '../events/by-name.js'
import { InputError, RunError } from '../events/errors.js'

/** The flag that an option of a cluster, or of its listener, has on the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  'options.silence': '--silence',
  'options.stall': '--stall',
  'options.processes': '--processes',
  'options.host': '--listen',
  'options.port': '--listen',
  'options.until': '--until',
  host: '--listen',
  port: '--listen',
}

const FEWER_CORES = 'Give fewer --cores if the machine is slow or the network large.'

/** The mistake of a flag names it, and what helps is what can be done on the command line. */
export function inTermsOfFlags<Raised>(error: Raised): Raised | InputError | RunError {
  if (error instanceof InputError) {
    const flag = entryOf(FLAGS, error.mistake.field)
    return flag === undefined ? error : new InputError({ ...error.mistake, field: flag, cause: error })
  }
  if (error instanceof RunError && error.code === 'CORE_LATE')
    return new RunError({
      code: error.code,
      message: error.message.replace(MORE_TIME, FEWER_CORES),
      details: error.details,
      cause: error,
    })
  return error
}
