import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'es-module-lexer'
import { InputError } from '../../events/errors.js'
import { messageOf } from '../../events/message-of.js'
import { isFile } from './module-paths.js'

/** A file of a module. */
export interface ModuleFile {
  /** A `file:` URL. */
  readonly file: string
  readonly text: string
  /** Places, in the list of all, of what it imports by a path. */
  readonly imported: readonly number[]
}

/**
 * The file of a module and of all that it imports by a path, at once or later, by a literal, in the order in which they are
 * come upon, each once.
 *
 * Raises `InputError` MODULE_FAILED, which names the file that cannot be read, unless some of them will do.
 */
export function moduleFiles(url: string, wanted: 'all' | 'some'): readonly ModuleFile[] {
  const files = [url]
  const read: ModuleFile[] = []
  for (let k = 0; k < files.length; k++) {
    const file = files[k] as string
    const text = wanted === 'all' ? readModule(file) : attempt(() => readModule(file), '')
    const targets = wanted === 'all' ? importsOf(file, text) : attempt(() => importsOf(file, text), [])
    const imported = targets.map((target) => {
      if (!files.includes(target)) files.push(target)
      return files.indexOf(target)
    })
    read.push({ file, text, imported })
  }
  return read
}

function attempt<Result>(work: () => Result, otherwise: Result): Result {
  try {
    return work()
  } catch {
    return otherwise
  }
}

function readModule(url: string): string {
  try {
    return readFileSync(fileURLToPath(url), 'utf8')
  } catch (cause) {
    throw unreadable(url, cause)
  }
}

function importsOf(url: string, text: string): readonly string[] {
  // Data may be imported, too.
  if (!/\.[cm]?[jt]s$/.test(new URL(url).pathname)) return []
  return literalsOf(url, text).flatMap((specifier) => {
    if (!/^(\.{0,2}\/|file:)/.test(specifier)) return []
    const target = new URL(specifier, url)
    return target.protocol === 'file:' ? [sourceOf(target)] : []
  })
}

function literalsOf(url: string, text: string): readonly string[] {
  try {
    const [imports] = parse(text)
    return imports.flatMap((each) => {
      if (each.type === 'import-meta' || each.specifier === undefined) return []
      if (each.type === 'dynamic' ? each.glob || each.probablyTypeOnly : each.typeOnly) return []
      return [each.specifier]
    })
  } catch (cause) {
    throw unreadable(url, cause)
  }
}

/** TypeScript names what will be made of a file: a.js may stand for a.ts. */
function sourceOf(target: URL): string {
  target.search = ''
  target.hash = ''
  const typed = target.href.replace(/\.([cm]?)js$/, '.$1ts')
  return !isFile(fileURLToPath(target)) && isFile(fileURLToPath(typed)) ? typed : target.href
}

function unreadable(url: string, cause: unknown): InputError {
  return new InputError({
    code: 'MODULE_FAILED',
    field: url,
    found: `a file that cannot be read: ${messageOf(cause)}`,
    expected: 'a module, and all that it imports by a path',
    cause,
  })
}
