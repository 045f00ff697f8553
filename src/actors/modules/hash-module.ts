import { createHash } from 'node:crypto'
import { InputError } from '../../events/errors.js'
import { type ModuleFile, moduleFiles } from './module-files.js'
import { syntaxMistake } from './syntax-mistake.js'

/**
 * A fingerprint of the code of a module: of its file and of all that it imports by a path, at once or later, by a literal;
 * of packages only the names count. 32 hexadecimal digits of SHA-256, wherever the files lie.
 *
 * Raises `InputError` MODULE_FAILED, which names the file that cannot be read, or file and line of what is no JavaScript.
 */
export async function hashModule(url: string): Promise<string> {
  const hash = createHash('sha256')
  // The numbers say which import leads to which of the files.
  for (const { text, imported } of await filesOf(url))
    hash.update(`${text.length} ${imported.join(' ')}\n`).update(text)
  return hash.digest('hex').slice(0, 32)
}

async function filesOf(url: string): Promise<readonly ModuleFile[]> {
  try {
    return moduleFiles(url, 'all')
  } catch (error) {
    const mistake = error instanceof InputError ? await syntaxMistake(url) : null
    if (mistake === null) throw error
    throw new InputError({
      code: 'MODULE_FAILED',
      field: url,
      found: `no JavaScript at ${mistake.place}: ${mistake.message}`,
      expected: 'a module, and all that it imports by a path',
      cause: error,
    })
  }
}
