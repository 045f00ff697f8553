import { posix } from 'node:path'
import type { SourceFile } from './source-tree.js'

/** What a file of tests does, and the module it must import for it, itself or by way of others. */
export const GUARDS = {
  'starts processes or makes temporary folders': {
    guard: 'support/guard.ts',
    does: ({ imports }: Tested) => ['node:child_process', 'node:os'].some((name) => imports.includes(name)),
  },
  'uses what is built': {
    guard: 'support/built-file.ts',
    does: ({ text, scripts }: Tested) => [text, ...scripts].some((each) => /(\.\.\/){2,}dist\//.test(each)),
  },
} as const

interface Tested extends SourceFile {
  /** Modules by their names, files of the tree by their paths. */
  readonly imports: readonly string[]
  /** The texts of programs that it names. */
  readonly scripts: readonly string[]
}

/** Files of a tree of tests that do something without the module that they need for it. */
export function unguarded(files: readonly SourceFile[], what: keyof typeof GUARDS): readonly string[] {
  const { guard, does } = GUARDS[what]
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const tests = files.filter(({ path }) => path.endsWith('.ts')).map((file) => testedOf(file, texts))
  const imports = new Map(tests.map((file) => [file.path, file.imports]))

  function isGuarded(path: string, seen = new Set<string>()): boolean {
    if (path === guard) return true
    if (seen.has(path)) return false
    seen.add(path)
    return imports.get(path)?.some((target) => isGuarded(target, seen)) ?? false
  }

  return tests
    .filter(does)
    .map(({ path }) => path)
    .filter((path) => !isGuarded(path))
}

function testedOf({ path, text }: SourceFile, texts: ReadonlyMap<string, string>): Tested {
  const names = [...text.matchAll(/^(?:import|export)\b[^'"`]*'([^'\n]+)'/gm)].map(([, name]) => name as string)
  const named = [...text.matchAll(/'(\.{1,2}\/[^'\n]+\.mjs)'/g)].map(([, name]) => name as string)
  const beside = (name: string) => posix.join(posix.dirname(path), name)
  return {
    ...{ path, text },
    imports: names.map((name) => (name.startsWith('.') ? beside(name).replace(/\.js$/, '.ts') : name)),
    scripts: named.flatMap((name) => texts.get(beside(name)) ?? []),
  }
}
