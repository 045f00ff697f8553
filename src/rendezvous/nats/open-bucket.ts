import { type JetStreamManager, jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream'
import { type ObjectStore, Objm } from '@nats-io/obj'
import { InputError } from '../../events/errors.js'
import type { ObjectBucket } from '../../storage/checkpoint/object-bucket.js'
import { bucketExists, bucketMissing } from '../failures.js'
import { infoOf } from './kv-lease-table.js'
import { createNatsBucket, inStore } from './nats-bucket.js'
import { type NatsSetup, troubleAt } from './nats-connection.js'

export function openBucket(setup: NatsSetup, name: string): Promise<ObjectBucket> {
  return withStores(setup, name, async (objects, manager) => {
    if (!(await isThere(setup, name, manager))) throw bucketMissing(name, setup.server)
    return await objects.open(name, false)
  })
}

export function makeBucket(setup: NatsSetup, name: string, maxBytes: number): Promise<ObjectBucket> {
  let tries = 0
  return withStores(setup, name, async (objects, manager) => {
    // One that a try made of which we have not heard is ours.
    if (tries++ === 0 && (await isThere(setup, name, manager))) throw bucketExists(name, setup.server)
    const settings = { storage: StorageType.File, max_bytes: maxBytes }
    const replicas = setup.connection.info?.cluster === undefined ? 1 : 3
    return await objects.create(name, { ...settings, replicas }).catch(async (error: unknown) => {
      if (replicas === 1 || troubleAt(setup, error).kind === 'denied') throw error
      // Fewer servers.
      return await objects.create(name, { ...settings, replicas: 1 })
    })
  })
}

async function withStores(
  setup: NatsSetup,
  name: string,
  open: (objects: Objm, manager: JetStreamManager) => Promise<ObjectStore>,
): Promise<ObjectBucket> {
  requireName(name)
  const { connection, numbers } = setup
  return await inStore(setup, name, async () => {
    const options = { timeout: numbers.requestTimeout, checkAPI: false }
    const manager = await jetstreamManager(connection, options)
    const store = await open(new Objm(jetstream(connection, options)), manager)
    return createNatsBucket(setup, name, store, manager)
  })
}

async function isThere(setup: NatsSetup, name: string, manager: JetStreamManager): Promise<boolean> {
  return (await infoOf(setup, () => manager.streams.info(`OBJ_${name}`))) !== null
}

/** It becomes part of subjects. */
function requireName(name: string): void {
  if (/^[-\w]+$/.test(name)) return
  throw new InputError({
    code: 'BUCKET_NAME_INVALID',
    field: 'bucket',
    found: JSON.stringify(name),
    expected: 'letters, digits, - and _',
  })
}
