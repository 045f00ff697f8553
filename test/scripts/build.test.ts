import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { Clone } from './clone.js'
import '../support/guard.js'

const { withBuildLock } = (await import(new URL('../../scripts/build/build-lock.mjs', import.meta.url).href)) as {
  withBuildLock<Result>(
    file: string,
    work: () => Promise<Result>,
    options: { readonly beat: number; readonly patience: number },
  ): Promise<Result>
}

const { publishDeclarations } = (await import(
  new URL('../../scripts/build/publish-declarations.mjs', import.meta.url).href
)) as {
  publishDeclarations(dist: string, exports: Readonly<Record<string, { types: string; default: string }>>): void
}

test('what is started lies in few files, without comments, that share what they have in common', async () => {
  using clone = new Clone()
  clone.write('src/index.ts', `// A comment.\nexport const shared = Math.random()`)
  clone.write('src/cli/main.ts', `import { shared } from '../index.js'\nexport const own = shared`)
  expect(await clone.build().ended).toMatchObject({ code: 0 })
  const check = `const [a, b] = await Promise.all(['index', 'main'].map((name) => import('./dist/bundle/' + name + '.js')))
    console.log(a.shared === b.own)`
  expect(await clone.run('--input-type=module', '--eval', check).ended).toEqual({ code: 0, out: 'true\n', err: '' })
  const files = readdirSync(`${clone.root}/dist/bundle`)
  expect(files).toHaveLength(3)
  for (const file of files) expect(clone.read(`dist/bundle/${file}`)).not.toContain('A comment')
})

test('of the declarations those are shipped that the entries need, with what is said of them, a file per entry', () => {
  const folder = mkdtempSync(`${tmpdir()}/antidrome-declarations-`)
  const files = {
    'index.d.ts': `export type { Shape as Form } from './shape.js'\nexport * from './area.js'`,
    'shape.d.ts': [
      `import type { Observable } from 'rxjs'`,
      '/** A closed line. */',
      'export interface Shape {',
      '\treadonly sizes$: Observable<Size>',
      '}',
      'export declare const UNUSED: Size',
      'type Size = 1 | 2',
    ].join('\n'),
    'area.d.ts': `import type { Shape as S } from './shape.js'\nexport declare function area(shape: S): import('./size.js').Size`,
    'size.d.ts': '/** In mm². */\nexport type Size = number',
    'data/index.d.ts': `import type { Size } from '../size.js'\nexport { area } from '../area.js'\nexport type Sizes = readonly Size[]`,
  }
  mkdirSync(`${folder}/data`)
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text)
  const entryOf = (types: string, name: string) => ({
    types: `./dist/types/${types}`,
    default: `./dist/bundle/${name}.js`,
  })
  publishDeclarations(folder, { '.': entryOf('index.d.ts', 'index'), './data': entryOf('data/index.d.ts', 'data') })
  expect(readdirSync(`${folder}/types`, { recursive: true }).toSorted()).toEqual([
    'data',
    'data/index.d.ts',
    'index.d.ts',
  ])
  expect(readFileSync(`${folder}/types/index.d.ts`, 'utf8').split('\n')).toEqual([
    `import { Observable } from 'rxjs'`,
    '/** A closed line. */',
    'interface Shape {',
    '\treadonly sizes$: Observable<Size>',
    '}',
    'declare function area(shape: Shape): Size_1',
    'type Size = 1 | 2',
    '/** In mm². */',
    'type Size_1 = number',
    'export { Shape as Form, area, Size_1 }',
    '',
  ])
  expect(readFileSync(`${folder}/types/data/index.d.ts`, 'utf8').split('\n')).toEqual([
    `import { Size_1, area } from '../index.js'`,
    'type Sizes = readonly Size_1[]',
    'export { area, Sizes }',
    '',
  ])
  rmSync(folder, { recursive: true })
})

test('prepare builds nothing without compilers, and packing fails without them', async () => {
  using clone = new Clone()
  clone.remove('node_modules')
  const { code, err } = await clone.script('prepare').ended
  const missing = 'typescript and assemblyscript and esbuild'
  expect([code, err]).toEqual([0, `antidrome: not built, for want of ${missing}\n`])
  const refused = `antidrome: the build failed: for want of ${missing}; run npm ci first\n`
  expect(await clone.script('prepack').ended).toEqual({ code: 1, out: '', err: refused })
  expect(clone.has('dist')).toBe(false)
})

test('a lock whose owner was killed is taken', async () => {
  const folder = mkdtempSync(`${tmpdir()}/antidrome-lock-`)
  writeFileSync(`${folder}/lock`, '')
  expect(await withBuildLock(`${folder}/lock`, async () => 'done', { beat: 1000, patience: 200 })).toBe('done')
  expect(existsSync(`${folder}/lock`)).toBe(false)
  rmSync(folder, { recursive: true })
})

test('a lock whose owner works for longer than others have patience is not', async () => {
  const folder = mkdtempSync(`${tmpdir()}/antidrome-lock-`)
  const order: string[] = []
  const options = { beat: 10, patience: 200 }
  const work = (name: string, ms: number) => async () => {
    order.push(`${name} begins`)
    await new Promise((resolve) => setTimeout(resolve, ms))
    order.push(`${name} ends`)
  }
  const first = withBuildLock(`${folder}/lock`, work('first', 700), options)
  await Promise.all([first, withBuildLock(`${folder}/lock`, work('second', 0), options)])
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
  rmSync(folder, { recursive: true })
})
