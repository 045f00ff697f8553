import { describe, expect, test } from 'vitest'
import { loadedWith, waysToNode } from '../support/loaded-with.js'
import { readSourceTree, type SourceFile } from '../support/source-tree.js'

const files = readSourceTree(new URL('../../src', import.meta.url))

/** The tree with one file that is changed. */
const changed = (path: string, change: (text: string) => string): readonly SourceFile[] =>
  files.map((file) => (file.path === path ? { path, text: change(file.text) } : file))

describe('src/index.ts', () => {
  test('loads nothing that only Node.js has', () => {
    expect(waysToNode('index.ts', files)).toEqual([])
  })

  test('loads sessions, training and kernels at once', () => {
    const loaded = [...loadedWith('index.ts', files).keys()]
    for (const path of [
      'actors/open.ts',
      'actors/open-cluster.ts',
      'actors/group/group-actor.ts',
      'learning/train.ts',
      'dynamics/kernels/wasm/instantiate.ts',
    ])
      expect(loaded).toContain(path)
    expect(loaded.filter((path) => path.endsWith('.ts')).length).toBeGreaterThan(400)
    expect(loaded).toContain('rxjs')
  })

  test.each([
    ['actors/open-cluster.ts', './open-elsewhere.js'],
    ['actors/transport-table.ts', './supervision/open-thread-launcher.js'],
    ['actors/transport-table.ts', './supervision/open-process-launcher.js'],
    ['actors/modules/find-module.ts', './find-module-file.js'],
    ['actors/partition/wiring/open-local-partitions.ts', '../threads/kernel-pool.js'],
  ])('would load it if %s did not wait with %s', (path, specifier) => {
    const early = changed(path, (text) => {
      expect(text).toContain(`await import('${specifier}')`)
      return `import '${specifier}'\n${text}`
    })
    const ways = waysToNode('index.ts', early)
    expect(ways.length).toBeGreaterThan(0)
    for (const way of ways) expect(way).toMatch(/^index\.ts -> .* -> (node:[\w/]+|ws)$/)
    for (const way of ways) expect(way).toContain(` -> ${path} -> `)
  })

  test.each([
    `import { readFileSync } from 'node:fs'`,
    `import { type Stats } from 'node:fs'`,
    `import 'node:fs'`,
    `export * from 'node:fs'`,
    `export { readFileSync } from 'node:fs'`,
    `import fs = require('node:fs')`,
  ])('would be found to load what %s names, by the files that lead there', (text) => {
    const [way] = waysToNode(
      'index.ts',
      changed('numerics/log.ts', (before) => `${text}\n${before}`),
    )
    expect(way).toMatch(/^index\.ts -> .* -> numerics\/log\.ts -> node:fs$/)
  })

  test.each([`import 'fs'`, `import { WebSocket } from 'ws'`])('nor %s', (text) => {
    expect(waysToNode('index.ts', [{ path: 'index.ts', text }])).toHaveLength(1)
  })

  test.each([
    `import type { Stats } from 'node:fs'`,
    `export type { Stats } from 'node:fs'`,
    `export type Files = typeof import('node:fs')`,
    `export const later = () => import('node:fs')`,
    `import { later } from './later.js'`,
  ])('may say %s', (text) => {
    const later = { path: 'later.ts', text: `export const later = () => import('node:fs')` }
    expect(waysToNode('index.ts', [{ path: 'index.ts', text }, later])).toEqual([])
  })
})
