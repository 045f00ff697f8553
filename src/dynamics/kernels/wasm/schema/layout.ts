/**
 * How a record lies in a kernel's memory. A schema is plain data that both sides read: TypeScript as it is, the assembly by
 * what scripts/build/assembly-schema.mjs makes of it.
 */

/** A number as the assembly calls its type; a `usize` is an address or a count of bytes, a `bool` a word that is 0 or not. */
export type Kind = 'f64' | 'u64' | 'i32' | 'u32' | 'usize' | 'bool'

/** A field: a number, numbers side by side with a name each (`Part`), or room that only the assembly looks into. */
export interface Field<Part extends string = string> {
  readonly bytes: number
  /** It begins at a multiple of this, a power of two. */
  readonly align: number
  /** Of each number; null for mere room. */
  readonly kind: Kind | null
  /** Names of numbers side by side; empty if there is one, which has the name of the field. */
  readonly parts: readonly Part[]
  /** The kernel writes it, too. */
  readonly isWritten?: true
  /** It is the first of one region per thread: the length of each in bytes, or the field that holds it. */
  readonly perThread?: number | string
  /** It is read from the record of the lane at work, which has the same layout, where there is one per lane. */
  readonly perLane?: true
}

type One = Field<never>

const number = (kind: Kind, bytes: number): One => Object.freeze({ kind, bytes, align: bytes, parts: [] })

export const f64: One = number('f64', 8)
export const u64: One = number('u64', 8)
export const i32: One = number('i32', 4)
export const u32: One = number('u32', 4)
export const usize: One = number('usize', 4)
export const bool: One = number('bool', 4)

/** Two doubles, or two integers of 64 bits, that are loaded at once. */
export const pair: One = Object.freeze({ ...number('f64', 16), kind: null })
/** A double per lane. */
export const lanes: One = Object.freeze({ ...number('f64', 64), kind: null })

/** A pair of doubles that the host knows by two names. */
export function pairOf<const Part extends string>(first: Part, second: Part): Field<Part> {
  return { kind: 'f64', bytes: 16, align: 16, parts: [first, second] }
}

export function written(field: One): One {
  return { ...field, isWritten: true }
}

/** The address of regions of the same length, one per thread. */
export function perThread(bytes: number | string): One {
  return { ...usize, perThread: bytes }
}

/** See `Field`. */
export function perLane(field: One): One {
  return { ...field, perLane: true }
}

/** A field that begins at a multiple of `align` bytes. */
export function alignedTo(align: number, field: One): One {
  return { ...field, align: Math.max(align, field.align) }
}

/** Room for records, one behind the other. */
export function arrayOf({ size, align }: Pick<Layout, 'size' | 'align'>, count: number): One {
  return { kind: null, bytes: size * count, align, parts: [] }
}

/** A number of a record. */
export interface Place {
  /** In bytes from the start of the record. */
  readonly at: number
  readonly kind: Kind
}

export interface PlacedField extends Field {
  readonly name: string
  readonly at: number
}

/** A record whose fields lie one behind the other in the order of the schema; `Name` are those of its numbers. */
export interface Layout<FieldName extends string = string, Name extends string = string> {
  readonly size: number
  readonly align: number
  /** In bytes from the start of the record. */
  readonly at: Readonly<Record<FieldName, number>>
  readonly fields: readonly PlacedField[]
  readonly numbers: ReadonlyMap<Name, Place>
  /** Stands before the names of the fields in the assembly. */
  readonly prefix: string
}

type NumbersOf<Fields> = {
  [Name in keyof Fields & string]: Fields[Name] extends Field<infer Part>
    ? [Part] extends [never]
      ? Name
      : Part
    : never
}[keyof Fields & string]

/** The names of a layout's numbers. */
export type NumberOf<L> = L extends Layout<string, infer Name> ? Name : never

export interface LayoutOptions {
  readonly prefix?: string
  /** The size is a multiple of this; default: of the alignment alone. */
  readonly multipleOf?: number
}

/** Lays fields one behind the other, each at the next place that it may begin at: none can overlap. */
export function layout<const Fields extends Readonly<Record<string, Field>>>(
  fields: Fields,
  { prefix = '', multipleOf = 1 }: LayoutOptions = {},
): Layout<keyof Fields & string, NumbersOf<Fields>> {
  let end = 0
  const placed = Object.entries(fields).map(([name, field]) => {
    const at = roundUp(end, field.align)
    end = at + field.bytes
    return { ...field, name, at }
  })
  const align = Math.max(...placed.map((field) => field.align))
  return Object.freeze({
    size: roundUp(end, Math.max(align, multipleOf)),
    align,
    at: Object.fromEntries(placed.map(({ name, at }) => [name, at])) as Record<keyof Fields, number>,
    fields: placed,
    numbers: new Map(placed.flatMap(numbersOf)) as ReadonlyMap<string, Place> as ReadonlyMap<NumbersOf<Fields>, Place>,
    prefix,
  })
}

function numbersOf({ name, at, kind, bytes, parts }: PlacedField): readonly (readonly [string, Place])[] {
  if (kind === null) return []
  const names = parts.length === 0 ? [name] : parts
  return names.map((part, k) => [part, { at: at + (bytes / names.length) * k, kind }])
}

function roundUp(bytes: number, align: number): number {
  return Math.ceil(bytes / align) * align
}
