import { InternalError } from '../../../events/errors.js'

/** What an actor remembers, as it says: lists of numbers, or of a list of numbers per unit. */
export type ActorState = Readonly<Record<string, ArrayLike<number> | ArrayLike<ArrayLike<number>>>>

/** The same as it is told again: a list per unit where there was one. */
export type ResumedState = Readonly<Record<string, Float64Array | readonly Float64Array[]>>

/** Columns of one number per unit, or of a whole actor lists of any length. */
export type ActorColumns = Readonly<Record<string, Float64Array>>

/** What is wrong with a state. */
export class StateMistake extends Error {}

/** Where a unit's list has ended. */
const NOTHING = Number.NaN

/**
 * The state of the units of a slice as columns that can be cut and merged unit by unit: the lists that units have one each
 * of become columns `name[0]`, `name[1]`, …, as many as the longest list has numbers, but at least one.
 *
 * Raises `StateMistake`.
 */
export function stateColumns(state: ActorState, size: number, whole: boolean): ActorColumns {
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, list]) => {
      if (typeof list !== 'object' || list === null || typeof list.length !== 'number')
        throw new StateMistake(`"${name}", which is no list of numbers`)
      if (!whole && list.length !== size)
        throw new StateMistake(`${list.length} entries of "${name}" for ${size} units`)
      if (list.length === 0 || typeof list[0] === 'number') return [[name, numbers(name, list as ArrayLike<number>)]]
      if (whole) throw new StateMistake(`lists within "${name}" of an actor that is whole`)
      return columnsOf(
        name,
        Array.from(list as ArrayLike<ArrayLike<number>>, (each) => numbers(name, each)),
      )
    }),
  )
}

/** The state that columns were made of. */
export function stateOf(columns: ActorColumns): ResumedState {
  const lists = new Map<string, Float64Array[]>()
  const plain: [string, Float64Array][] = []
  for (const [column, values] of Object.entries(columns)) {
    const place = /^(.*)\[(\d+)\]$/s.exec(column)
    if (place === null) plain.push([column, values.slice()])
    else {
      const [, name = '', index] = place
      const own = lists.get(name) ?? []
      own[Number(index)] = values
      lists.set(name, own)
    }
  }
  const perUnit = [...lists].map(([name, own]) => {
    const units = own[0]?.length
    if (units === undefined) throw new InternalError(`A state lacks "${name}[0]".`)
    return [name, Array.from({ length: units }, (_, unit) => listOf(own, unit))] as const
  })
  return Object.fromEntries([...plain, ...perUnit])
}

function listOf(columns: readonly Float64Array[], unit: number): Float64Array {
  return Float64Array.from(columns.map((column) => column[unit] as number)).filter((value) => !Number.isNaN(value))
}

function columnsOf(name: string, lists: readonly Float64Array[]): readonly (readonly [string, Float64Array])[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 1)
  return Array.from({ length: longest }, (_, k) => {
    return [`${name}[${k}]`, Float64Array.from(lists, (list) => list[k] ?? NOTHING)] as const
  })
}

function numbers(name: string, list: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(typeof list === 'object' && list !== null ? list : [NOTHING])
  if (values.some(Number.isNaN) || name.endsWith(']'))
    throw new StateMistake(`"${name}", of which something is no number, or whose name ends with a bracket`)
  return values
}
