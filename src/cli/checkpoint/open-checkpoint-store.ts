import { hostname } from 'node:os'
import { InternalError } from '../../events/errors.js'
import { openBucketCheckpoints } from '../../storage/checkpoint/bucket-checkpoints.js'
import { openCheckpoints } from '../../storage/checkpoint/checkpoint-folder.js'
import type { CheckpointStore } from '../../storage/checkpoint/checkpoint-store.js'
import type { TakeLease } from '../../storage/checkpoint/lease.js'
import type { ObjectBucket } from '../../storage/checkpoint/object-bucket.js'
import type { EarlierWork } from '../../storage/earlier-work.js'
import type { JoinFlags } from '../join/join-flags.js'
import { joinRendezvous } from '../join/join-rendezvous.js'
import { type CheckpointPlace, formatPlace } from './checkpoint-place.js'

/** What keeps objects and leases for many machines, as long as it is needed. */
export interface ObjectStore extends AsyncDisposable {
  /** Raises `InputError` BUCKET_MISSING. */
  bucket(name: string): Promise<ObjectBucket>
  readonly takeLease: TakeLease
}

/** Connects to the store of objects that a command line names. */
export type OpenObjectStore = (flags: JoinFlags) => Promise<ObjectStore>

/** The store at the server of `--join`; this process takes the lease there. */
export const openStoreOf: OpenObjectStore = async (flags) => {
  const { join } = flags
  if (join === undefined) throw new InternalError('Objects are kept at the server of --join, which was not given.')
  const rendezvous = await joinRendezvous({ ...flags, join }, 'coordinator')
  const holder = () => {
    return { name: `process ${process.pid}`, machine: hostname(), since: new Date().toISOString() }
  }
  return {
    bucket: (name) => rendezvous.bucket(name),
    takeLease: (name) => rendezvous.takeLease(name, holder()),
    [Symbol.asyncDispose]: async () => rendezvous[Symbol.asyncDispose](),
  }
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
