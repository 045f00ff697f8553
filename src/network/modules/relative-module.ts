import { type ModulePlace, ofPath } from './module-reference.js'

/**
 * The path by which a file that names a module finds it, so that both may be moved together; where they have no folder in
 * common but the root, or are on different drives, and for URLs that no path leads to, the URL as it is.
 *
 * @param base `file:` URL of the file
 */
export function relativeModule({ module }: Pick<ModulePlace, 'module'>, base: string): string {
  const [parts, from] = [module, base].map((url) => new URL(url).pathname.split('/').slice(1)) as [string[], string[]]
  const folders = from.slice(0, -1)
  const differs = folders.findIndex((folder, k) => k >= parts.length - 1 || folder !== parts[k])
  const shared = differs === -1 ? folders.length : differs
  // The first folder of a URL is the drive, where there are such.
  const least = /^[a-z]:$/i.test(folders[0] ?? '') ? 2 : 1
  const isBelow = shared === folders.length
  if (shared < least && !isBelow) return module
  const up = folders.slice(shared).map(() => '..')
  const path = decoded([...(up.length === 0 ? ['.'] : up), ...parts.slice(shared)])?.join('/')
  return path !== undefined && ofPath(path, base)?.href === module ? path : module
}

/** Null if a URL escapes what is no text. */
function decoded(parts: readonly string[]): readonly string[] | null {
  try {
    return parts.map(decodeURIComponent)
  } catch {
    return null
  }
}
