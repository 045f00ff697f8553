import { InputError } from '../../events/errors.js'
import { describeValue } from '../reading/describe-value.js'
import { isPlain } from '../reading/plain-object.js'

/** What may be handed to a module in another process, and be written into a file. */
export type PlainValue = number | string | boolean | null | readonly PlainValue[] | PlainOptions

/** A plain object of such. */
export interface PlainOptions {
  readonly [name: string]: PlainValue
}

/** Deeper ones are taken for such that contain themselves. */
const MOST_DEPTH = 64

/**
 * A frozen copy of options for a module: finite numbers, texts, truths, null, and lists and plain objects of these. A field
 * that is undefined is absent.
 *
 * Raises `InputError` MODULE_OPTIONS, which names the place.
 */
export function plainOptions(value: unknown, field: string): PlainOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !isPlain(value))
    throw notPlain(value, field)
  return plainObject(value, field, 0)
}

function plainObject(value: object, field: string, depth: number): PlainOptions {
  if (depth > MOST_DEPTH) throw notPlain(value, field, `more than ${MOST_DEPTH} objects within each other`)
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return Object.freeze(
    Object.fromEntries(entries.map(([name, entry]) => [name, plainValue(entry, `${field}.${name}`, depth)])),
  )
}

function plainValue(value: unknown, field: string, depth: number): PlainValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value)) {
    if (depth > MOST_DEPTH) throw notPlain(value, field, `more than ${MOST_DEPTH} lists within each other`)
    // Array.from also visits the holes of sparse lists.
    return Object.freeze(Array.from(value, (entry, k) => plainValue(entry, `${field}[${k}]`, depth + 1)))
  }
  if (typeof value === 'object' && isPlain(value)) return plainObject(value, field, depth + 1)
  throw notPlain(value, field)
}

function notPlain(value: unknown, field: string, found = describeValue(value)): InputError {
  return new InputError({
    code: 'MODULE_OPTIONS',
    field,
    found,
    expected: 'finite numbers, texts, true, false, null, and lists and plain objects of these',
    ...(ArrayBuffer.isView(value) ? { remedy: 'Array.from makes a list of it.' } : {}),
  })
}
