import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { readNumbers } from '../../network/reading/read-list.js'
import { readNonNegative } from '../../network/reading/read-number.js'
import { wrongShape, wrongType } from '../../network/reading/wrong-value.js'
import type { SpikesOf } from './spike-nets.js'

/** Spikes by the name of the group: one number for every unit, or one of each. */
export type SpikesPerUnit = Readonly<Record<string, number | ArrayLike<number>>>

/** Maximum number of parts of a spike: numbers that are not whole are counted in parts, so that all sums are whole. */
const PARTS = 1024

/**
 * Maximum number of spikes, or parts of them, of all units together: sums of packets times links then stay whole
 * numbers below 2^53 on the maximum number of cores of a search, 2^12, which are as many links apart.
 */
export const MOST_SPIKES = 2 ** 29

/** Raises `InputError`: `GROUP_UNKNOWN`, `SHAPE_MISMATCH`, `OPTION_OUT_OF_RANGE`, `FIELD_TYPE`. */
export function readSpikes({ groups }: Pick<Network, 'groups'>, given: SpikesPerUnit): SpikesOf {
  const known = readPerUnit({ groups }, given, 'options.spikes')
  const sums = groups.map(({ name, size }) => known.get(name)?.reduce((sum, each) => sum + each, 0) ?? size)
  const total = sums.reduce((sum, each) => sum + each, 0)
  if (total > MOST_SPIKES) throw tooMany(groups[sums.indexOf(Math.max(...sums))]?.name ?? '', total)
  let parts = [...known.values()].every((spikes) => spikes.every(Number.isInteger)) ? 1 : PARTS
  while (parts * total > MOST_SPIKES) parts /= 2
  return (group, unit) => Math.round(parts * (known.get(group)?.[unit] ?? 1))
}

/** @param group that has most of them */
function tooMany(group: string, total: number): InputError {
  return new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field: `options.spikes.${group}`,
    found: `${total} spikes of all units together, most of them here`,
    expected: `at most ${MOST_SPIKES}`,
    remedy: 'Give the spikes of a shorter run: a placement depends on nothing but how they compare.',
  })
}

/** A number for each unit of the groups that are named. Raises `InputError` as `readSpikes` does. */
export function readPerUnit(
  { groups }: Pick<Network, 'groups'>,
  given: SpikesPerUnit,
  place: string,
): ReadonlyMap<string, Float64Array> {
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  return new Map(
    Object.entries(given).map(([group, perUnit]) => {
      const field = `${place}.${group}`
      const size = sizes.get(group)
      if (size === undefined) throw unknownGroup(field, group, [...sizes.keys()])
      if (typeof perUnit === 'number') return [group, new Float64Array(size).fill(readNonNegative(perUnit, field))]
      const isList = Array.isArray(perUnit) || ArrayBuffer.isView(perUnit)
      if (!isList) throw wrongType(perUnit, field, `a number, or a list of ${size}, one per unit`)
      const numbers = Float64Array.from(readNumbers(perUnit, field))
      if (numbers.length !== size) throw wrongShape(field, `${numbers.length} numbers`, `${size}, one per unit`)
      numbers.forEach((each, unit) => {
        readNonNegative(each, `${field}[${unit}]`)
      })
      return [group, numbers]
    }),
  )
}

function unknownGroup(field: string, group: string, groups: readonly string[]): InputError {
  return new InputError({
    code: 'GROUP_UNKNOWN',
    field,
    found: JSON.stringify(group),
    expected: `one of ${groups.join(', ')}`,
  })
}
