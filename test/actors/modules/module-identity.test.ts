import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { identifyModules, requireSameModules } from '../../../src/actors/modules/module-identity.js'
import { ANY_MODULE } from '../../../src/actors/modules/module-policy.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

type Files = Readonly<Record<string, string>>

const FILES: Files = {
  'main.mjs': `
    import { a } from './lib/a.mjs'
    export * from './lib/b.mjs'
    import data from './data.json' with { type: 'json' }
    import 'node:path'
    export const later = () => import('./later.mjs')
    export const never = (name) => import(name) // './unused.mjs'
    const text = "import './unused.mjs'"`,
  'lib/a.mjs': `import '../main.mjs'; export const a = 1`,
  'lib/b.mjs': `import './a.mjs'; import './deep.mjs'; export const b = 2`,
  'lib/deep.mjs': `import './deeper.mjs'; export const e = 5`,
  'lib/deeper.mjs': 'export const f = 6',
  'data.json': '{ "a": 1 }',
  'later.mjs': 'export const c = 3',
  'unused.mjs': 'export const d = 4',
}

async function hashOf(files: Files, main = 'main.mjs'): Promise<string> {
  await using folder = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true })
    writeFileSync(join(folder.path, name), text)
  }
  const module = pathToFileURL(join(folder.path, main)).href
  const [identity] = await identifyModules([{ module, name: main }], ANY_MODULE)
  return identity?.hash ?? ''
}

describe('the hash of a module', () => {
  test('is the same wherever its files lie, and whatever lies beside them', async () => {
    const hash = await hashOf(FILES)
    expect(hash).toMatch(/^[0-9a-f]{32}$/)
    expect(await hashOf(FILES)).toBe(hash)
    expect(await hashOf({ ...FILES, 'unused.mjs': 'export const d = 5', 'more.mjs': '' })).toBe(hash)
  })

  test.each(['main.mjs', 'lib/a.mjs', 'lib/b.mjs', 'lib/deep.mjs', 'lib/deeper.mjs', 'data.json', 'later.mjs'])(
    'is another one if %s is',
    async (name) => {
      expect(await hashOf({ ...FILES, [name]: `${FILES[name]} ` })).not.toBe(await hashOf(FILES))
    },
  )

  test('knows which file an import leads to', async () => {
    const both = { 'a.mjs': '1', 'b.mjs': '1' }
    const one = await hashOf({ 'main.mjs': `import './a.mjs'; import './a.mjs'`, ...both })
    expect(await hashOf({ 'main.mjs': `import './a.mjs'; import './b.mjs'`, ...both })).not.toBe(one)
  })

  test('follows the imports of TypeScript to what they are made of', async () => {
    const typed = (b: string) => ({
      'main.ts': `import type { T } from './types.js'\nimport { b } from './b.js'\nexport const c = (x: T): T => <T>(x as unknown)`,
      'b.ts': b,
    })
    const hash = await hashOf(typed('export const b: number = 1'), 'main.ts')
    expect(await hashOf(typed('export const b: number = 2'), 'main.ts')).not.toBe(hash)
  })

  test('cannot be had of what is not there', async () => {
    await expect(hashOf({ 'main.mjs': `import './gone.mjs'` })).rejects.toMatchObject({
      code: 'MODULE_FAILED',
      mistake: { field: expect.stringMatching(/gone\.mjs$/) },
    })
  })
})

test('each module of a network is hashed once', async () => {
  const module = import.meta.url
  const own = { module, name: 'a.ts', export: 'a', options: {} }
  const identities = await identifyModules([own, { ...own, name: 'b.ts' }, { ...own, export: 'b' }], ANY_MODULE)
  expect(identities.map(({ name }) => name)).toEqual(['a.ts', 'b.ts'])
  expect(await identifyModules([], ANY_MODULE)).toEqual([])
})

test('other code is refused with both hashes', () => {
  const identity = (hash: string) => ({ module: 'file:///a/router.mjs', name: 'lib/router.mjs', hash })
  requireSameModules([identity('1')], [identity('1'), { ...identity('2'), name: 'other.mjs' }])
  expect(() => requireSameModules([identity('1')], [identity('2')])).toThrow(
    expect.objectContaining({
      code: 'MODULE_DIFFERS',
      message: expect.stringMatching(/lib\/router\.mjs.*hash 1, expected 2/),
      details: { module: 'file:///a/router.mjs', name: 'lib/router.mjs', found: '1', expected: '2' },
    }),
  )
  expect(() => requireSameModules([identity('1')], [])).toThrow(expect.objectContaining({ code: 'MODULE_DIFFERS' }))
})
