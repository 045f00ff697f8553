import { MORE_TIME } from '../actors/supervision/choose-failure.js'
import { entryOf } from '../events/by-name.js'
import { InputError, RunError } from '../events/errors.js'
import { NO_LATENCIES, PLACE_ANEW, READ_WITH_ITS_NETWORK } from '../hardware/chip-placement/remedies.js'
import { flagsByField } from './flag-record.js'
import { PLACE_FLAGS } from './run-flags.js'

/** The flag that an option of a cluster, or of its listener, has on the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  ...flagsByField(PLACE_FLAGS),
  'options.until': '--until',
  dt: '--dt',
}

export const PLACE_FOR_CHIP = 'Let place --chip … --out FILE place the network for that chip.'

/** What helps on the command line where the library says another thing. */
const REMEDIES: Readonly<Record<string, string>> = {
  [PLACE_ANEW]: PLACE_FOR_CHIP,
  [READ_WITH_ITS_NETWORK]:
    'Let place --out FILE place this network: a task with the same --preset, --learn, --hidden and --recurrent, or runs/NAME/network.json of a run.',
  [NO_LATENCIES]: 'Leave out --chip-latency, or place the network on the file of a profile that has latencies.',
}

const MORE_TIME_BY_FLAGS = 'Raise --start-limit, or give fewer --cores, if the machine is slow or the network large.'

/** The mistake of a flag names it, and what helps is what can be done on the command line. */
export function inTermsOfFlags<Raised>(error: Raised): Raised | InputError | RunError {
  if (error instanceof InputError) {
    const { field, remedy } = error.mistake
    const [flag, help] = [entryOf(FLAGS, field), remedy === undefined ? undefined : entryOf(REMEDIES, remedy)]
    if (flag === undefined && help === undefined) return error
    const told = { field: flag ?? field, ...(help === undefined ? {} : { remedy: help }) }
    return new InputError({ ...error.mistake, ...told, cause: error })
  }
  if (error instanceof RunError && error.code === 'CORE_LATE')
    return new RunError({
      code: error.code,
      message: error.message.replace(MORE_TIME, MORE_TIME_BY_FLAGS),
      details: error.details,
      cause: error,
    })
  return error
}
