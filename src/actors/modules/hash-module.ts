import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'es-module-lexer'
import { InputError } from '../../events/errors.js'
import { messageOf } from '../../events/message-of.js'
import { isFile } from './is-file.js'

/**
 * A fingerprint of the code of a module: of its file and of all that it imports by a path, at once or later, by a literal;
 * of packages only the names count. 32 hexadecimal digits of SHA-256, wherever the files lie.
 *
 * Raises `InputError` MODULE_FAILED, which names the file that cannot be read.
 */
export function hashModule(url: string): string {
  const hash = createHash('sha256')
  // Files in the order in which they are come upon, each once; the numbers say which import leads to which of them.
  const files = [url]
  for (let k = 0; k < files.length; k++) {
    const file = files[k] as string
    const text = readModule(file)
    const imported = importsOf(file, text).map((target) => {
      if (!files.includes(target)) files.push(target)
      return files.indexOf(target)
    })
    hash.update(`${text.length} ${imported.join(' ')}\n`).update(text)
  }
  return hash.digest('hex').slice(0, 32)
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
