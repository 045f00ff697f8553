import ts from 'typescript'
import { afterAll, expect, test } from 'vitest'
import { compile } from './compile-project.js'
import { manifest, PackedProject } from './packed-project.js'

const project = new PackedProject()
afterAll(() => project[Symbol.dispose]())

const BUNDLER = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }

test.each<[string, ts.CompilerOptions]>([
  ['a bundler', BUNDLER],
  ['a browser, without the types of Node', { ...BUNDLER, types: [], lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] }],
])('a program that uses every entry has types without a mistake for %s', (_, resolution) => {
  const { mistakes, declarations } = compile(project, resolution)
  expect(mistakes).toEqual([])
  expect(declarations).toBe(Object.keys(manifest.exports).length - 1)
})
