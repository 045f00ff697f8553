import { InputError } from '../../src/events/errors.js'

/** Code and field of the InputError that a call raises; anything else fails. */
export function mistakeOf(call: () => unknown): { code: string; field: string } {
  try {
    call()
  } catch (error) {
    if (error instanceof InputError) return { code: error.code, field: error.mistake.field }
    throw error
  }
  throw new Error('expected an InputError, but nothing was raised')
}
