import { FOLDER } from './public-fixtures.js'

/** How a function of the package is called as it is meant, so that everything else can be tried. */
export interface PublicCall {
  /** Made anew for every call; its arguments as they should be. */
  readonly args: () => readonly unknown[] | Promise<readonly unknown[]>
  /** Which argument is a record of options, and a name that is nearly one of them. */
  readonly misspelt?: { readonly at: number; readonly name: string; readonly meant: string }
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
