import { InputError, RunError } from '../../events/errors.js'
import { describeUnwritable } from './writable-path.js'

/**
 * Does what comes before a run begins: what cannot be written then is a mistake of the command line, which names it.
 *
 * Raises `InputError` FILE_UNWRITABLE in the place of a `RunError` with this code.
 */
export async function beforeRun<Result>(flag: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RunError) || error.code !== 'FILE_UNWRITABLE') throw error
    const { file } = error.details
    throw new InputError({
      code: error.code,
      ...(file === undefined ? {} : { file: String(file) }),
      field: flag,
      found: describeUnwritable(error.cause),
      expected: 'a place that can be written to',
      remedy: error.remedy ?? 'Choose another place.',
      cause: error,
    })
  }
}
