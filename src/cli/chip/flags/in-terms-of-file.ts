import { InputError } from '../../../events/errors.js'

/** Whatever is wrong is so in what a flag names, a file or not; options of the library are what it says. */
export function inTermsOfFile<Result>(flag: string, file: string | undefined, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InputError) || error.mistake.file !== undefined) throw error
    const place = error.mistake.field.replace(/^options\.\w+\.?/, '')
    throw new InputError({
      ...error.mistake,
      ...(file === undefined ? {} : { file }),
      field: place === '' ? flag : `${flag}: ${place}`,
      cause: error,
    })
  }
}
