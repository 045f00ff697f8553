import { InputError } from '../../events/errors.js'

/** Whatever is wrong is so in the file that a flag names; options of the library are what the file says. */
export function inTermsOfFile<Result>(flag: string, file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InputError) || error.mistake.file !== undefined) throw error
    const place = error.mistake.field.replace(/^options\.\w+\.?/, '')
    throw new InputError({ ...error.mistake, file, field: place === '' ? flag : `${flag}: ${place}`, cause: error })
  }
}
