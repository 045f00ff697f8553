import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PARTS } from '../support/layers.js'

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

test('CONTRIBUTING.md names every part in the order of the layers', () => {
  const listed = [...read('CONTRIBUTING.md').matchAll(/^\| `src\/(\w+)` +\|/gm)].map(([, name]) => name)
  const folders = readdirSync(at('src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names = folders.map(({ name }) => name)
  expect(listed).toEqual(PARTS.filter((part) => names.includes(part)))
})

test('CHANGELOG.md has the version of the package', () => {
  expect(read('CHANGELOG.md')).toContain(`## [${manifest.version}]`)
})
