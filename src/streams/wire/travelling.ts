import { InternalError } from '../../events/errors.js'

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

/** What is told of a value that is neither a record nor anything else that travels. */
export function cannotTravel(value: unknown): InternalError {
  const what = typeof value === 'object' ? `${value?.constructor?.name ?? 'nameless'} object` : typeof value
  return new InternalError(`A value holds a ${what}, which cannot travel.`)
}
