import { InternalError } from '../../events/errors.js'
import { isValueArray } from './value-arrays.js'

/** Whether a value is an object of fields that travels as such: no instance of a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * The fields of a record that travel: those that are undefined do not.
 *
 * @throws InternalError for the key `__proto__`, which would change the prototype of whatever it was read into
 */
export function travellingFields(record: Readonly<Record<string, unknown>>): readonly [name: string, field: unknown][] {
  if (Object.hasOwn(record, '__proto__'))
    throw new InternalError('A value holds the key "__proto__", which cannot travel.')
  return Object.entries(record).filter(([, field]) => field !== undefined)
}

/**
 * Why a value from a caller cannot travel, as a clause that names the place; null if it can.
 *
 * @param field what the value is called
 */
export function reasonNotToTravel(value: unknown, field: string, around: readonly unknown[] = []): string | null {
  if (value === null || ['undefined', 'boolean', 'number', 'string'].includes(typeof value)) return null
  if (isValueArray(value)) return null
  if (around.includes(value)) return `${field} holds itself`
  if (!Array.isArray(value) && !isRecord(value)) return `${field} is a ${nameOf(value)}`
  if (Object.hasOwn(value, '__proto__')) return `${field} has the key "__proto__"`
  const entries = Array.isArray(value)
    ? value.map((entry, k): [string, unknown] => [`[${k}]`, entry])
    : Object.entries(value).map(([name, entry]): [string, unknown] => [`.${name}`, entry])
  for (const [name, entry] of entries) {
    const reason = reasonNotToTravel(entry, `${field}${name}`, [...around, value])
    if (reason !== null) return reason
  }
  return null
}

function nameOf(value: unknown): string {
  return typeof value === 'object' ? `${value?.constructor?.name ?? 'nameless'} object` : typeof value
}

/** The error for a value that is neither a record nor anything else that travels. */
export function cannotTravel(value: unknown): InternalError {
  return new InternalError(`A value holds a ${nameOf(value)}, which cannot travel.`)
}
