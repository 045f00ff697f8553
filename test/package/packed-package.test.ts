import { readFileSync } from 'node:fs'
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

test('its command runs', () => {
  expect(project.run(`${project.home}/bin/antidrome.mjs`, '--version').trim()).toBe(manifest.version)
})
