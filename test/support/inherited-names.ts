import type { Network } from '../../src/network/description/network.js'

const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/

/** Names that a group may have and that every object answers to, and more that mean something to JavaScript. */
export const INHERITED: readonly string[] = Object.getOwnPropertyNames(Object.prototype).filter((name) =>
  NAME.test(name),
)
export const TELLING: readonly string[] = ['prototype', 'length', 'then', 'toJSON', 'name', 'apply', 'call', 'next']

/** What groups and projections are called instead. */
export type Renaming = ReadonlyMap<string, string>

/** New names for all groups, and then for the projections, in the order given. */
export function renamingOf({ groups, projections }: Network, names: readonly string[]): Renaming {
  const old = [...groups.map(({ name }) => name), ...projections.map(({ key }) => key)]
  return new Map(old.map((name, k) => [name, names[k] ?? `more-${k}`]))
}

/** A value with every key and every text that is a name replaced. */
export function renamed<Value>(value: Value, names: Renaming): Value {
  const again = (part: unknown): unknown => {
    if (typeof part === 'string') return names.get(part) ?? part
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return part
    if (Array.isArray(part)) return part.map(again)
    return Object.fromEntries(Object.entries(part).map(([key, field]) => [names.get(key) ?? key, again(field)]))
  }
  return again(value) as Value
}
