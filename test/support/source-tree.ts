import { readdirSync, readFileSync } from 'node:fs'

/** A file as a gate sees it: its path below src with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** By their folders: of one process, in which several gates look at the same tree. */
const trees = new Map<string, readonly SourceFile[]>()

/** Every file below a folder, in the order of their paths; the same records whenever a process asks. */
export function readSourceTree(root: URL): readonly SourceFile[] {
  const folder = root.href.endsWith('/') ? root : new URL(`${root.href}/`)
  const tree = trees.get(folder.href) ?? readTree(folder)
  trees.set(folder.href, tree)
  return tree
}

function readTree(folder: URL): readonly SourceFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const start = decodeURIComponent(folder.pathname).length
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = `${entry.parentPath.replaceAll('\\', '/').replace(/\/?$/, '/')}${entry.name}`
      return { path: file.slice(start), text: readFileSync(file, 'utf8') }
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
