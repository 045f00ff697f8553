import type { Group } from '../../network/description/network.js'
import { type NumberRule, numberThat, sameNumber } from '../../network/reading/read-number.js'
import { readBoolean } from '../../network/reading/read-value.js'

/** A field of a loss: its reader, and its default. */
export interface LossField<Value> {
  /** Absent: it has to be said. */
  readonly fallback?: Value
  /** Of a field that is more than a number: what a trial has to have for it, and what else one may do. */
  readonly needs?: { readonly what: string; readonly remedy: string }
  /** The value of a loss in memory; raises `InputError`. A number stays the same to the bit. */
  plain(value: unknown, field: string): Value
  /** The value that a file says, for a group; raises `InputError`. */
  parse(value: unknown, field: string, group: Pick<Group, 'size'>): Value
}

/** One per field that a loss has beside its kind and group. */
export type LossFields<Own> = { readonly [Name in Exclude<keyof Own, 'kind' | 'group'>]-?: LossField<Own[Name]> }

/** A number that keeps a rule. */
export function numberField(rule: NumberRule, fallback?: number): LossField<number> {
  return {
    ...(fallback === undefined ? {} : { fallback }),
    plain: sameNumber(rule),
    parse: numberThat(rule),
  }
}

/** A number that is not there where it says nothing, so that a loss without it stays what it was. */
export function spareNumber(rule: NumberRule, nothing = 0): LossField<number | undefined> {
  const read = numberThat(rule)
  const plain = (given: unknown, field: string) => {
    const value = given === undefined ? nothing : read(given, field)
    return value === nothing ? undefined : value
  }
  return { plain, parse: plain }
}

/** A truth that is not there unless it is said to hold; 0 and 1 stand for it where there are numbers alone. */
export const spareTruth: LossField<true | undefined> = {
  plain: (value, field) => (value === undefined ? undefined : readBoolean(value, field) || undefined),
  parse: (value, field) => spareTruth.plain(value === 0 || value === 1 ? value === 1 : value, field),
}

/** The values of fields by name, without those that are not there. */
export function valuesOf(
  values: readonly (readonly [name: string, value: unknown])[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

/** The defaults of the fields. */
export function fallbacksOf<Own>(fields: LossFields<Own>): Partial<Own> {
  const entries = Object.entries<LossField<unknown>>(fields)
  return Object.fromEntries(
    entries.flatMap(([name, { fallback }]) => (fallback === undefined ? [] : [[name, fallback]])),
  ) as Partial<Own>
}
