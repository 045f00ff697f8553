import { InputError } from '../../events/errors.js'

const FLAGS = {
  ...{ format: '--format', timeUnit: '--time-unit', shape: '--shape', classes: '--classes' },
  ...{ split: '--split', pool: '--pool', deadTime: '--dead-time', augment: '--augment', until: '--until' },
} as const

/** What a reader advises, as flags say it. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/the option timeUnit: 's', 'ms' or 'us'/, '--time-unit s, ms or us'],
  [/the option timeUnit/, '--time-unit'],
  [/the options? (shape|classes)/, '--$1'],
  [/the option size, \[height, width\]/, '--shape 2xHEIGHTxWIDTH'],
  [/\bsay size, as \[height, width\]/, 'say --shape 2xHEIGHTxWIDTH'],
]

/**
 * An error of reading recordings, or of making a task of them, as one of the flags that were given; one about the file as one
 * of `--data`, where that named it.
 */
export function inTermsOfEventFlags(error: unknown, given: object, path: '--data' | 'path'): unknown {
  if (!(error instanceof InputError)) return error
  const { field, file, remedy } = error.mistake
  const advised =
    remedy === undefined ? {} : { remedy: ADVICE.reduce((text, [from, to]) => text.replace(from, to), remedy) }
  const told = (place: string) => new InputError({ ...error.mistake, ...advised, field: place, cause: error })
  if (field === 'format') return told('--format')
  if (field === 'file' && path === '--data') return told(path)
  const found = Object.entries(FLAGS).find(([name]) => RegExp(`^(options\\.)?${name}\\b`).test(field))
  if (found === undefined || file !== undefined || !Object.hasOwn(given, found[0]))
    return advised.remedy === remedy ? error : told(field)
  return told(field.replace(/^options\./, '').replace(found[0], found[1]))
}
