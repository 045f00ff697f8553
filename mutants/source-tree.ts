import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What no test of a mutant reads. */
const NOT_TESTED = /^(mutants|test\/mutants|docs|results)\/|^[^/]+\.md$/

/**
 * A hash over the repository as it stands, with uncommitted changes, without the list of mutants and what is only read by
 * people.
 */
export function digestOfTree(root: string): string {
  const hash = createHash('sha256')
  for (const file of sourceFiles(root).filter((path) => !NOT_TESTED.test(path)))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

/** Copies the repository as it stands, and what was built of it, into a temporary folder; dependencies are linked. */
export function copyTree(root: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'antidrome-mutants-'))
  for (const file of [...sourceFiles(root), ...madeSources(root)]) {
    const target = join(folder, file)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(root, file), target)
  }
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  mkdirSync(join(folder, '.build'), { recursive: true })
  linkDependencies(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

export function removeTree(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Tracked files and new ones that are not ignored. */
function sourceFiles(root: string): readonly string[] {
  return gitFiles(root, '--cached', '--others')
    .filter((file) => existsSync(join(root, file)))
    .toSorted()
}

/** Sources that a build makes. */
function madeSources(root: string): readonly string[] {
  return gitFiles(root, '--others', '--ignored').filter((file) => file.startsWith('src/'))
}

function gitFiles(root: string, ...kinds: string[]): readonly string[] {
  const out = execFileSync('git', ['ls-files', '-z', '--exclude-standard', ...kinds], { cwd: root, maxBuffer: 2 ** 28 })
  return [...new Set(out.toString().split('\0'))].filter((file) => file !== '' && !file.startsWith('node_modules/'))
}

/** One by one: what tools keep beside the packages, such as results of earlier runs, stays that of the repository. */
function linkDependencies(from: string, to: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from))
    if (name === '.bin' || name === '.antidrome-lock' || !name.startsWith('.'))
      symlinkSync(join(from, name), join(to, name))
}
