import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { describeValue, eitherOf } from './describe-value.js'
import { suggestionFor } from './nearest-name.js'
import { fieldIn, refuseUnknown } from './read-fields.js'
import { type Fields, type Reader, readRecord } from './read-value.js'

/** For every kind one reader for each of its fields, which is asked about those that are not there, too. */
export type Variants<Value, Tag extends keyof Value> = {
  readonly [Kind in Value[Tag] & string]: {
    readonly [Name in Exclude<keyof Extract<Value, { readonly [_ in Tag]: Kind }>, Tag>]-?: Reader<
      Extract<Value, { readonly [_ in Tag]: Kind }>[Name]
    >
  }
}

/** What is read, and undefined if nothing is there. */
export function optional<Value>(reader: Reader<Value>): Reader<Value | undefined> {
  return (value, field) => (value === undefined ? undefined : reader(value, field))
}

/** What is read, or the default if nothing is there. */
export function withDefault<Value>(reader: Reader<Value>, otherwise: NoInfer<Value>): Reader<Value> {
  return (value, field) => reader(value === undefined ? otherwise : value, field)
}

/**
 * A record of one of several kinds, which its field `tag` names: the fields of that kind and no others.
 *
 * Raises `InputError` FIELD_TYPE, FIELD_UNKNOWN, the code for a kind that there is not, and what the readers raise.
 *
 * @param unknown the code, and what else is expected in other places
 */
export function variantOf<Value extends object, Tag extends keyof Value & string>(
  tag: Tag,
  variants: Variants<Value, Tag>,
  unknown: { readonly code: string; readonly elsewhere?: string },
): Reader<Value> {
  const kinds = Object.keys(variants)
  return (value, field) => {
    const record = readRecord(value, field)
    const kind = entryOf(record, tag)
    const readers =
      typeof kind === 'string' ? entryOf<Readonly<Record<string, Reader<unknown>>>>(variants, kind) : undefined
    if (readers === undefined)
      throw new InputError({
        code: unknown.code,
        field: fieldIn(field, tag),
        found: describeValue(kind),
        expected: eitherOf(kinds) + (unknown.elsewhere ?? ''),
        ...suggestionFor(kind, kinds),
      })
    refuseUnknown(record, [tag, ...Object.keys(readers)], field)
    return { [tag]: kind, ...readEvery(record, readers, field) } as Value
  }
}

/** A record of one kind alone: its fields and no others; readers are asked as with `variantOf`. */
export function formOf<Value extends object>(
  readers: {
    readonly [Name in keyof Value]-?: Reader<Value[Name]>
  },
): Reader<Value> {
  return (value, field) => {
    const record = readRecord(value, field)
    refuseUnknown(record, Object.keys(readers), field)
    return readEvery(record, readers, field) as Value
  }
}

function readEvery(record: Fields, readers: Readonly<Record<string, Reader<unknown>>>, field: string): Fields {
  const fields = Object.entries(readers)
    .map(([name, read]) => [name, read(entryOf(record, name), fieldIn(field, name))] as const)
    .filter(([, entry]) => entry !== undefined)
  return Object.fromEntries(fields)
}
