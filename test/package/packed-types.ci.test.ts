import ts from 'typescript'
import { afterAll, expect, test } from 'vitest'
import { compile } from './compile-project.js'
import { manifest, PackedProject } from './packed-project.js'

const project = new PackedProject()
afterAll(() => project[Symbol.dispose]())

test('a program that uses every entry has types without a mistake, and runs', () => {
  const NodeNext = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }
  const { mistakes, declarations } = compile(project, NodeNext)
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
