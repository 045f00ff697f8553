import { InternalError } from '../../../events/errors.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import { inheritsFields, isPlain } from '../../../network/reading/plain-object.js'

/** What an actor remembers, as it says: lists of numbers, or of a list of numbers per unit. */
export type ActorState = Readonly<Record<string, ArrayLike<number> | ArrayLike<ArrayLike<number>>>>

/** The state as `resume` receives it: a list per unit where there was one. */
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
export function stateColumns(state: unknown, size: number, whole: boolean): ActorColumns {
  return Object.fromEntries(
    Object.entries(requireState(state)).flatMap(([name, list]: [string, unknown]) => {
      // It would be taken for the prototype of whatever it is read into.
      if (name === '__proto__') throw new StateMistake(`"${name}", which is no name of a list`)
      if (!isList(list)) throw new StateMistake(`"${name}", which is no list of numbers`)
      if (!whole && list.length !== size)
        throw new StateMistake(`${list.length} entries of "${name}" for ${size} units`)
      if (list.length === 0 || typeof list[0] === 'number') return [[name, numbers(name, list)]]
      if (whole) throw new StateMistake(`lists within "${name}" of an actor that is whole`)
      return columnsOf(
        name,
        Array.from(list, (each) => numbers(name, each)),
      )
    }),
  )
}

/** What holds its lists in another way than as fields of its own would lose them. */
function requireState(state: unknown): ActorState {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) throw new StateMistake(describeValue(state))
  if (isPlain(state)) return state as ActorState
  if (inheritsFields(state) || Object.keys(state).length === 0) throw new StateMistake(describeValue(state))
  return state as ActorState
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return typeof value === 'object' && value !== null && 'length' in value && typeof value.length === 'number'
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

function numbers(name: string, list: unknown): Float64Array {
  const values = Float64Array.from(isList(list) ? list : [NOTHING], (value: unknown) => {
    return typeof value === 'number' ? value : NOTHING
  })
  if (values.some(Number.isNaN) || name.endsWith(']'))
    throw new StateMistake(`"${name}", of which something is no number, or whose name ends with a bracket`)
  return values
}
