import { FOLDER } from './public-fixtures.js'

export interface Misspelt {
  readonly at: number
  readonly name: string
  readonly meant: string
}

/** How a function of the package is called as it is meant, so that everything else can be tried. */
export interface PublicCall {
  /** Made anew for every call; its arguments as they should be. */
  readonly args: () => readonly unknown[] | Promise<readonly unknown[]>
  /** Which argument is a record of options, and a name that is nearly one of them. */
  readonly misspelt?: Misspelt
  /** Other arguments that are records of numbers. */
  readonly records?: readonly number[]
  /** What may stand there as well, in the words of `coercedCalls`. */
  readonly allowed?: readonly string[]
  /** What shows a mistake where the call itself only describes. */
  readonly after?: (result: never) => unknown
  /** Arguments that may be anything, or whose absence means something that is too much for a test. */
  readonly free?: readonly number[]
  /** Frees what a call that succeeded has opened. */
  readonly close?: (result: never) => unknown
}

/** Calls of a function, by how its arguments are spoilt. */
export interface SpoiltCall {
  readonly how: string
  readonly args: readonly unknown[]
}

const STRANGERS: Readonly<Record<string, unknown>> = {
  null: null,
  undefined,
  'a number': 42.5,
  // Where a path is meant, nothing is left behind.
  'a string': `${FOLDER}/text`,
  'an empty object': {},
}

/** Every argument, and every option that is given, once as each of the strangers. */
export function spoiltCalls(args: readonly unknown[], free: readonly number[] = []): readonly SpoiltCall[] {
  return args.flatMap((arg, at) => {
    if (free.includes(at)) return []
    const replaced = (value: unknown) => args.map((each, k) => (k === at ? value : each))
    const whole = Object.entries(STRANGERS).map(([what, value]) => ({
      how: `${what} as ${at + 1}.`,
      args: replaced(value),
    }))
    const names = isPlain(arg) ? Object.keys(arg) : []
    const parts = names.flatMap((name) =>
      Object.entries(STRANGERS).map(([what, value]) => ({
        how: `${what} as "${name}" of ${at + 1}.`,
        args: replaced({ ...(arg as object), [name]: value }),
      })),
    )
    return [...whole, ...parts]
  })
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** What is no plain object, though it seems to say the same. */
export function disguises(options: object): Readonly<Record<string, object>> {
  const Getters = class Settings {}
  for (const name of Object.keys(options))
    Object.defineProperty(Getters.prototype, name, { get: () => Reflect.get(options, name) })
  return { Map: new Map(Object.entries(options)), heir: Object.create(options), 'instance with getters': new Getters() }
}

/**
 * Calls some of whose numbers, texts and truths are replaced by what would become the same in a careless place: those that
 * are arguments themselves, and those in records.
 */
export function coercedCalls(args: readonly unknown[], call: PublicCall): readonly SpoiltCall[] {
  const { misspelt, records = [], allowed = [], free = [] } = call
  return args
    .flatMap((arg, at): readonly SpoiltCall[] =>
      coerced(free.includes(at) ? null : arg, at === misspelt?.at || records.includes(at) ? 2 : 0).map(
        ({ how, value }) => ({
          how: `${how} of ${at + 1}.`,
          args: args.map((each, k) => (k === at ? value : each)),
        }),
      ),
    )
    .filter(({ how }) => !allowed.includes(how))
}

interface Coerced {
  readonly how: string
  readonly value: unknown
}

/** @param depth how far to go into records */
function coerced(value: unknown, depth: number): readonly Coerced[] {
  const like = (...values: readonly unknown[]) =>
    values.map((each) => ({ how: Array.isArray(each) ? 'a list' : `a ${typeof each}`, value: each }))
  if (typeof value === 'number') return like(String(value), [value], BigInt(Math.trunc(value)), value === 1)
  if (typeof value === 'boolean') return like(String(value), Number(value))
  if (typeof value === 'string') return like([value])
  if (!isPlain(value) || depth === 0) return []
  return Object.entries(value).flatMap(([name, entry]) =>
    coerced(entry, depth - 1).map(({ how, value: each }) => ({
      how: `${how} as "${name}"`,
      value: { ...value, [name]: each },
    })),
  )
}
