import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { publicTypes } from '../support/public-types.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const entries = Object.values<string | { readonly types: string }>(manifest.exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [`${root}${entry.types.slice(2)}`],
)

/** Of declarations as they are built: `node scripts/ready.mjs` brings them up to date. */
describe('the public declarations', () => {
  const found = publicTypes(entries)

  test('name no type that is not exported', () => {
    expect(found.exported).toContain('openCluster')
    expect(found.exported.length).toBeGreaterThan(200)
    expect(found.unexported).toEqual([])
  })

  test('need the types of no package but these', () => {
    expect(found.packages).toEqual(['fast-check', 'rxjs'])
  })
})

type Files = Readonly<Record<string, string>>
const typesOf = (files: Files) =>
  publicTypes(['/index.d.ts', '/more.d.ts'], (file) => ({ '/more.d.ts': 'export {}', ...files })[file])

const SHAPE = 'export interface Shape { readonly size: number }\nexport declare const SHAPES: { readonly round: Shape }'

test.each<[string, Files]>([
  [
    'a parameter',
    { '/index.d.ts': `import type { Shape } from './shape.js'\nexport declare function draw(shape: Shape): void` },
  ],
  ['a result', { '/index.d.ts': `export declare function draw(): Promise<readonly import('./shape.js').Shape[]>` }],
  [
    'a field of an exported type',
    {
      '/index.d.ts': `import type { Shape } from './shape.js'\nexport type * from './a.js'`,
      '/a.d.ts': `import type { Shape } from './shape.js'\nexport interface A { readonly shape?: Shape }`,
    },
  ],
  [
    'what a type extends',
    { '/index.d.ts': `import type { Shape } from './shape.js'\nexport interface A extends Shape {}` },
  ],
  [
    'a member of a class',
    { '/index.d.ts': `import type { Shape } from './shape.js'\nexport declare class A { get shape(): Shape }` },
  ],
  [
    'a bound',
    {
      '/index.d.ts': `import type { Shape } from './shape.js'\nexport declare function draw<S extends Shape>(shape: S): S`,
    },
  ],
  [
    'another entry',
    {
      '/index.d.ts': 'export {}',
      '/more.d.ts': `import type { Shape } from './shape.js'\nexport declare const shape: Shape`,
    },
  ],
])('an unexported type is found in %s', (_, files) => {
  expect(typesOf({ ...files, '/shape.d.ts': SHAPE }).unexported.map(({ name }) => name)).toEqual(['Shape'])
})

test('it is found behind another one, with the way that leads to it', () => {
  const files = {
    '/index.d.ts': `import type { A } from './a.js'\nexport declare const a: A`,
    '/a.d.ts': `import type { SHAPES } from './shape.js'\ninterface Inner { readonly shapes: typeof SHAPES }\nexport type A = Inner | null`,
    '/shape.d.ts': SHAPE,
  }
  expect(typesOf(files).unexported).toEqual([
    { name: 'A', via: 'a' },
    { name: 'Inner', via: 'a > A' },
    { name: 'SHAPES', via: 'a > A > Inner' },
    { name: 'Shape', via: 'a > A > Inner > SHAPES' },
  ])
})

test.each<[string, Files]>([
  [
    'exported under another name',
    {
      '/index.d.ts': `import type { Shape } from './shape.js'\nexport type { Shape as Form } from './shape.js'\nexport declare const a: Shape`,
    },
  ],
  [
    'exported by another entry',
    {
      '/index.d.ts': `import type { Shape } from './shape.js'\nexport declare const a: Shape`,
      '/more.d.ts': `export type * from './shape.js'`,
    },
  ],
  ['a type parameter', { '/index.d.ts': 'export declare function same<Value>(value: Value): Value' }],
  [
    'of a package',
    { '/index.d.ts': `import type { Observable } from 'rxjs'\nexport declare const a: Observable<number>` },
  ],
])('nothing is wrong with a type that is %s', (_, files) => {
  expect(typesOf({ ...files, '/shape.d.ts': SHAPE }).unexported).toEqual([])
})

test('a package is found that a file behind an entry imports', () => {
  const files = {
    '/index.d.ts': `export type { A } from './a.js'`,
    '/a.d.ts': `export interface A {}\nexport type B = import('xstate').StateMachine`,
  }
  expect(typesOf(files).packages).toEqual(['xstate'])
})
