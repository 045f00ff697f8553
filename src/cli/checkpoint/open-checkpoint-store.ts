import { InputError, InternalError } from '../../events/errors.js'
import { openBucketCheckpoints } from '../../storage/checkpoint/bucket-checkpoints.js'
import { openCheckpoints } from '../../storage/checkpoint/checkpoint-folder.js'
import type { TakeLease } from '../../storage/checkpoint/checkpoint-lease.js'
import type { CheckpointStore } from '../../storage/checkpoint/checkpoint-store.js'
import type { ObjectBucket } from '../../storage/checkpoint/object-bucket.js'
import type { EarlierWork } from '../../storage/earlier-work.js'
import { type CheckpointPlace, formatPlace } from './checkpoint-place.js'

/** What keeps objects and leases for many machines, as long as it is needed. */
export interface ObjectStore extends AsyncDisposable {
  /** Raises `InputError` BUCKET_MISSING. */
  bucket(name: string): Promise<ObjectBucket>
  readonly takeLease: TakeLease
}

/** What the command line says of the server that keeps objects. */
export interface JoinFlag {
  readonly join?: string
}

/** Connects to the store of objects that a command line names. */
export type OpenObjectStore = (flags: JoinFlag) => Promise<ObjectStore>

/** No server can be joined yet. */
export const openStoreOf: OpenObjectStore = async () => {
  throw new InputError({
    code: 'FLAG_VALUE_UNSUPPORTED',
    field: '--checkpoint',
    found: 'a place in an object store',
    expected: 'a folder',
    remedy: 'This version does not support object stores yet.',
  })
}

/**
 * Opens the place where a run keeps its checkpoints, until it is disposed of.
 *
 * Raises what `openCheckpoints`, `openBucketCheckpoints` and connecting raise.
 *
 * @param place with a prefix
 * @param openStore asked for objects only
 */
export async function openCheckpointStore(
  place: CheckpointPlace,
  earlier: EarlierWork,
  openStore: () => Promise<ObjectStore>,
): Promise<CheckpointStore> {
  if (place.kind === 'folder') return openCheckpoints(place.path, earlier)
  const { prefix } = place
  if (prefix === null) throw new InternalError(`${formatPlace(place)} has no prefix.`)
  const objects = await openStore()
  try {
    const bucket = await objects.bucket(place.bucket)
    const store = await openBucketCheckpoints({ bucket, prefix, takeLease: (name) => objects.takeLease(name) }, earlier)
    return {
      ...store,
      async [Symbol.asyncDispose]() {
        await using _connection = objects
        await store[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await objects[Symbol.asyncDispose]()
    throw error
  }
}
