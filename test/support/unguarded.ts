import { posix } from 'node:path'
import type { SourceFile } from './source-tree.js'

const GUARD = 'support/guard.ts'
/** What starts processes, and what says where temporary folders are. */
const NEEDS_GUARD: readonly string[] = ['node:child_process', 'node:os']

/** Files of a tree of tests that start processes or make temporary folders without the guard, which `guard.ts` starts. */
export function unguarded(files: readonly SourceFile[]): readonly string[] {
  const imports = new Map(files.map((file) => [file.path, importsOf(file)]))

  function isGuarded(path: string, seen = new Set<string>()): boolean {
    if (path === GUARD) return true
    if (seen.has(path)) return false
    seen.add(path)
    return imports.get(path)?.some((target) => isGuarded(target, seen)) ?? false
  }

  const needing = files.filter(({ path }) => imports.get(path)?.some((name) => NEEDS_GUARD.includes(name)))
  return needing.map(({ path }) => path).filter((path) => !isGuarded(path))
}

/** Modules by their names, files of the tree by their paths. */
function importsOf({ path, text }: SourceFile): readonly string[] {
  if (!path.endsWith('.ts')) return []
  const names = [...text.matchAll(/^(?:import|export)\b[^'"`]*'([^'\n]+)'/gm)].map(([, name]) => name as string)
  return names.map((name) => {
    return name.startsWith('.') ? posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts') : name
  })
}
