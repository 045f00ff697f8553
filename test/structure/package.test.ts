import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { documentationPage } from '../../src/events/documentation-page.js'
import { PARTS } from '../support/layers.js'
import { readSourceTree } from '../support/source-tree.js'

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const read = (path: string) => readFileSync(at(path), 'utf8')
/** By its name in dist/bundle, the module it is. */
const ENTRIES = new Map<string, string>(Object.entries(JSON.parse(read('scripts/build/entries.json'))))
const manifest = JSON.parse(read('package.json'))

describe('package.json', () => {
  const entries = Object.values(manifest.exports).filter((entry) => typeof entry !== 'string')

  test.each(entries as { types: string; default: string }[])(
    '$default is built from the module of its types',
    (entry) => {
      const module = /^\.\/dist\/types\/(.+)\.d\.ts$/.exec(entry.types)?.[1]
      const name = /^\.\/dist\/bundle\/(.+)\.js$/.exec(entry.default)?.[1]
      expect(ENTRIES.get(name as string)).toBe(module)
    },
  )

  test.each([...ENTRIES.values()])('src/%s.ts, which the build starts from, exists', (module) => {
    expect(existsSync(at(`src/${module}.ts`))).toBe(true)
  })

  test('has a command that lies in the repository, beside a built one', () => {
    expect(manifest.bin).toEqual({ antidrome: 'bin/antidrome.mjs' })
    expect(read(manifest.bin.antidrome)).toContain(`'../dist/bundle/main.js'`)
  })

  test('lists types first', () => {
    for (const entry of entries) expect(Object.keys(entry as object)).toEqual(['types', 'default'])
  })
})

/** Those of rooms of the sources. */
const PAGES = readdirSync(at('src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /(^|[/\\])README\.md$/.test(path))
  .map((path) => `src/${path.replaceAll('\\', '/')}`)

describe.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...PAGES])('%s', (file) => {
  const text = read(file)

  test('points at files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path]) =>
      join(dirname(file), path as string),
    )
    const named = [...text.matchAll(/`((?:src|test|scripts|demos|docs)\/[\w./-]+)`/g)].map(([, path]) => path as string)
    const missing = [...links, ...named].filter((path) => !existsSync(at(path)))
    expect(missing).toEqual([])
  })
})

describe('README.md in the package', () => {
  const text = read('README.md')
  const links = [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link as string)
  const base = manifest.homepage.replace(/#.*/, '')

  test('links files of the package, or pages of its home that are files of the repository', () => {
    const packed = links.filter((link) => !link.startsWith('https://'))
    expect(packed).not.toEqual([])
    expect(packed.filter((path) => !manifest.files.includes(path))).toEqual([])
    const raw = base.replace('//github.com/', '//raw.githubusercontent.com/')
    const pages = links.flatMap((link) => {
      const inside = [`${base}/blob/main/`, `${base}/tree/main/`, `${raw}/main/`].find((start) =>
        link.startsWith(start),
      )
      return inside === undefined ? [] : [link.slice(inside.length)]
    })
    expect(pages.length).toBeGreaterThan(links.length / 2)
    expect(pages.filter((path) => !existsSync(at(path)))).toEqual([])
  })

  test('names no page by a path that the package does not have', () => {
    const shown = text.replaceAll(/\[[^\]]*\]\([^)]*\)/g, '')
    expect(shown.match(/(?<![\w/])docs\/[\w-]+\.\w+|\b(CONTRIBUTING|SECURITY)\.md/g)).toBeNull()
  })
})

test('errors name pages that exist, at the home of the package', () => {
  const named = readSourceTree(at('src')).flatMap(({ text: source }) =>
    [...source.matchAll(/documentationPage\('([^']+)'\)/g)].map(([, page]) => page as string),
  )
  expect(named).not.toEqual([])
  for (const page of named) expect(existsSync(at(`docs/${page}`))).toBe(true)
  expect(documentationPage('files.md')).toBe(`${manifest.homepage.replace(/#.*/, '')}/blob/main/docs/files.md`)
})

test('the repository, its home and its tracker are one place', () => {
  const home = manifest.homepage.replace(/#.*/, '')
  expect(manifest.repository).toEqual({ type: 'git', url: `git+${home}.git` })
  expect(manifest.bugs).toBe(`${home}/issues`)
})

/** Read before anything is installed, when npx would make the clone a package of its cache, and fail from then on. */
test.each([
  'README.md',
  ...readdirSync(at('docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
  '.ci/run',
])('%s calls the command of the clone without npx', (file) => {
  const called = read(file).match(/npx (--no-install )?antidrome .*/g) ?? []
  expect(called).toEqual([])
})

test('CONTRIBUTING.md names every part in the order of the layers', () => {
  const listed = [...read('CONTRIBUTING.md').matchAll(/^\| `src\/(\w+)` +\|/gm)].map(([, name]) => name)
  const folders = readdirSync(at('src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names = folders.map(({ name }) => name)
  expect(listed).toEqual(PARTS.filter((part) => names.includes(part)))
})

test('CHANGELOG.md has the version of the package', () => {
  expect(read('CHANGELOG.md')).toContain(`## [${manifest.version}]`)
})
