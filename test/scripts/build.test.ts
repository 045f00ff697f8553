import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

const FIRST = { 'index.js': '// index 1', 'cli/main.js': '// main 1', 'part.js': '// part 1' }

const built = new Clone()
beforeAll(async () => void (await built.build().ended))
afterAll(() => built[Symbol.dispose]())

test('what lies in dist/ stays there while a build runs, and is replaced when it is done', async () => {
  using clone = new Clone()
  expect(await clone.build().ended).toMatchObject({ code: 0, out: '' })
  expect(clone.dist()).toEqual(FIRST)
  clone.remove('begun')
  const { mtimeMs } = clone.stat('src/data/presets/packaged-texts.ts')
  clone.remove('go')
  clone.remove('src/extra/part.ts')
  clone.write('src/extra/other.ts', '// other 2')
  clone.write('src/index.ts', '// index 2')
  const second = clone.build()
  await second.begun()
  expect(clone.dist()).toEqual(FIRST)
  clone.write('go', '')
  // No moment without the file: looked at as often as a build lets.
  let missing = 0
  const looking = setInterval(() => (missing += clone.has('dist/index.js') ? 0 : 1))
  expect(await second.ended).toMatchObject({ code: 0 })
  clearInterval(looking)
  expect(missing).toBe(0)
  expect(clone.dist()).toEqual({ 'index.js': '// index 2', 'cli/main.js': '// main 1', 'other.js': '// other 2' })
  // Nor are generated sources touched that stay as they are.
  expect(clone.stat('src/data/presets/packaged-texts.ts').mtimeMs).toBe(mtimeMs)
  expect(readdirSync(`${clone.root}/.build`)).toEqual(['fingerprint'])
})

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
      '    readonly sizes$: Observable<Size>',
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
    '    readonly sizes$: Observable<Size>',
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

test('a build that fails leaves dist/ as it was, and is tried again', async () => {
  using clone = new Clone(built)
  clone.write('src/index.ts', 'a mistake')
  for (const _ of [1, 2]) {
    const { code, out, err } = await clone.build('--if-changed').ended
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/the build failed: .*tsc ended with exit code 2/)
  }
  expect(clone.dist()).toEqual(FIRST)
  expect(readdirSync(`${clone.root}/.build`)).toEqual(['fingerprint'])
})

test('a build that is ended by a signal leaves dist/ as it was, and no lock', async () => {
  using clone = new Clone(built)
  clone.remove('begun')
  clone.remove('go')
  const { child, ended, begun } = clone.build()
  await begun()
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 143 })
  expect(clone.dist()).toEqual(FIRST)
  expect(readdirSync(`${clone.root}/.build`)).toEqual(['fingerprint'])
})

test("a folder into which the compiler of a killed build still writes is in no later build's way", async () => {
  using clone = new Clone()
  mkdirSync(`${clone.root}/.build/dist-killed/cli`, { recursive: true })
  // Faster than anybody can remove what it writes.
  const script = `
    import { mkdirSync, writeFileSync } from 'node:fs'
    for (let k = 0; ; k++) try {
      mkdirSync('.build/dist-killed/cli', { recursive: true })
      writeFileSync('.build/dist-killed/cli/' + (k % 1000), '')
      if (k === 0) writeFileSync('writes', '')
    } catch {}`
  const compiler = clone.run('--input-type=module', '-e', script)
  try {
    while (!clone.has('writes')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await clone.build().ended).toMatchObject({ code: 0 })
  } finally {
    compiler.child.kill('SIGKILL')
    await compiler.ended
  }
  expect(clone.dist()).toEqual(FIRST)
  await clone.build().ended
  expect(readdirSync(`${clone.root}/.build`)).toEqual(['fingerprint'])
})

test('of two builds at once the second waits, and builds only what the first has not', async () => {
  using clone = new Clone()
  clone.remove('go')
  const first = clone.build('--if-changed')
  await first.begun()
  const [second, third] = [clone.build('--if-changed'), clone.build()]
  await Promise.all([second.saysUntil('waiting'), third.saysUntil('waiting')])
  clone.write('go', '')
  const [, same, again] = await Promise.all([first.ended, second.ended, third.ended])
  expect(same).toMatchObject({ code: 0, err: expect.not.stringContaining('building') })
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('building') })
  expect(clone.dist()).toEqual(FIRST)
})

test('it builds again when something that it made is missing', async () => {
  using clone = new Clone(built)
  expect((await clone.build('--if-changed').ended).err).toBe('')
  for (const file of ['dist/bundle/main.js', 'src/data/presets/packaged-texts.ts', '.build/fingerprint']) {
    clone.remove(file)
    expect((await clone.build('--if-changed').ended).err).toContain('building')
    expect(clone.has(file)).toBe(true)
  }
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

test('prepare builds for an installation, and not for npx, whose cache a failure would break', async () => {
  using clone = new Clone()
  clone.write('src/index.ts', 'a mistake')
  expect(await clone.script('prepare', 'exec').ended).toMatchObject({ code: 0, err: '' })
  expect(await clone.script('prepare', 'install').ended).toMatchObject({ code: 1 })
  clone.write('src/index.ts', '// index 1')
  expect(await clone.script('prepare', 'ci').ended).toMatchObject({ code: 0 })
  expect(clone.dist()).toEqual(FIRST)
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
