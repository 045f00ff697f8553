import { AntidromeError, InputError, InternalError, type Mistake, RunError } from './errors.js'
import { messageOf } from './message-of.js'
import { oneLine } from './printable.js'

/** An error as plain data, to be handed to another process. */
export interface ErrorRecord {
  /** The nearest of our classes; `Error` for what is none of ours. */
  readonly kind: 'InputError' | 'RunError' | 'InternalError' | 'Error'
  /** Name of the class it really had, such as `LinkError`. */
  readonly name: string
  /** Empty for an error that is none of ours. */
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, string | number>>
  /** Of an `InputError`, without its cause. */
  readonly mistake: Omit<Mistake, 'cause'> | null
  /** Of a `RunError` that knows what to do. */
  readonly remedy?: string
  /** Message of the cause; null if there is none. */
  readonly cause: string | null
  /** Stack trace; null for mistakes of the user and failed runs, where it tells nothing. */
  readonly stack: string | null
}

/** What is known of an error, as plain data; anything that was thrown is one. */
export function recordOfError(error: unknown): ErrorRecord {
  if (!(error instanceof AntidromeError)) {
    const { name, message, stack = null } = error instanceof Error ? error : new Error(String(error))
    return { kind: 'Error', name, code: '', message, details: {}, mistake: null, cause: causeOf(error), stack }
  }
  const { name, code, message, details } = error
  const known = { name, code, message, details: { ...details }, cause: causeOf(error) }
  if (error instanceof InputError) {
    const { cause: _, ...mistake } = error.mistake
    return { kind: 'InputError', ...known, mistake, stack: null }
  }
  if (error instanceof RunError) {
    const { remedy } = error
    return { kind: 'RunError', ...known, mistake: null, ...(remedy === null ? {} : { remedy }), stack: null }
  }
  return { kind: 'InternalError', ...known, mistake: null, stack: error.stack ?? null }
}

/**
 * The error that a record tells of: the same class, code, message and details; its cause has only a message left.
 *
 * A subclass of `RunError` comes back as a `RunError` of that name, a class that this process need not know as an `Error`.
 */
export function errorOfRecord(record: ErrorRecord): Error {
  const { kind, name, code, message, details, mistake, remedy, cause, stack } = record
  const reason = cause === null ? {} : { cause: new Error(oneLine(cause)) }
  const error = create()
  // The constructors of some classes add words to the message, which it already has.
  error.message = oneLine(message)
  if (error.name !== name) error.name = oneLine(name, MOST_OF_NAME)
  if (stack !== null) error.stack = stack
  return error

  function create(): Error {
    switch (kind) {
      case 'InputError':
        return new InputError({ code, field: '', found: '', expected: '', ...mistake, ...reason })
      case 'RunError':
        return new RunError({
          code,
          message,
          details: { ...details },
          ...(remedy === undefined ? {} : { remedy }),
          ...reason,
        })
      case 'InternalError':
        return new InternalError(message, { ...details })
      case 'Error':
        return new (BUILT_IN.find((known) => known.name === name) ?? Error)(oneLine(message), reason)
    }
  }
}

/** Of the class of an error that another process tells of. */
const MOST_OF_NAME = 100

/** Classes of the language, which every process has. */
const BUILT_IN: readonly ErrorConstructor[] = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]

function causeOf(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause === undefined) return null
  return messageOf(cause)
}
