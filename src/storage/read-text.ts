import { readFile } from 'node:fs/promises'
import { InputError } from '../events/errors.js'
import { exhaustionOf } from '../events/exhaustion.js'
import { readString } from '../network/reading/read-value.js'
import { NotAFile, readRegular } from './regular-file.js'

/**
 * The text of a UTF-8 file, without its byte order mark.
 *
 * Raises `InputError` FILE_UNREADABLE if the file cannot be read or is not UTF-8; `RunError` TOO_MANY_FILES, OUT_OF_MEMORY,
 * TEXT_TOO_LONG.
 *
 * @param field who asks for it, such as a flag
 */
export function readTextFile(path: string, field = 'file'): Promise<string> {
  return readText(path, field, readFile)
}

/** The same of a file in a folder that was named, in which others may have put anything under its name. */
export function readTextWithin(path: string, field = 'file'): Promise<string> {
  return readText(path, field, readRegular)
}

async function readText(path: string, field: string, read: (path: string) => Promise<Buffer>): Promise<string> {
  readString(path, 'path')
  const unreadable = (found: string, remedy: string, cause: unknown): Error => {
    const expected = 'a readable UTF-8 text file'
    return exhaustionOf(cause) ?? new InputError({ code: CODE, file: path, field, found, expected, remedy, cause })
  }
  const bytes = await read(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(describe(cause), remedyFor(cause), cause)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable('bytes that are not UTF-8', 'Save the file as UTF-8 text.', cause)
  }
}

const CODE = 'FILE_UNREADABLE'

function describe(cause: NodeJS.ErrnoException): string {
  if (cause instanceof NotAFile) return 'a pipe, a device or a folder'
  const { code, message } = cause
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
