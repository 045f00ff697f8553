import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { removeFolder } from './remove-folder.mjs'

/**
 * Makes `target` what `next` is, and removes `next`. Each file that differs is replaced by one rename, so that at every
 * moment whoever opens a file finds its old text or its new one; a folder that is swapped as a whole would be missing in
 * between. What is new comes first, what is gone goes last. Both lie in one file system.
 */
export function replaceFolder(next, target) {
  mkdirSync(target, { recursive: true })
  const files = filesBelow(next)
  const isNew = (file) => !existsSync(join(target, file))
  for (const file of [...files.filter(isNew), ...files.filter((file) => !isNew(file))]) {
    const [from, to] = [join(next, file), join(target, file)]
    if (hasSameBytes(from, to)) continue
    mkdirSync(dirname(to), { recursive: true })
    renameSync(from, to)
  }
  const kept = new Set(files)
  for (const file of filesBelow(target)) if (!kept.has(file)) rmSync(join(target, file))
  removeFolder(next)
}

/** Paths below a folder. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

function hasSameBytes(one, other) {
  const size = statSync(other, { throwIfNoEntry: false })?.size
  return size === statSync(one).size && readFileSync(one).equals(readFileSync(other))
}
