/** What every error of antidrome carries: a stable code, the ids involved, and what to do. */
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
    this.code = code
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
  readonly cause?: unknown
}

/** A mistake in what the user handed over: a file, a flag, an argument. The command exits with 2. */
export class InputError extends AntidromeError {
  static override readonly name: string = 'InputError'
  readonly mistake: Mistake

  constructor(mistake: Mistake) {
    const { code, file, field, found, expected, remedy, cause } = mistake
    const place = file === undefined ? field : `${file}: ${field}`
    const message = `${place}: found ${found}, expected ${expected}.${remedy === undefined ? '' : ` ${remedy}`}`
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
    super(code, remedy === undefined ? message : `${message} ${remedy}`, details, cause)
    this.remedy = remedy ?? null
    hide(this, 'remedy', this.remedy)
  }
}

/** A bug of antidrome itself, never a mistake of the user's. */
export class InternalError extends AntidromeError {
  static override readonly name: string = 'InternalError'
  constructor(message: string, details: Record<string, string | number> = {}) {
    super('INTERNAL', `${message} This is a bug in antidrome; please report it.`, details)
  }
}
