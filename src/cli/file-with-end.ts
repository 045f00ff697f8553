import { InputError } from '../events/errors.js'
import { describeValue } from '../network/reading/describe-value.js'

/**
 * Which of some ends the name of a file has.
 *
 * Raises `InputError` FLAG_VALUE for none of them.
 */
export function fileWithEnd<End extends string>(flag: string, path: string, ends: readonly End[]): End {
  const end = ends.find((each) => path.toLowerCase().endsWith(`.${each}`))
  if (end !== undefined) return end
  throw new InputError({
    code: 'FLAG_VALUE',
    field: flag,
    found: describeValue(path),
    expected: `the name of a file that ends in ${ends.map((each) => `.${each}`).join(' or ')}`,
  })
}
