import { InputError } from '../../events/errors.js'
import type { Checkpoint } from './checkpoint.js'
import { CHECKPOINT_VERSION, CheckpointDamage, CheckpointVersionMismatch, decodeCheckpoint } from './checkpoint-file.js'
import type { DamagedCheckpoint, FoundCheckpoint } from './checkpoint-store.js'

/** The bytes of a checkpoint, or what is wrong with them, as a noun phrase. */
export type ReadBytes = { readonly bytes: Uint8Array } | { readonly found: string }

/** The checkpoints of a store. */
export interface StoredCheckpoints {
  /** For people. */
  readonly name: string
  /** What the store is, such as `folder`. */
  readonly kind: string
  /** The newest first. */
  readonly places: readonly string[]
  read(place: string): Promise<ReadBytes>
}

/**
 * The newest checkpoint that is whole; null if there is none at all.
 *
 * Raises `InputError` CHECKPOINT_DAMAGED if there are some, but none is whole, and CHECKPOINT_VERSION.
 */
export async function newestWhole(stored: StoredCheckpoints): Promise<FoundCheckpoint | null> {
  const { places, kind } = stored
  const damaged: DamagedCheckpoint[] = []
  for (const place of places) {
    const read = await stored.read(place)
    const result = 'bytes' in read ? decode(read.bytes, place, kind) : read
    if ('checkpoint' in result) return { place, damaged, ...result }
    damaged.push({ place, ...result })
  }
  if (damaged.length === 0) return null
  throw allDamaged(stored, damaged)
}

function decode(
  bytes: Uint8Array,
  place: string,
  kind: string,
): { readonly checkpoint: Checkpoint } | { readonly found: string } {
  try {
    return { checkpoint: decodeCheckpoint(bytes) }
  } catch (cause) {
    if (cause instanceof CheckpointVersionMismatch) throw otherVersion(place, kind, cause)
    if (cause instanceof CheckpointDamage) return { found: cause.message }
    throw cause
  }
}

function otherVersion(place: string, kind: string, cause: CheckpointVersionMismatch): InputError {
  return new InputError({
    code: 'CHECKPOINT_VERSION',
    file: place,
    field: 'version',
    found: String(cause.found),
    expected: String(CHECKPOINT_VERSION),
    remedy: `Resume with the version of antidrome that wrote it, or choose another ${kind}.`,
    cause,
  })
}

function allDamaged({ name, kind }: StoredCheckpoints, damaged: readonly DamagedCheckpoint[]): InputError {
  return new InputError({
    code: 'CHECKPOINT_DAMAGED',
    file: name,
    field: 'checkpoints',
    found: damaged.map(({ place, found }) => `${found} (${place})`).join('; '),
    expected: 'at least one whole checkpoint',
    remedy: `Choose another ${kind}, or start again with --overwrite in place of --resume.`,
  })
}
