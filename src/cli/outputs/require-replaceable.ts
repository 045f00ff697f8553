import { realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { InputError } from '../../events/errors.js'
import { beginningOfFile } from '../../storage/beginning-of-file.js'
import { beginsFormat, ownerOfFile } from '../../storage/owner-of-file.js'
import type { Input } from './inputs-of.js'
import type { OutputKind } from './output-kind.js'

/** A file that a command is to write. */
export interface WantedFile {
  readonly flag: string
  readonly path: string
  readonly kind: OutputKind
}

/** What may be done to files that are there. */
export interface Replacing {
  readonly overwrite: boolean
  readonly inputs: readonly Input[]
}

/**
 * Refuses a file that is there and must not be replaced: with `overwrite` what belongs to a run, a recording, checkpoints
 * or the inputs of the command, and what has another name, too; without it every one.
 *
 * Raises `InputError` with the code of its kind, naming the flag.
 */
export async function requireReplaceable(
  { flag, path, kind }: WantedFile,
  { overwrite, inputs }: Replacing,
): Promise<void> {
  const beginning = (await beginningOfFile(path)) ?? ''
  const kept = await whyKept(path, { kind, beginning, inputs })
  if (kept === null && overwrite) return
  const isOwn = beginning !== '' && kind.begins(beginning)
  throw new InputError({
    code: kind.code,
    file: path,
    field: flag,
    found: kept ?? (isOwn ? `${kind.what} that is there already` : 'a file that is there already'),
    expected: kind.replacesOwnAlone ? `a path where no file is, or ${kind.what} to replace` : 'a path where no file is',
    remedy: kept === null ? 'Choose another path, or replace it with --overwrite.' : 'Choose another path.',
  })
}

interface Looked {
  readonly kind: OutputKind
  readonly beginning: string
  readonly inputs: readonly Input[]
}

/** Why a file is never replaced, as what it is; null: nothing speaks for it. */
async function whyKept(path: string, { kind, beginning, inputs }: Looked): Promise<string | null> {
  const [file, found] = [await realpath(path), await stat(path)]
  const isOwn = beginning === '' || kind.begins(beginning)
  const input = inputs.find((each) => each.path === file || isSame(each.found, found))
  if (input !== undefined) return `${input.named}, an input of this command`
  const owner = await ownerOfFile(file)
  if (owner !== null) return `a file of ${owner}`
  if (kind.replacesOwnAlone && !isOwn) return `a file that is no ${kind.what.replace(/^a /, '')}`
  if (beginsFormat(beginning) && !isOwn) return 'a file in a format that antidrome reads'
  const folder = inputs.find((each) => each.found.isDirectory() && file.startsWith(withEnd(each.path)))
  if (folder !== undefined && !isOwn) return `a file in ${folder.named}, an input of this command`
  // One of them may be that of a file of a run; it cannot be found out.
  return found.nlink > 1 ? `a file with ${found.nlink} names, links to the same bytes` : null
}

/** Whether two paths lead to the same bytes. Not every system numbers its files. */
function isSame(a: { dev: number; ino: number }, b: { dev: number; ino: number }): boolean {
  return a.ino !== 0 && a.ino === b.ino && a.dev === b.dev
}

function withEnd(folder: string): string {
  return folder.endsWith(sep) ? folder : `${folder}${sep}`
}
