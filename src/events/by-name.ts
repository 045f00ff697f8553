/**
 * A record of results by the names of groups or projections. It inherits nothing, so that `record.constructor` is what was
 * named so, or undefined.
 */
export function byName<Value>(entries: Iterable<readonly [name: string, value: Value]>): Record<string, Value> {
  const record = Object.create(null) as Record<string, Value>
  for (const [name, value] of entries) record[name] = value
  return record
}

/**
 * The value of a record under a name from a caller; undefined if there is none, also where the name is that of
 * something every object inherits, such as `constructor`.
 */
export function entryOf<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}
