import { jetstream, jetstreamManager, StorageType, type StreamInfo } from '@nats-io/jetstream'
import { type KV, type KvEntry, Kvm } from '@nats-io/kv'
import { RunError } from '../../events/errors.js'
import type { LeaseEntry, LeaseRecord, LeaseTable } from '../lease-table.js'
import { type NatsSetup, named, patienceFor, requested, troubleAt } from './nats-connection.js'
import { LEASE_BUCKET } from './subjects.js'

const STREAM = `KV_${LEASE_BUCKET}`

/**
 * Leases in a bucket of keys and values, which is made on disk if it is missing. Its keys never expire, and are read where
 * they are written, not from a copy that may be behind.
 */
export function createKvLeaseTable(setup: NatsSetup): LeaseTable {
  const { isPassing } = patienceFor(setup, LEASE_BUCKET)
  let opened: Promise<KV> | null = null

  return {
    read: (name) =>
      translated(async () => {
        const entry = await (await keys()).get(keyOf(name))
        return entry === null ? { revision: 0, record: null } : entryOf(entry)
      }),
    write: (name, record, revision) =>
      translated(async () => {
        try {
          return await (await keys()).put(keyOf(name), JSON.stringify(record), { previousSeq: revision })
        } catch (error) {
          if (troubleAt(setup, error).kind === 'other-revision') return null
          throw error
        }
      }),
  }

  /** Errors that may pass are raised as they are, so that the call can be repeated. */
  async function translated<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await withKeys(task)
    } catch (error) {
      throw isPassing(error) ? error : named(setup, LEASE_BUCKET, error)
    }
  }

  /** After a failure the bucket is looked up again, since it may have been removed. */
  async function withKeys<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await task()
    } catch (error) {
      opened = null
      if (troubleAt(setup, error).kind !== 'no-stream') throw error
      return await task()
    }
  }

  function keys(): Promise<KV> {
    opened ??= openKeys(setup)
    return opened
  }
}

async function openKeys(setup: NatsSetup): Promise<KV> {
  const { connection, numbers } = setup
  const options = { timeout: numbers.requestTimeout, checkAPI: false }
  const manager = await jetstreamManager(connection, options)
  const kvm = new Kvm(jetstream(connection, options))
  const info = (await infoOf(setup, () => manager.streams.info(STREAM))) ?? (await make())
  requireFit(info, setup.server)
  return await kvm.open(LEASE_BUCKET, { allow_direct: false })

  async function make(): Promise<StreamInfo> {
    const replicas = connection.info?.cluster === undefined ? 1 : 3
    const settings = { history: 1, storage: StorageType.File, allow_direct: false }
    await kvm.create(LEASE_BUCKET, { ...settings, replicas }).catch(async (error: unknown) => {
      if (replicas === 1 || troubleAt(setup, error).kind === 'denied') throw error
      // Fewer servers.
      await kvm.create(LEASE_BUCKET, { ...settings, replicas: 1 })
    })
    return await manager.streams.info(STREAM)
  }
}

/** The server dates what it says of a stream. Null: this one is not there, or not to be seen. */
export async function serverTime(setup: NatsSetup): Promise<number | null> {
  const { connection, numbers } = setup
  return await requested(setup, 'the clock of the server', async () => {
    const manager = await jetstreamManager(connection, { timeout: numbers.requestTimeout, checkAPI: false })
    const info: StreamInfo & { readonly ts?: string } = await manager.streams.info(STREAM)
    const time = Date.parse(info.ts ?? '')
    return Number.isNaN(time) ? null : time
  }).catch((error: unknown) => {
    const { kind } = troubleAt(setup, error)
    if (kind === 'no-stream' || kind === 'no-jetstream') return null
    if (error instanceof RunError && (error.code === 'RENDEZVOUS_DENIED' || error.code === 'JOIN_NO_JETSTREAM'))
      return null
    throw error
  })
}

/** Null for a stream that there is not. */
export async function infoOf(setup: NatsSetup, ask: () => Promise<StreamInfo>): Promise<StreamInfo | null> {
  try {
    return await ask()
  } catch (error) {
    if (troubleAt(setup, error).kind === 'no-stream') return null
    throw error
  }
}

/** The bucket must be on disk, as epochs must outlive the server, and its entries must not expire. */
function requireFit({ config }: StreamInfo, server: string): void {
  const isFit = config.storage === StorageType.File && config.max_age === 0
  if (isFit) return
  throw new RunError({
    code: 'LEASE_BUCKET_UNFIT',
    message: `The bucket ${LEASE_BUCKET} at ${server} forgets: it is kept in memory, or its keys expire.`,
    details: { bucket: LEASE_BUCKET, server },
    remedy: 'Remove it while nothing runs; it is created again, on disk and without expiry.',
  })
}

/** Names of leases may hold what keys may not. */
function keyOf(name: string): string {
  return Buffer.from(name).toString('base64url')
}

function entryOf(entry: KvEntry): LeaseEntry {
  const { revision, operation } = entry
  return { revision, record: operation === 'PUT' ? recordOf(entry.string()) : null }
}

/** Null, as of a lease without a holder, for an entry that cannot be read. */
function recordOf(text: string): LeaseRecord | null {
  try {
    const value = JSON.parse(text) as LeaseRecord | null
    const { token, epoch, holder } = value ?? {}
    const isEpoch = epoch === null || Number.isSafeInteger(epoch)
    const isHolder = [holder?.name, holder?.machine, holder?.since].every((each) => typeof each === 'string')
    return typeof token === 'string' && isEpoch && isHolder ? value : null
  } catch {
    return null
  }
}
