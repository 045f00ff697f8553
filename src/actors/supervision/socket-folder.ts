import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'
import { messageOf } from '../../events/message-of.js'

/** A folder for the Unix sockets of one cluster, which no other user may enter. */
export interface SocketFolder {
  readonly folder: string
  /** Removes it with whatever is left in it. */
  close(): Promise<void>
}

/** Raises `InputError` SOCKET_FOLDER if none can be made. */
export async function openSocketFolder(): Promise<SocketFolder> {
  const place = tmpdir()
  try {
    const folder = await mkdtemp(join(place, 'antidrome-'))
    return { folder, close: () => rm(folder, { recursive: true, force: true }) }
  } catch (cause) {
    const exhaustion = exhaustionOf(cause)
    if (exhaustion !== null) throw exhaustion
    throw new InputError({
      code: 'SOCKET_FOLDER',
      field: 'TMPDIR',
      found: `"${place}", where no folder can be made (${messageOf(cause)})`,
      expected: 'a folder that can be written to',
      remedy: 'Set the environment variable TMPDIR to another folder.',
      cause,
    })
  }
}

/** The same on the way out of a process. */
export function removeSocketFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** The socket of one side. */
export function socketIn(folder: string, side: string): string {
  return join(folder, `${side}.sock`)
}
