import { readdirSync, readFileSync } from 'node:fs'

/** A file as a gate sees it: its path below src with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Every file below a folder, in the order of their paths. */
export function readSourceTree(root: URL): SourceFile[] {
  const folder = root.href.endsWith('/') ? root : new URL(`${root.href}/`)
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
