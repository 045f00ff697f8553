import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { afterAll, expect, test } from 'vitest'
import { manifest, PackedProject } from './packed-project.js'

const project = new PackedProject()
afterAll(() => project[Symbol.dispose]())

test('it holds the command, the library and its types in at most 700 kB, and no map', () => {
  const entries = Object.values<Record<string, string> | string>(manifest.exports)
  const targets = entries.flatMap((entry) => (typeof entry === 'string' ? [] : Object.values(entry)))
  for (const path of targets) expect(project.files).toContain(path.slice(2))
  for (const path of ['bin/antidrome.mjs', 'dist/bundle/main.js', 'README.md', 'LICENSE'])
    expect(project.files).toContain(path)
  expect(project.files.filter((path) => path.endsWith('.map') || path.startsWith('src/'))).toEqual([])
  expect(project.size).toBeLessThanOrEqual(700_000)
  expect(readFileSync(`${project.home}/dist/bundle/index.js`, 'utf8')).not.toContain('sourceMappingURL')
})

test('a program that uses every entry has types without a mistake, and runs', () => {
  const NodeNext = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }
  const { mistakes, declarations } = project.compile(NodeNext)
  expect(mistakes).toEqual([])
  expect(declarations).toBe(Object.keys(manifest.exports).length - 1)
  const out = JSON.parse(project.run('main.js'))
  expect(out).toMatchObject({ losses: 1, same: true, epochs: 1, presets: true, picture: true, events: 64 })
  expect(out).toMatchObject({
    missing: 'DATA_FILE_MISSING',
    watchedAll: true,
    one: 1,
    arbitrary: 'function',
    streamed: out.spikes,
  })
  expect(out.spikes).toBeGreaterThan(0)
})

test('its command runs', () => {
  expect(project.run(`${project.home}/bin/antidrome.mjs`, '--version').trim()).toBe(manifest.version)
})
