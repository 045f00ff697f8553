import { AntidromeError, InputError, RunError } from '../../events/errors.js'
import type { EarlierWork } from '../earlier-work.js'
import { encodeCheckpoint } from './checkpoint-file.js'
import { type CheckpointStore, KEPT_CHECKPOINTS } from './checkpoint-store.js'
import { checkpointsExist } from './checkpoints-exist.js'
import type { Lease, TakeLease } from './lease.js'
import { newestWhole, type ReadBytes } from './newest-whole.js'
import type { ObjectBucket } from './object-bucket.js'
import { isStoreAway } from './object-bucket.js'

const KIND = 'prefix'
const NETWORK = 'network.json'
const NAME = /^checkpoint-(\d{10,16})-(\d{6,15})\.antd$/

/** Where the checkpoints of a run are among the objects of a bucket. */
export interface BucketPlace {
  readonly bucket: ObjectBucket
  /** Without a slash at its end. */
  readonly prefix: string
  readonly takeLease: TakeLease
}

/** An object with the name of a checkpoint. */
interface NamedCheckpoint {
  readonly name: string
  /** Of the lease of who wrote it. */
  readonly epoch: number
  readonly number: number
}

/**
 * Opens the checkpoints of a run in a bucket, `PREFIX/checkpoint-<epoch>-<number>.antd`, and takes the lease of
 * `BUCKET/PREFIX` until they are closed. Those of an earlier run are treated as in a folder.
 *
 * A writer whose lease another process has taken may not know it yet: the newest checkpoint is that of the highest
 * epoch, whatever such a writer still adds, and no writer removes one of a later epoch than its own.
 *
 * Raises `InputError` LEASE_HELD, CHECKPOINTS_EXIST; `RunError` LEASE_BEHIND, LEASE_LOST, STORE_UNREACHABLE, STORE_DENIED.
 */
export async function openBucketCheckpoints(place: BucketPlace, earlier: EarlierWork = {}): Promise<CheckpointStore> {
  const { resume = false, overwrite = false } = earlier
  const { bucket, prefix } = place
  const name = `object:${bucket.name}/${prefix}`
  const lease = await takeLease(place, name)
  try {
    const before = await checkpointsIn(place)
    await requireLatest(name, lease, before)
    if (before.length > 0 && !resume && !overwrite) throw checkpointsExist(name, before.length, KIND)
    const replaced = overwrite && !resume ? before.map((each) => each.name) : []
    return createBucketStore(place, { name, lease, replaced: new Set(replaced), overwrite })
  } catch (error) {
    await lease[Symbol.asyncDispose]()
    throw error
  }
}

interface OpenedStore {
  readonly name: string
  readonly lease: Lease
  /** Objects of an earlier run, which go with the first checkpoint. */
  readonly replaced: ReadonlySet<string>
  readonly overwrite: boolean
}

