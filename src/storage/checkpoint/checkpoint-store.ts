import type { Checkpoint } from './checkpoint.js'
import type { Lease } from './lease.js'

/** As many checkpoints stay, the newest ones: should one be damaged, there are others. */
export const KEPT_CHECKPOINTS = 3

/** A file or object that ought to be a checkpoint. */
export interface DamagedCheckpoint {
  /** For people: a path, or the name of an object with its bucket. */
  readonly place: string
  /** What is wrong with it, as a noun phrase. */
  readonly found: string
}

/** A checkpoint that was found. */
export interface FoundCheckpoint {
  readonly place: string
  readonly checkpoint: Checkpoint
  /** Newer ones that are of no use, the newest first. */
  readonly damaged: readonly DamagedCheckpoint[]
}

/** Where a run keeps its checkpoints; it is the only writer until the store is disposed of. */
export interface CheckpointStore extends AsyncDisposable {
  /** For people: the path of a folder, or `object:BUCKET/PREFIX`. */
  readonly name: string
  /** What keeps others from writing; null for a folder, which has a lock of its own. */
  readonly lease: Lease | null
  /**
   * Keeps the file of the run's network beside the checkpoints, so that the run can be taken up on a machine that has no such
   * file. One with the same bytes stays. A folder keeps none: it lies where the file is.
   *
   * Raises `InputError` CHECKPOINT_MISMATCH for the file of another network, and what `write` raises.
   */
  keepNetwork(text: string): Promise<void>
  /**
   * Writes the next checkpoint, as a whole or not at all, then removes all but the newest three; resolves to its place.
   *
   * Raises `RunError` FILE_UNWRITABLE; of an object store LEASE_LOST, STORE_DENIED, and what `isStoreAway` tells apart: then
   * those that were there still are.
   */
  write(checkpoint: Checkpoint): Promise<string>
  /**
   * The newest one that is whole; null if there is none at all.
   *
   * Raises `InputError` CHECKPOINT_DAMAGED if there are some, but none is whole, and CHECKPOINT_VERSION; `RunError`
   * STORE_UNREACHABLE, STORE_DENIED.
   */
  newest(): Promise<FoundCheckpoint | null>
}
