import { type Readers, readFields, requireFields } from '../../network/reading/read-fields.js'
import type { Reader } from '../../network/reading/read-value.js'

/** One reader for every field of a part of a profile; fields may be null. */
export type PartReaders<Fields> = { readonly [Name in keyof Fields]-?: Reader<Fields[Name]> }

/** A record some of whose fields may be left out. */
export function recordWith<Fields extends object>(
  readers: PartReaders<Fields>,
  defaults: Partial<Fields>,
): Reader<Fields> {
  const all = readers as Readers<Fields>
  const names = Object.keys(readers) as (keyof Fields & string)[]
  return (value, field) => {
    const given = { ...defaults, ...readFields<Fields>(value, field, all) }
    return requireFields<Fields, keyof Fields & string>(given, all, names, field) as Fields
  }
}

/** A record of figures; what is left out is unknown. */
export function figuresOf<Fields extends object>(readers: PartReaders<Fields>): Reader<Fields> {
  const unknown = Object.fromEntries(Object.keys(readers).map((name) => [name, null])) as Partial<Fields>
  return recordWith(readers, unknown)
}
