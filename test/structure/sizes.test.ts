import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { type ParsedSource, parseSource } from '../support/parse-source.js'
import { readSourceTree, type SourceFile } from '../support/source-tree.js'

const files = readSourceTree(new URL('../../src', import.meta.url)).filter(({ path }) => path.endsWith('.ts'))

const LONGEST = 80

/** Files that are imported by one file of their folder alone, and by no other: such a file is often a part of that one. */
const MOST_LONE = 221

/** Functions above the limit, by file and name, with their lines; those of the assembly are loops, and not counted. */
function longFunctions(sources: readonly ParsedSource[]): Readonly<Record<string, number>> {
  const found = new Map<string, number>()
  for (const { path, walk } of sources.filter(({ path }) => !path.includes('/assembly/')))
    walk((node) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return
      const lines = node.getText().split('\n').length
      if (lines > LONGEST) found.set(`${path} ${nameOf(node)}`, lines)
    })
  return Object.fromEntries(found)
}

function nameOf(node: ts.SignatureDeclaration): string {
  const named = ts.isVariableDeclaration(node.parent) ? node.parent.name : node.name
  return named?.getText() ?? 'a function without a name'
}

/** Files with one importer, which stands in the same folder. */
function loneFiles(sources: readonly ParsedSource[]): readonly string[] {
  const importers = new Map<string, Set<string>>()
  for (const { path, imports } of sources)
    for (const { target } of imports)
      if (target !== null) importers.set(target, (importers.get(target) ?? new Set()).add(path))
  return sources.flatMap(({ path }) => {
    const [only, ...others] = importers.get(path) ?? []
    return only !== undefined && others.length === 0 && posix.dirname(only) === posix.dirname(path) ? [path] : []
  })
}

const parsed = (more: readonly SourceFile[] = []) => [...files, ...more].map(parseSource)

describe('functions', () => {
  test(`have at most ${LONGEST} lines`, () => {
    expect(longFunctions(parsed())).toEqual({})
  })

  test('that are longer are found', () => {
    const body = Array.from({ length: LONGEST }, (_, k) => `  call(${k})`).join('\n')
    const planted = [
      { path: 'numerics/planted.ts', text: `export function planted() {\n${body}\n}` },
      { path: 'numerics/arrow.ts', text: `export const arrow = () => {\n${body}\n}` },
    ]
    const found = longFunctions(parsed(planted))
    expect(found).toMatchObject({ 'numerics/planted.ts planted': LONGEST + 2, 'numerics/arrow.ts arrow': LONGEST + 2 })
  })
})

describe('files with one importer beside them', () => {
  test('become no more', () => {
    expect(loneFiles(parsed()).length).toBeLessThanOrEqual(MOST_LONE)
  })

  test('are found', () => {
    const planted = [
      {
        path: 'numerics/whole.ts',
        text: "import { part } from './part.js'\nimport { shared } from '../events/shared.js'",
      },
      { path: 'numerics/part.ts', text: 'export const part = 1' },
      { path: 'events/shared.ts', text: 'export const shared = 1' },
    ]
    const found = loneFiles(parsed(planted))
    expect(found).toContain('numerics/part.ts')
    expect(found).not.toContain('events/shared.ts')
  })
})
