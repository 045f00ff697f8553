import type { NamedNumbers } from '../../storage/named-numbers.js'

/** Where two runs first differ, and by what; null stands for what is not a number. */
export interface Difference {
  /** Such as `parameters input->hidden weights[12]`. */
  readonly where: string
  readonly reference: number | null
  readonly found: number | null
}

/**
 * The first place at which results are not the same to the last bit; null if there is none.
 *
 * 0 and -0 differ, everything that is not a number is alike. Arrays of two lengths differ in their `length`, and before
 * that in the first value that both have and that is not the same; an array that is missing is an empty one.
 */
export function firstDifference(reference: readonly NamedNumbers[], found: readonly NamedNumbers[]): Difference | null {
  const byName = new Map(found.map(({ name, values }) => [name, values]))
  for (const { name, values } of reference) {
    const difference = differenceOf(name, values, byName.get(name) ?? NOTHING)
    if (difference !== null) return difference
    byName.delete(name)
  }
  for (const [name, values] of byName) {
    const difference = differenceOf(name, NOTHING, values)
    if (difference !== null) return difference
  }
  return null
}

const NOTHING = Object.freeze([]) as ArrayLike<number>

function differenceOf(name: string, reference: ArrayLike<number>, found: ArrayLike<number>): Difference | null {
  const common = Math.min(reference.length, found.length)
  for (let k = 0; k < common; k++) {
    if (Object.is(reference[k], found[k])) continue
    return { where: `${name}[${k}]`, reference: numberOrNull(reference[k]), found: numberOrNull(found[k]) }
  }
  if (reference.length === found.length) return null
  return { where: `${name} length`, reference: reference.length, found: found.length }
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value
}
