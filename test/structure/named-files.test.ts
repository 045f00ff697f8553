import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MADE, namedFiles, staleNames } from '../support/named-files.js'
import { readSourceTree } from '../support/source-tree.js'

const root = new URL('../../', import.meta.url)
const NOT_OURS = ['.git', 'node_modules', 'dist', 'runs']
const entries = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !NOT_OURS.includes(name))
const paths = entries.flatMap((entry) => {
  if (!entry.isDirectory()) return [entry.name]
  const below = readdirSync(new URL(`${entry.name}/`, root), { recursive: true, encoding: 'utf8' })
  return below.map((path) => `${entry.name}/${path.replaceAll('\\', '/')}`)
})
const readmes = readSourceTree(new URL('src/', root)).filter(({ path }) => /(?:^|\/)README\.md$/.test(path))
const contributing = readFileSync(new URL('CONTRIBUTING.md', root), 'utf8')
const pages = [
  { path: 'CONTRIBUTING.md', text: contributing },
  ...readmes.map(({ path, text }) => ({ path: `src/${path}`, text })),
]

describe('what pages for those who work here name', () => {
  test.each(pages)('exists: $path', ({ path, text }) => {
    expect(staleNames(text, paths, posix.dirname(path))).toEqual([])
  })

  test('is many files, among them those that the build makes', () => {
    const names = pages.flatMap(({ text }) => namedFiles(text))
    expect(names.length).toBeGreaterThan(100)
    expect(MADE.filter((made) => !names.some((name) => name.startsWith(made)))).toEqual([])
  })

  test('would be missed after a file has moved', () => {
    const moved = paths.filter((path) => !path.endsWith('/group-actor.ts'))
    expect(staleNames(contributing, moved)).toContain('group-actor.ts')
    expect(staleNames(`${contributing}\nSee \`src/actors/nowhere.ts\`.\n`, paths)).toEqual(['src/actors/nowhere.ts'])
  })
})

test.each([
  ['a file by its name alone', '`b.ts`', '`c.ts`'],
  ['a file in its folder', '`a/b.ts`', '`c/b.ts`'],
  ['a file from the root', '`src/a/b.ts`', '`src/b.ts`'],
  ['a folder', '`src/a`', '`src/c`'],
  ['a folder with a slash behind it', '`src/a/`', '`a/a/`'],
  ['a file with any name', '`a/two-*.ts`', '`a/three-*.ts`'],
  ['a file with a name to be filled in', '`a/<name>.json`', '`src/<name>.json`'],
  ['one of several', '`b.ts`, `a/two-c.ts`', '`b.ts` or `a.ts`'],
  ['a word among others', '`npx vitest run src/a`', '`npx vitest run src/c`'],
  ['what the build makes', '`dist/bundle`', '`dust/bundle`'],
  ['a name of no file', '`dL/dt` and `antidrome/testing`', '`seeds/x`'],
  ['a block of code', '```\n`c.ts`\n```', '`c.ts`'],
  ['a file beside the page', '`./b.ts`', '`./d.ts`'],
  ['a folder above the page', '`../a`', '`../b.ts`'],
  ['a whole name', '`two-c.ts`', '`wo-c.ts`'],
])('%s is told from one that is missing', (_, present, missing) => {
  const tree = ['src/a/b.ts', 'src/a/two-c.ts', 'src/a/d.json']
  expect(staleNames(present, tree, 'src/a')).toEqual([])
  expect(staleNames(missing, tree, 'src/a')).toHaveLength(1)
})
