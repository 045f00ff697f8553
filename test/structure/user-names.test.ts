import { describe, expect, test } from 'vitest'
import { readSourceTree } from '../support/source-tree.js'
import { BY_NAME, namesLookedUp } from '../support/user-names.js'

/** Each looks a name up that may be anything. */
const PLANTED: readonly string[] = [
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
const ALLOWED: readonly string[] = [
  'export const x = (list: readonly [string, number][]) => Object.fromEntries(list)',
  'export const x = (r: readonly number[], k: number) => r[k]',
  'export const x = (r: Float64Array, k: number | undefined) => r[k as number]',
  "export const x = (r: { readonly a: number; readonly b: number }, k: 'a' | 'b') => r[k]",
  "export const x = (r: Record<string, number>) => r['output']",
  'export const x = (r: Map<string, number>, name: string) => r.get(name)',
  "export const x = (r: object) => 'name' in r",
  'export const x = (r: Record<string, number>) => Object.entries(r)',
  'export const x = (name: string, value: number) => ({ [name]: value })',
  `import { byName, entryOf } from './by-name.js'\nexport const x = (name: string) => entryOf(byName([[name, 1]]), name)`,
]

const planted = PLANTED.map((text, k) => ({ path: `events/planted-${k}.ts`, text }))
const allowed = ALLOWED.map((text, k) => ({ path: `events/allowed-${k}.ts`, text }))

describe('a name that somebody gave', () => {
  const files = readSourceTree(new URL('../../src', import.meta.url))
  const found = namesLookedUp([...files, ...planted, ...allowed])

  test(`is looked up by ${BY_NAME} alone`, () => {
    expect(files.map(({ path }) => path)).toContain(BY_NAME)
    expect(found.filter(({ path }) => !/-\d+\.ts$/.test(path))).toEqual([])
  })

  test.each(planted)('is seen where it is looked up otherwise: $text', ({ path }) => {
    expect(found.filter((violation) => violation.path === path)).toHaveLength(1)
  })

  test.each(allowed)('is not seen in $text', ({ path }) => {
    expect(found.filter((violation) => violation.path === path)).toEqual([])
  })
})
