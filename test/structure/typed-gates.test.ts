import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { createProgramOf, findFloatingPromises } from '../support/floating-promises.js'
import { namesLookedUp } from '../support/user-names.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const HEAD = `
declare function work(): Promise<number>
declare function mayWork(): Promise<void> | undefined
declare function either(work: () => Promise<void>): Promise<void>
declare function either(work: () => void): void
declare function same<T>(value: T): T
declare const desk: { open?(): PromiseLike<void>; readonly then: number }
declare const isReady: boolean
declare const all: Promise<void>[]
export {}
`

const DROPPED = [
  'work()',
  'mayWork()',
  'new Promise(() => undefined)',
  'all[0]',
  'work().then(() => 3)',
  'work().finally(() => 3)',
  'work().then(() => 3).finally(() => 3)',
  'work().catch()',
  'work().catch(() => 3).then(() => work())',
  'same(work())',
  'either(async () => undefined)',
  'Promise.all(all)',
  'all.map(async () => 3)',
  'desk.open?.()',
  'desk.open?.call(desk)',
  '(work())',
  'isReady && work()',
  'isReady ? undefined : work()',
  'isReady, work()',
  '(async () => 3)()',
  'async function later() {\n  work()\n  await work()\n}',
  'setTimeout(() => {\n  work()\n})',
  'class A { async open() { this.close() }\n async close() {} }',
  'async function expect(): Promise<{ rejects: { toThrow(): Promise<void> } }> { throw 3 }\n(await expect()).rejects.toThrow()',
]

const HANDLED = [
  'await work()',
  'void work()',
  'await Promise.all(all)',
  'work().catch(() => 3)',
  'work().then(() => 3, () => 3)',
  'work().then(() => 3).catch(() => 3)',
  'work().then(() => 3, () => 3).finally(() => 3)',
  'isReady && void work()',
  'isReady && (await work())',
  'const kept = work()',
  'let kept; kept = work()',
  'desk',
  'same(3)',
  'all.push(same(work().then(() => undefined)))',
  'either(() => undefined)',
  'async function later() { return work() }',
  'setTimeout(() => work())',
]

/** Each looks a name up that may be anything. */
const LOOKED_UP: readonly string[] = [
  'export const x = (r: Record<string, number>, name: string) => r[name]',
  'export const x = (r: Record<string, number> | null, name: string) => r?.[name] ?? 0',
  'export const x = (r: Record<string, number>, g: { readonly name: string }) => r[g.name]',
  'export const x = (r: Record<string, number>, name: string | number) => r[name]',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
  'export const x = (r: Record<string, number>, name: string) => r[`${name}#2`]',
  'export const x = <Name extends string>(r: Record<Name, number>, name: Name) => r[name]',
  'export const x = <T extends object>(r: T, name: keyof T & string) => r[name]',
  'export const x = (names: readonly string[]) => { const r: Record<string, number> = {}; for (const n of names) r[n] = 1; return r }',
  'export const x = (r: object, name: string) => name in r',
  'export const x = (r: Record<string, number>, name: string) => { const { [name]: y } = r; return y }',
  'const R = { a: 1 }\nexport const x = (name: string) => R[name as keyof typeof R]',
]

/** None of them does. */
const NOT_LOOKED_UP: readonly string[] = [
  'export const x = (list: readonly [string, number][]) => Object.fromEntries(list)',
  'export const x = (r: readonly number[], k: number) => r[k]',
  'export const x = (r: Float64Array, k: number | undefined) => r[k as number]',
  "export const x = (r: { readonly a: number; readonly b: number }, k: 'a' | 'b') => r[k]",
  "export const x = (r: Record<string, number>) => r['output']",
  'export const x = (r: Map<string, number>, name: string) => r.get(name)',
  "export const x = (r: object) => 'name' in r",
  'export const x = (r: Record<string, number>) => Object.entries(r)',
  'export const x = (name: string, value: number) => ({ [name]: value })',
  `import { byName, entryOf } from '../src/events/by-name.js'\nexport const x = (name: string) => entryOf(byName([[name, 1]]), name)`,
]

/** By their paths. */
const textsOf = (kind: string, texts: readonly string[], head = ''): ReadonlyMap<string, string> =>
  new Map(texts.map((text, k) => [`${ROOT}planted/${kind}-${k}.ts`, head + text] as const))

const dropped = textsOf('dropped', DROPPED, HEAD)
const handled = textsOf('handled', HANDLED, HEAD)
const lookedUp = textsOf('looked-up', LOOKED_UP)
const notLookedUp = textsOf('not-looked-up', NOT_LOOKED_UP)

/** One program for all of them: what takes long is to read the library of the language. */
const program = createProgramOf(
  [],
  {
    ...{ target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts'], types: [] },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    ...{ strict: true, noUncheckedIndexedAccess: true },
  },
  new Map([...dropped, ...handled, ...lookedUp, ...notLookedUp]),
)
const named = (texts: ReadonlyMap<string, string>, head = '') =>
  Array.from(texts, ([path, text]) => [text.slice(head.length), path] as const)

describe('a dropped promise', () => {
  const isLooked = (file: string) => dropped.has(file) || handled.has(file)
  const found = findFloatingPromises(program, isLooked).map(({ path }) => path)

  test.each(named(dropped, HEAD))('is found in %j', (_, path) => {
    expect(found.filter((each) => each === path)).toHaveLength(1)
  })

  test.each(named(handled, HEAD))('is not in %j', (_, path) => {
    expect(found).not.toContain(path)
  })
})

describe('a name that somebody gave', () => {
  const isLooked = (file: string) => lookedUp.has(file) || notLookedUp.has(file)
  const found = namesLookedUp(program, isLooked).map(({ path }) => path)

  test.each(named(lookedUp))('is seen where it is looked up by itself: %j', (_, path) => {
    expect(found.filter((each) => each === path)).toHaveLength(1)
  })

  test.each(named(notLookedUp))('is not seen in %j', (_, path) => {
    expect(found).not.toContain(path)
  })
})
