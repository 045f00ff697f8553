import type { CheckpointStore, FoundCheckpoint } from './checkpoint-store.js'
import { type ExpectedRun, requireIdentity } from './require-identity.js'

/** Where checkpoints are kept, and the one to go on from; null: there is none, or none is wanted. */
export interface Resumable {
  readonly store: CheckpointStore
  readonly found: FoundCheckpoint | null
}

/**
 * Takes over the store of checkpoints of a run, and resumes the run from the newest one if requested; the store is
 * closed if that fails.
 *
 * Raises `InputError` CHECKPOINT_MISMATCH for one of another run, and what reading raises.
 */
export async function openResumable(
  store: CheckpointStore,
  { resume = false }: { readonly resume?: boolean },
  run: ExpectedRun,
): Promise<Resumable> {
  try {
    const found = resume ? await store.newest() : null
    if (found !== null) requireIdentity(found, run)
    return { store, found }
  } catch (error) {
    await store[Symbol.asyncDispose]()
    throw error
  }
}
