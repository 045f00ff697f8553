import { oneLine } from './printable.js'

/** Of the code of an error that another process tells of. */
const MOST_OF_CODE = 100

/**
 * What every error of antidrome carries: a stable code, the ids involved, and what to do.
 *
 * Its message may repeat what others wrote: names, cells of files, replies of other machines. Each such text is on one line
 * of it, visible and bounded (`oneLine`), so that a message can be printed as it is.
 */
export abstract class AntidromeError extends Error {
  /** Each class states its own, because the build shortens the names of classes. */
  static override readonly name: string = 'AntidromeError'
  /** Stable, machine-readable, in capitals with underscores; never reworded. */
  readonly code: string
  /** Names and numbers the message speaks of (group, unit, field, …). */
  readonly details: Readonly<Record<string, string | number>>

  protected constructor(code: string, message: string, details: Record<string, string | number>, cause?: unknown) {
    const behind = causeOf(code, cause)
    super(message, behind === undefined ? undefined : { cause: behind })
    this.name = new.target.name
    this.code = oneLine(code, MOST_OF_CODE)
    this.details = Object.freeze({ ...details })
    hide(this, 'details', this.details)
  }
}

/** The same error in other words tells nothing more: what stands behind it does. */
function causeOf(code: string, cause: unknown): unknown {
  return isOurs(cause) && cause.code === code ? cause.cause : cause
}

/** What code of users throws may refuse to be looked at. */
function isOurs(cause: unknown): cause is AntidromeError {
  try {
    return cause instanceof AntidromeError
  } catch {
    return false
  }
}

/** A property that is read but not printed: a printed error has its facts in the message. */
function hide(error: AntidromeError, name: string, value: unknown): void {
  Object.defineProperty(error, name, { value, enumerable: false })
}

export interface Mistake {
  readonly code: string
  /** The file it was found in, when there is one. */
  readonly file?: string
  /** The place: a JSON path such as `groups[1].tauMem`, or a flag such as `--until`. */
  readonly field: string
  readonly found: string
  readonly expected: string
  /** What to do, as an imperative sentence. */
  readonly remedy?: string
  /** More of that, each a line of its own. */
  readonly further?: readonly string[]
  readonly cause?: unknown
}

/** What to do about a mistake, as its message says it; undefined where nothing is known to help. */
export function remedyOf({ remedy, further = [] }: Pick<Mistake, 'remedy' | 'further'>): string | undefined {
  return remedy === undefined ? undefined : [remedy, ...further].map((line) => oneLine(line)).join('\n')
}

/** A mistake in what the user handed over: a file, a flag, an argument. The command exits with 2. */
export class InputError extends AntidromeError {
  static override readonly name: string = 'InputError'
  readonly mistake: Mistake

  constructor(mistake: Mistake) {
    const { code, file, field, found, expected, cause } = mistake
    const remedy = remedyOf(mistake)
    const place = file === undefined ? oneLine(field) : `${oneLine(file)}: ${oneLine(field)}`
    const what = `found ${oneLine(found)}, expected ${oneLine(expected)}.`
    const message = `${place}: ${what}${remedy === undefined ? '' : ` ${remedy}`}`
    super(code, message, { ...(file === undefined ? {} : { file }), field, found, expected }, cause)
    this.mistake = mistake
    hide(this, 'mistake', mistake)
  }

  /** The same mistake, now that the file is known. */
  inFile(file: string): InputError {
    return new InputError({ ...this.mistake, file, cause: this })
  }
}

export interface Failure {
  readonly code: string
  readonly message: string
  readonly details?: Record<string, string | number>
  readonly remedy?: string
  readonly cause?: unknown
}

/** A run that could not go on although its description was valid. The command exits with 1. */
export class RunError extends AntidromeError {
  static override readonly name: string = 'RunError'
  /** What to do, which the message ends with; null where nothing is known to help. */
  readonly remedy: string | null

  constructor({ code, message, details = {}, remedy, cause }: Failure) {
    const [what, help] = [oneLine(message), remedy === undefined ? null : oneLine(remedy)]
    super(code, help === null ? what : `${what} ${help}`, details, cause)
    this.remedy = help
    hide(this, 'remedy', this.remedy)
  }
}

/** A bug of antidrome itself, never a mistake of the user's. */
export class InternalError extends AntidromeError {
  static override readonly name: string = 'InternalError'
  constructor(message: string, details: Record<string, string | number> = {}) {
    super('INTERNAL', `${oneLine(message)} This is a bug in antidrome; please report it.`, details)
  }
}
