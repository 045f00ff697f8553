import { oneLine } from '../../events/printable.js'
import { describeValue } from './describe-value.js'

/** Of what is thrown: the error that repeats it says more. */
const MOST_CHARACTERS = 1000

/**
 * What the code of a user has thrown, for an error that tells of it: what it says of itself, or what it is. Whatever it is,
 * looking at it raises nothing.
 *
 * @param naming whether an error is told with its name
 */
export function describeThrown(thrown: unknown, naming: 'with its name' | 'alone' = 'alone'): string {
  try {
    if (!(thrown instanceof Error)) return describeValue(thrown)
    const { name, message }: { readonly name: unknown; readonly message: unknown } = thrown
    const text = typeof message === 'string' ? oneLine(message, MOST_CHARACTERS) : describeValue(message)
    return naming === 'alone' ? text : `${typeof name === 'string' ? oneLine(name) : 'Error'}: ${text}`
  } catch {
    return 'something that cannot be looked at'
  }
}
