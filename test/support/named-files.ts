import { posix } from 'node:path'

/** A word between backticks that looks like a file or a folder: a name with the ending of a file, or several with slashes between. */
const FILE = /^[\w.*<>/-]+\.(?:ts|mjs|js|py|json|md)$/
const FOLDER = /^[a-z0-9.][a-z0-9.*<>-]*(?:\/[a-z0-9.*<>-]+)*\/?$/

/** What the build and the command make: it is not there in a clean checkout. */
export const MADE = ['dist', 'runs', 'assembly/schema', 'kernel-binary.ts', 'loops-binary.ts']

/** The files and folders that a page names between backticks, blocks of code left out; `*` and `<name>` stand for any name. */
export function namedFiles(page: string): string[] {
  const prose = page.replace(/^```.*?^```/gms, '')
  const words = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => span.split(/[\s,;]+/))
  // By the name of the package users import it.
  return words.filter(
    (word) => FILE.test(word) || (word.includes('/') && FOLDER.test(word) && !/^antidrome\//.test(word)),
  )
}

/**
 * The names on a page that nothing has.
 *
 * @param paths of all files, from the root of the repository; a page may leave out the folders before a name
 * @param folder of the page, where names begin that start with a dot
 */
export function staleNames(page: string, paths: readonly string[], folder = ''): string[] {
  const isMade = (name: string) => MADE.some((made) => name === made || name.startsWith(`${made}/`))
  return namedFiles(page).filter((written) => {
    const isRelative = /^\.\.?\//.test(written)
    const name = (isRelative ? posix.join(folder, written) : written).replace(/\/$/, '')
    const pattern = name.split(/(\*|<\w+>)/).map((part, k) => (k % 2 === 0 ? escaped(part) : '[^/]+'))
    const found = new RegExp(`${isRelative ? '^' : '(?:^|/)'}${pattern.join('')}(?:/|$)`)
    return !isMade(name) && !paths.some((path) => found.test(path))
  })
}

function escaped(text: string): string {
  return text.replace(/[.\\+?^${}()|[\]]/g, '\\$&')
}
