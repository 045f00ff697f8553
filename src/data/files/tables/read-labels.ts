import { InputError } from '../../../events/errors.js'
import { MOST_CLASSES } from '../../../learning/labels.js'

/** Labels as numbers, and what they stand for. */
export interface NumberedLabels {
  readonly labels: readonly number[]
  readonly classes: number
  readonly classNames?: readonly string[]
}

/** Where labels are from. */
export interface LabelPlace {
  readonly file: string
  /** That of all labels. */
  readonly field: string
  /** That of one. */
  place(recording: number): { readonly file: string; readonly field: string }
}

/**
 * Labels that are numbers from 0, or else names, whose classes are in the order of their letters.
 *
 * Raises `InputError` LABEL_OUT_OF_RANGE, LABEL_HOLE for a class below the highest without a recording.
 *
 * @param said how many classes there are, if anybody says it
 */
export function numberLabels(
  given: readonly (number | string)[],
  said: number | undefined,
  at: LabelPlace,
): NumberedLabels {
  if (given.every((label) => typeof label === 'number')) return numbered(given as readonly number[], said, at)
  const names = [...new Set(given.map(String))].sort()
  const most = said ?? MOST_CLASSES
  if (names.length > most)
    throw new InputError({
      ...{ code: 'LABEL_OUT_OF_RANGE', file: at.file, field: at.field, found: `${names.length} names` },
      expected: `${most} at most`,
      remedy:
        said === undefined ? 'Check that these are classes.' : 'Give the option classes as many, or leave it out.',
    })
  const numbers = new Map(names.map((name, label) => [name, label]))
  const labels = given.map((name) => numbers.get(String(name)) as number)
  // Those without a recording have no names.
  const classNames = said === undefined || said === names.length ? { classNames: names } : {}
  return { labels, classes: said ?? names.length, ...classNames }
}

function numbered(labels: readonly number[], said: number | undefined, at: LabelPlace): NumberedLabels {
  const highest = (said ?? MOST_CLASSES) - 1
  const seen = new Set<number>()
  for (const [recording, label] of labels.entries()) {
    if (!(Number.isInteger(label) && label >= 0 && label <= highest))
      throw outOfRange(at, recording, String(label), `an integer from 0 to ${highest}`)
    seen.add(label)
  }
  if (said !== undefined) return { labels, classes: said }
  const classes = Math.max(...seen) + 1
  for (let label = 0; label < classes; label++) if (!seen.has(label)) throw hole(at, label, classes)
  return { labels, classes }
}

function outOfRange({ place }: LabelPlace, recording: number, found: string, expected: string): InputError {
  const remedy = 'Number the classes from 0, or give them names.'
  return new InputError({ code: 'LABEL_OUT_OF_RANGE', ...place(recording), found, expected, remedy })
}

function hole({ file, field }: LabelPlace, label: number, classes: number): InputError {
  return new InputError({
    code: 'LABEL_HOLE',
    ...{ file, field },
    found: `no recording of class ${label}`,
    expected: `one of every class from 0 to ${classes - 1}, the highest`,
    remedy:
      'Number the classes from 0 without holes, give them names, or say with the option classes how many there are.',
  })
}