function createBucketStore(place: BucketPlace, { name, lease, replaced, overwrite }: OpenedStore): CheckpointStore {
  const { bucket, prefix } = place
  const inWords = (object: string) => `object:${bucket.name}/${object}`
  const network = `${prefix}/${NETWORK}`
  /** A write without a reply may have been done all the same. */
  let last = 0

  async function removeBeyond(before: readonly NamedCheckpoint[]): Promise<void> {
    const own = before.filter(({ epoch }) => epoch <= lease.epoch)
    const kept = own.filter((each) => !replaced.has(each.name)).slice(0, KEPT_CHECKPOINTS - 1)
    try {
      for (const old of own.filter((each) => !kept.includes(each))) await removeIfThere(bucket, old.name)
    } catch (error) {
      // They go with the next one.
      if (!isStoreAway(error)) throw error
    }
  }

  return {
    name,
    lease,
    async keepNetwork(text) {
      await lease.confirm()
      const bytes = new TextEncoder().encode(text)
      if (await createIfMissing(bucket, network, bytes)) return
      if (Buffer.compare(await bucket.read(network).catch(damagedAsNone), bytes) === 0) return
      if (!overwrite) throw otherNetwork(inWords(network))
      await removeIfThere(bucket, network)
      await bucket.create(network, bytes)
    },
    async write(checkpoint) {
      await lease.confirm()
      const before = await checkpointsIn(place)
      last = Math.max(last, ...before.map(({ number }) => number)) + 1
      const object = `${prefix}/${nameOf(lease.epoch, last)}`
      await bucket.create(object, Buffer.concat(encodeCheckpoint(checkpoint)))
      await removeBeyond(before)
      return inWords(object)
    },
    async newest() {
      const objects = new Map((await checkpointsIn(place)).map((each) => [inWords(each.name), each.name]))
      const read = (object: string) => readBytes(bucket, objects.get(object) ?? object)
      return newestWhole({ name, kind: KIND, places: [...objects.keys()], read })
    },
    [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
  }
}

function nameOf(epoch: number, number: number): string {
  return `checkpoint-${String(epoch).padStart(10, '0')}-${String(number).padStart(6, '0')}.antd`
}

/** A run of which a bucket keeps something. */
export interface KeptRun {
  readonly prefix: string
  readonly checkpoints: number
  /** Name of the newest checkpoint below the prefix; null: there is a network file alone. */
  readonly newest: string | null
}

/**
 * The runs of which a bucket keeps something, by their prefixes.
 *
 * @param within the prefix of one run, or of several with a slash behind it; null: all runs
 */
export async function keptRuns(bucket: ObjectBucket, within: string | null): Promise<readonly KeptRun[]> {
  const prefixes = (await bucket.names(within === null ? '' : `${within}/`)).flatMap((name) => {
    const end = name.lastIndexOf('/')
    return end > 0 && isOfRun(name.slice(end + 1)) ? [name.slice(0, end)] : []
  })
  return Promise.all([...new Set(prefixes)].sort().map((prefix) => keptRun(bucket, prefix)))
}

/**
 * Removes what a bucket keeps of a run, and tells what that was; null: nothing.
 *
 * Raises `InputError` LEASE_HELD for a run that is running; `RunError` STORE_UNREACHABLE, STORE_DENIED.
 */
export async function removeKeptRun(place: BucketPlace): Promise<KeptRun | null> {
  const { bucket, prefix } = place
  await using _lease = await takeLease(place, `object:${bucket.name}/${prefix}`)
  const names = (await bucket.names(`${prefix}/`)).filter((name) => isOfRun(name.slice(prefix.length + 1)))
  if (names.length === 0) return null
  const run = await keptRun(bucket, prefix)
  for (const name of names) await removeIfThere(bucket, name)
  return run
}

async function keptRun(bucket: ObjectBucket, prefix: string): Promise<KeptRun> {
  const found = await checkpointsIn({ bucket, prefix })
  const newest = found[0]?.name.slice(prefix.length + 1) ?? null
  return { prefix, checkpoints: found.length, newest }
}

const isOfRun = (name: string) => name === NETWORK || NAME.test(name)

/** The newest first. */
async function checkpointsIn({ bucket, prefix }: Omit<BucketPlace, 'takeLease'>): Promise<readonly NamedCheckpoint[]> {
  const names = await bucket.names(`${prefix}/`)
  const found = names.flatMap((name) => {
    const parts = NAME.exec(name.slice(prefix.length + 1))
    return parts === null ? [] : [{ name, epoch: Number(parts[1]), number: Number(parts[2]) }]
  })
  return found.sort((a, b) => b.epoch - a.epoch || b.number - a.number)
}

async function readBytes(bucket: ObjectBucket, object: string): Promise<ReadBytes> {
  try {
    return { bytes: await bucket.read(object) }
  } catch (error) {
    if (hasCode(error, 'OBJECT_DAMAGED')) return { found: 'an object whose parts do not match its checksum' }
    if (hasCode(error, 'OBJECT_MISSING')) return { found: 'an object that is gone' }
    // It may be whole: an older one must not take its place.
    throw error
  }
}

/** Whether an object is new. */
async function createIfMissing(bucket: ObjectBucket, object: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await bucket.create(object, bytes)
    return true
  } catch (error) {
    if (hasCode(error, 'OBJECT_EXISTS')) return false
    throw error
  }
}

async function removeIfThere(bucket: ObjectBucket, object: string): Promise<void> {
  await bucket.remove(object).catch((error: unknown) => {
    if (!hasCode(error, 'OBJECT_MISSING')) throw error
  })
}

function damagedAsNone(error: unknown): Uint8Array {
  if (hasCode(error, 'OBJECT_DAMAGED')) return new Uint8Array(0)
  throw error
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof AntidromeError && error.code === code
}

/** A lease held by another process is a mistake of the same kind as a folder in use. */
async function takeLease({ bucket, prefix, takeLease: take }: BucketPlace, name: string): Promise<Lease> {
  try {
    return await take(`${bucket.name}/${prefix}`)
  } catch (cause) {
    if (!(cause instanceof RunError) || cause.code !== 'LEASE_HELD') throw cause
    const { holder, machine } = cause.details
    const who = holder === undefined ? 'another run' : `${holder}${machine === undefined ? '' : ` on ${machine}`}`
    throw new InputError({
      code: 'LEASE_HELD',
      file: name,
      field: 'lease',
      found: `that of ${who}, which is running`,
      expected: 'checkpoints that no other run writes',
      remedy: `Wait until it has ended, or choose another ${KIND}.`,
      cause,
    })
  }
}

/** Epochs only grow as long as the leases are kept: with a lower one, no checkpoint of this run would ever be the newest. */
async function requireLatest(name: string, lease: Lease, [newest]: readonly NamedCheckpoint[]): Promise<void> {
  if (newest === undefined || newest.epoch <= lease.epoch) return
  await lease.confirm()
  throw new RunError({
    code: 'LEASE_BEHIND',
    message: `${name} holds a checkpoint of epoch ${newest.epoch}, and the lease has epoch ${lease.epoch}: the store of leases was created again.`,
    details: { place: name, found: lease.epoch, expected: newest.epoch },
    remedy: `Copy the newest checkpoint to another ${KIND}, with an epoch of 0 in its name, and resume there.`,
  })
}

function otherNetwork(object: string): InputError {
  return new InputError({
    code: 'CHECKPOINT_MISMATCH',
    file: object,
    field: 'network',
    found: 'the file of another network',
    expected: 'that of this run, or none',
    remedy: `Choose another ${KIND}, or replace it with --overwrite.`,
  })
}
