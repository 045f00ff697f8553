import { oneLine } from '../../events/printable.js'
import { describeValue } from './describe-value.js'

/** Of what is thrown: the error that repeats it says more. */
const MOST_CHARACTERS = 1000

/**
 * Describes what the code of a user has thrown, for the error that reports it: the message of an error, or any other
 * value. Reading the thrown value raises nothing, whatever it is.
 *
 * @param naming whether the text includes the name of an error
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
