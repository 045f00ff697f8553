import type { Layout, Place } from './schema/layout.js'

/** Views of a kernel's memory. */
export interface MemoryViews {
  readonly f64: Float64Array
  readonly i32: Int32Array
}

/** Writes numbers of the record at an address; each keeps as many of its lowest bits as the field has. */
export function writeFields<Name extends string>(
  { f64, i32 }: MemoryViews,
  layout: Layout<string, Name>,
  address: number,
  fields: Readonly<Partial<Record<NoInfer<Name>, number>>>,
): void {
  const values: readonly number[] = Object.values(fields)
  // Every run writes dozens of fields: `Object.entries` would make an array for each.
  Object.keys(fields).forEach((name, k) => {
    const value = values[k] as number
    const { at, kind } = placeOf(layout, name)
    const word = (address + at) / 4
    if (kind === 'f64') f64[word / 2] = value
    else i32[word] = value
    if (kind === 'u64') i32[word + 1] = Math.floor(value / 2 ** 32)
  })
}

/** Reads a number of the record at an address. */
export function readField<Name extends string>(
  { f64, i32 }: MemoryViews,
  layout: Layout<string, Name>,
  address: number,
  name: NoInfer<Name>,
): number {
  const { at, kind } = placeOf(layout, name)
  const word = (address + at) / 4
  if (kind === 'f64') return f64[word / 2] as number
  const low = i32[word] as number
  if (kind === 'i32' || kind === 'bool') return low
  return kind === 'u64' ? (low >>> 0) + ((i32[word + 1] as number) >>> 0) * 2 ** 32 : low >>> 0
}

/** What is put together from parts may have names that no field has. */
function placeOf({ numbers }: Layout, name: string): Place {
  const place = numbers.get(name)
  if (place === undefined) throw new RangeError(`the record has no field "${name}"`)
  return place
}
