import { describeValue } from './describe-value.js'

/** Longest text of what was thrown that an error repeats. */
const MOST_CHARACTERS = 2000

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
    const text = typeof message === 'string' ? shortened(message) : describeValue(message)
    return naming === 'alone' ? text : `${typeof name === 'string' ? shortened(name) : 'Error'}: ${text}`
  } catch {
    return 'something that cannot be looked at'
  }
}

function shortened(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text
  return `${text.slice(0, MOST_CHARACTERS)}… (${text.length} characters)`
}
