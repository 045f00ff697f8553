/** A subset of `count` units, numbered from 0: bit k % 8 of byte floor(k / 8) says whether unit k is one of them. */
export interface UnitSet {
  readonly count: number
  readonly bits: Uint8Array
}

export function unitSet(count: number, isIn: (unit: number) => boolean): UnitSet {
  const bits = new Uint8Array(bytesOfUnits(count))
  for (let unit = 0; unit < count; unit++)
    if (isIn(unit)) bits[unit >> 3] = (bits[unit >> 3] as number) | (1 << (unit & 7))
  return { count, bits }
}

export function hasUnit({ bits }: UnitSet, unit: number): boolean {
  return ((bits[unit >> 3] as number) & (1 << (unit & 7))) !== 0
}

export function hasAllUnits(set: UnitSet): boolean {
  for (let unit = 0; unit < set.count; unit++) if (!hasUnit(set, unit)) return false
  return true
}

/** Bytes of a set of `count` units. */
export function bytesOfUnits(count: number): number {
  return Math.ceil(count / 8)
}
