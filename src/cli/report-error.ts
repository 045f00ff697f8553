import { AntidromeError, InputError, InternalError } from '../events/errors.js'
import { SeedError } from '../numerics/seed-error.js'
import { Interruption } from './interruption.js'

/** 130, 143 or 129 stopped by a signal, 2 the command line or an input file is wrong, 1 anything else that failed. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interruption) return error.exitCode
  return error instanceof InputError || error instanceof SeedError ? 2 : 1
}

/** The line that tells the user what went wrong, with the code of the error; a bug of ours comes with its stack. */
export function describeError(error: unknown): string {
  if (error instanceof Interruption) return error.message
  if (error instanceof InternalError) return `${error.message} [${error.code}]\n${error.stack ?? ''}`
  if (error instanceof AntidromeError || error instanceof SeedError) return `${error.message} [${error.code}]`
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${what}\nThis is a bug in antidrome; please report it. [UNEXPECTED]`
}
