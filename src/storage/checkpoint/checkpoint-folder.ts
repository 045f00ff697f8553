import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exhaustionOf } from '../../events/exhaustion.js'
import type { EarlierWork } from '../earlier-work.js'
import { openLocked } from '../lock/lock-folder.js'
import { readRegular } from '../regular-file.js'
import { removeDrafts, unwritable, writeAtomically } from '../write-atomically.js'
import type { Checkpoint } from './checkpoint.js'
import { encodeCheckpoint } from './checkpoint-file.js'
import { type CheckpointStore, KEPT_CHECKPOINTS } from './checkpoint-store.js'
import { checkpointsExist } from './checkpoints-exist.js'
import { newestWhole, type ReadBytes } from './newest-whole.js'

const KIND = 'folder'
const BEGINNING = 'checkpoint-'
const NAME = /^checkpoint-(\d{6,15})\.antd$/

/** Whether a file has the name of a checkpoint. */
export function isCheckpoint(name: string): boolean {
  return NAME.test(name)
}

/**
 * Opens a folder of checkpoints, and clears away what a write that was cut short has left. Checkpoints of an earlier run are
 * refused, unless they are to be gone on with (`resume`) or replaced (`overwrite`): then the first one that is written
 * takes their place.
 *
 * Raises `InputError` FOLDER_IN_USE, CHECKPOINTS_EXIST; `RunError` FILE_UNWRITABLE.
 */
export function openCheckpoints(path: string, earlier: EarlierWork = {}): Promise<CheckpointStore> {
  return openLocked(path, 'checkpoints', async ({ release }) => {
    const folder = createCheckpointFolder(path, earlier, release)
    await removeDrafts(path, [BEGINNING])
    const { resume = false, overwrite = false } = earlier
    if (!resume && !overwrite) await requireNone(path)
    return folder
  })
}

/** The names of the checkpoints in a folder, the newest first. */
async function namesIn(path: string): Promise<readonly string[]> {
  const found = await readdir(path).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
  return found.filter(isCheckpoint).sort((a, b) => numberOf(b) - numberOf(a))
}

async function requireNone(path: string): Promise<void> {
  const { length } = await namesIn(path)
  if (length === 0) return
  throw checkpointsExist(path, length, KIND)
}

function createCheckpointFolder(
  path: string,
  { resume = false, overwrite = false }: EarlierWork,
  release: () => Promise<void>,
): CheckpointStore {
  /** Number of existing checkpoints that are kept. */
  let kept = overwrite && !resume ? 0 : KEPT_CHECKPOINTS - 1

  async function write(checkpoint: Checkpoint): Promise<string> {
    const before = await namesIn(path)
    const number = before[0] === undefined ? 1 : numberOf(before[0]) + 1
    const file = join(path, `${BEGINNING}${String(number).padStart(6, '0')}.antd`)
    await writeAtomically(file, encodeCheckpoint(checkpoint))
    for (const old of before.slice(kept))
      await rm(join(path, old), { force: true }).catch((cause: unknown) => {
        throw unwritable(join(path, old), cause)
      })
    kept = KEPT_CHECKPOINTS - 1
    return file
  }

  return {
    name: path,
    lease: null,
    keepNetwork: async () => undefined,
    write,
    async newest() {
      const places = (await namesIn(path)).map((name) => join(path, name))
      return newestWhole({ name: path, kind: KIND, places, read: readBytes })
    },
    [Symbol.asyncDispose]: release,
  }
}

function numberOf(name: string): number {
  return Number(NAME.exec(name)?.[1])
}

async function readBytes(file: string): Promise<ReadBytes> {
  try {
    return { bytes: await readRegular(file) }
  } catch (cause) {
    // It may be whole: an older one must not take its place.
    const exhaustion = exhaustionOf(cause)
    if (exhaustion !== null) throw exhaustion
    return { found: `a file that cannot be read: ${cause}` }
  }
}
