import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'
import type { EarlierWork } from '../earlier-work.js'
import { openLocked } from '../lock/lock-folder.js'
import { readRegular } from '../regular-file.js'
import { removeDrafts, unwritable, writeAtomically } from '../write-atomically.js'
import type { Checkpoint } from './checkpoint.js'
import {
  CHECKPOINT_VERSION,
  CheckpointDamage,
  CheckpointVersionMismatch,
  decodeCheckpoint,
  encodeCheckpoint,
} from './checkpoint-file.js'

/** As many checkpoints stay, the newest ones: should one be damaged, there are others. */
const KEPT = 3

const BEGINNING = 'checkpoint-'
const NAME = /^checkpoint-(\d{6,15})\.antd$/

/** Whether a file has the name of a checkpoint. */
export function isCheckpoint(name: string): boolean {
  return NAME.test(name)
}

/** A file that ought to be a checkpoint. */
export interface DamagedCheckpoint {
  readonly file: string
  /** What is wrong with it, as a noun phrase. */
  readonly found: string
}

/** A checkpoint that was found. */
export interface FoundCheckpoint {
  readonly file: string
  readonly checkpoint: Checkpoint
  /** Newer ones that are of no use, the newest first. */
  readonly damaged: readonly DamagedCheckpoint[]
}

/** The folder in which a run keeps its checkpoints, locked until it is closed. */
export interface CheckpointFolder extends AsyncDisposable {
  readonly path: string
  /**
   * Writes the next checkpoint, as a whole or not at all, then removes all but the newest three; resolves to its path.
   *
   * Raises `RunError` FILE_UNWRITABLE; then those that were there still are.
   */
  write(checkpoint: Checkpoint): Promise<string>
  /**
   * The newest one that is whole; null if there is none at all.
   *
   * Raises `InputError` CHECKPOINT_DAMAGED if there are some, but none is whole, and CHECKPOINT_VERSION.
   */
  newest(): Promise<FoundCheckpoint | null>
}

/**
 * Opens a folder of checkpoints, and clears away what a write that was cut short has left. Checkpoints of an earlier run are
 * refused, unless they are to be gone on with (`resume`) or replaced (`overwrite`): then the first one that is written
 * takes their place.
 *
 * Raises `InputError` FOLDER_IN_USE, CHECKPOINTS_EXIST; `RunError` FILE_UNWRITABLE.
 */
export function openCheckpoints(path: string, earlier: EarlierWork = {}): Promise<CheckpointFolder> {
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
  throw new InputError({
    code: 'CHECKPOINTS_EXIST',
    file: path,
    field: 'checkpoints',
    found: `${length === 1 ? 'a checkpoint' : `${length} checkpoints`} of an earlier run`,
    expected: 'a folder without any',
    remedy: 'Go on from them with --resume, choose another folder, or replace them with --overwrite.',
  })
}

function createCheckpointFolder(
  path: string,
  { resume = false, overwrite = false }: EarlierWork,
  release: () => Promise<void>,
): CheckpointFolder {
  /** So many of those that are there stay. */
  let kept = overwrite && !resume ? 0 : KEPT - 1

  async function write(checkpoint: Checkpoint): Promise<string> {
    const before = await namesIn(path)
    const number = before[0] === undefined ? 1 : numberOf(before[0]) + 1
    const file = join(path, `${BEGINNING}${String(number).padStart(6, '0')}.antd`)
    await writeAtomically(file, encodeCheckpoint(checkpoint))
    for (const old of before.slice(kept))
      await rm(join(path, old), { force: true }).catch((cause: unknown) => {
        throw unwritable(join(path, old), cause)
      })
    kept = KEPT - 1
    return file
  }

  async function newest(): Promise<FoundCheckpoint | null> {
    const damaged: DamagedCheckpoint[] = []
    for (const name of await namesIn(path)) {
      const file = join(path, name)
      const read = await readCheckpoint(file)
      if ('checkpoint' in read) return { file, damaged, ...read }
      damaged.push({ file, ...read })
    }
    if (damaged.length === 0) return null
    throw allDamaged(path, damaged)
  }

  return { path, write, newest, [Symbol.asyncDispose]: release }
}

function numberOf(name: string): number {
  return Number(NAME.exec(name)?.[1])
}

/** The checkpoint, or what is wrong with it; raises `InputError` CHECKPOINT_VERSION. */
async function readCheckpoint(file: string): Promise<{ readonly checkpoint: Checkpoint } | { readonly found: string }> {
  try {
    return { checkpoint: decodeCheckpoint(await readRegular(file)) }
  } catch (cause) {
    if (cause instanceof CheckpointVersionMismatch) throw otherVersion(file, cause)
    // It may be whole: an older one must not take its place.
    const exhaustion = exhaustionOf(cause)
    if (exhaustion !== null) throw exhaustion
    return { found: cause instanceof CheckpointDamage ? cause.message : `a file that cannot be read: ${cause}` }
  }
}

function otherVersion(file: string, cause: CheckpointVersionMismatch): InputError {
  return new InputError({
    code: 'CHECKPOINT_VERSION',
    file,
    field: 'version',
    found: String(cause.found),
    expected: String(CHECKPOINT_VERSION),
    remedy: 'Resume with the version of antidrome that wrote it, or choose another folder.',
    cause,
  })
}

function allDamaged(path: string, damaged: readonly DamagedCheckpoint[]): InputError {
  return new InputError({
    code: 'CHECKPOINT_DAMAGED',
    file: path,
    field: 'checkpoints',
    found: damaged.map(({ file, found }) => `${found} (${file})`).join('; '),
    expected: 'at least one whole checkpoint',
    remedy: 'Choose another folder, or start anew with --overwrite in place of --resume.',
  })
}
