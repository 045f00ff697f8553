import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { RunError } from '../events/errors.js'
import { hasCode } from './has-code.js'
import { unwritable } from './write-atomically.js'

/** A file that is written piece by piece; what there is of it can be read at any time. */
export interface GrowingFile {
  /** Adds a text as a whole or not at all. Raises `RunError` FILE_UNWRITABLE, also if the disk is full. */
  append(text: string): Promise<void>
  close(): Promise<void>
}

/**
 * Creates a file that grows. Raises `RunError` FILE_EXISTS if there is one, and FILE_UNWRITABLE.
 *
 * @param replaces the file that is there is removed first
 */
export async function createGrowingFile(
  path: string,
  { replaces }: { readonly replaces: boolean },
): Promise<GrowingFile> {
  try {
    if (replaces) await rm(path, { force: true })
    return growing(await open(path, 'wx'), path)
  } catch (cause) {
    throw hasCode(cause, 'EEXIST') ? appearedMeanwhile(path, cause) : unwritable(path, cause)
  }
}

function growing(file: FileHandle, path: string): GrowingFile {
  let place = 0
  return {
    async append(text) {
      const bytes = Buffer.from(text)
      try {
        await writeAll(file, bytes, place)
      } catch (cause) {
        // A part of a text is of no use to anybody.
        await file.truncate(place).catch(() => undefined)
        throw unwritable(path, cause)
      }
      place += bytes.length
    },
    close: () => file.close(),
  }
}

/**
 * Opens a device or a pipe, which takes bytes but keeps none, so that nothing is replaced. For a named pipe it waits
 * until a reader opens the pipe. Raises `RunError` FILE_UNWRITABLE.
 */
export async function openDevice(path: string): Promise<GrowingFile> {
  // Without O_CREAT: a path that is gone by now does not become a file.
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
  return {
    async append(text) {
      await writeAll(file, Buffer.from(text), null).catch((cause: unknown) => {
        throw unwritable(path, cause)
      })
    },
    close: () => file.close(),
  }
}

/** @param place of the first byte; null: behind what was written before */
async function writeAll(file: FileHandle, bytes: Uint8Array, place: number | null): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const at = place === null ? null : place + done
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at)
    done += bytesWritten
  }
}

/** The error of a file that was not there when its path was chosen, and is there when it is to be created. */
export function appearedMeanwhile(path: string, cause?: unknown): RunError {
  return new RunError({
    code: 'FILE_EXISTS',
    message: `${path} cannot be written: a file of this name was made since the command began.`,
    details: { file: path },
    remedy: 'It stays as it is; choose another path.',
    cause,
  })
}
