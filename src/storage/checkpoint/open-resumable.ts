import type { EarlierWork } from '../earlier-work.js'
import { type CheckpointFolder, type FoundCheckpoint, openCheckpoints } from './checkpoint-folder.js'
import { type ExpectedRun, requireIdentity } from './require-identity.js'

/** A folder of checkpoints, and the one to go on from; null: there is none, or none is wanted. */
export interface Resumable {
  readonly folder: CheckpointFolder
  readonly found: FoundCheckpoint | null
}

/**
 * Opens the folder of checkpoints of a run, which goes on from the newest one if it is to.
 *
 * Raises `InputError` CHECKPOINT_MISMATCH for one of another run, and those of `openCheckpoints` and of reading.
 */
export async function openResumable(path: string, earlier: EarlierWork, run: ExpectedRun): Promise<Resumable> {
  const folder = await openCheckpoints(path, earlier)
  try {
    const found = earlier.resume ? await folder.newest() : null
    if (found !== null) requireIdentity(found, run)
    return { folder, found }
  } catch (error) {
    await folder[Symbol.asyncDispose]()
    throw error
  }
}
