import { readFile } from 'node:fs/promises'
import { InputError } from '../events/errors.js'

/**
 * The text of a UTF-8 file, without its byte order mark.
 *
 * Raises `FILE_UNREADABLE` if the file cannot be read or is not UTF-8.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, describe(cause), remedyFor(cause), cause)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable(path, 'bytes that are not UTF-8', 'Save the file as UTF-8 text.', cause)
  }
}

function unreadable(file: string, found: string, remedy: string, cause: unknown): InputError {
  return new InputError({
    code: 'FILE_UNREADABLE',
    file,
    field: 'file',
    found,
    expected: 'a readable UTF-8 text file',
    remedy,
    cause,
  })
}

function describe({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'no such file'
    case 'EISDIR':
      return 'a folder'
    case 'ENOTDIR':
      return 'a path that leads through a file'
    case 'EACCES':
    case 'EPERM':
      return 'a file without permission to read it'
    default:
      return message
  }
}

function remedyFor({ code }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'Grant read permission or choose another file.'
    default:
      return 'Check the path.'
  }
}
