import { realpathSync, statSync } from 'node:fs'
import { resolve, sep } from 'node:path'

/** Where something, seen from a folder, really lies; null unless that is in the folder, whatever links lead to either. */
export function pathBelow(folder: string, path: string): string | null {
  try {
    const [outer, inner] = [realpathSync(folder), realpathSync(resolve(folder, path))]
    return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : `${outer}${sep}`) ? inner : null
  } catch {
    return null
  }
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
