import { isBuiltin } from 'node:module'
import { parseSource } from './parse-source.js'
import type { SourceFile } from './source-tree.js'

/** Everything that is loaded with a file: by path or by the name of a package, with the file that imports it. */
export type Loaded = ReadonlyMap<string, string | null>

/**
 * What static imports lead to from an entry, the nearest first. It is the graph of the files as they are: no bundler has
 * left out what nothing uses.
 */
export function loadedWith(entry: string, files: readonly SourceFile[]): Loaded {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const loaded = new Map<string, string | null>([[entry, null]])
  // A map is walked in the order of its entries, also of those that are added meanwhile.
  for (const path of loaded.keys()) {
    const file = byPath.get(path)
    if (file === undefined) continue
    for (const { specifier, target, isStatic } of parseSource(file).imports) {
      const found = target ?? specifier
      if (isStatic && !loaded.has(found)) loaded.set(found, path)
    }
  }
  return loaded
}

/** The ways from an entry to what no browser has, such as `index.ts -> actors/open.ts -> node:fs`. */
export function waysToNode(entry: string, files: readonly SourceFile[]): readonly string[] {
  const loaded = loadedWith(entry, files)
  return [...loaded.keys()].filter((name) => isBuiltin(name) || name === 'ws').map((name) => wayTo(name, loaded))
}

function wayTo(name: string, loaded: Loaded): string {
  const importer = loaded.get(name) ?? null
  return importer === null ? name : `${wayTo(importer, loaded)} -> ${name}`
}
