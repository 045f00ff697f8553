import { createHash } from 'node:crypto'
import type { JetStreamManager } from '@nats-io/jetstream'
import type { ObjectInfo, ObjectStore } from '@nats-io/obj'
import type { ObjectBucket } from '../../storage/checkpoint/object-bucket.js'
import { startWaiting } from '../../streams/waiting.js'
import {
  denied,
  objectDamaged,
  objectExists,
  objectMissing,
  objectTooLarge,
  storeFailure,
  storeFull,
  storeUnreachable,
} from '../failures.js'
import { patiently } from '../patiently.js'
import { type NatsSetup, named, patienceFor, troubleAt } from './nats-connection.js'

/** An object store of JetStream, of which one at least has been seen to be there. */
export function createNatsBucket(
  setup: NatsSetup,
  bucket: string,
  store: ObjectStore,
  manager: JetStreamManager,
): ObjectBucket {
  const { numbers } = setup
  const stream = `OBJ_${bucket}`
  const subjects = createSubjects(bucket)
  const { infoOf, lastOf, put } = createNamedObjects(setup, bucket, store)

  return { name: bucket, names, read, create, remove }

  function names(prefix: string): Promise<readonly string[]> {
    return inStore(setup, bucket, async () => {
      const { state } = await manager.streams.info(stream, { subjects_filter: subjects.meta('>') })
      const all = Object.keys(state.subjects ?? {}).map(subjects.nameOf)
      const wanted = all.filter((name) => name.startsWith(prefix)).sort()
      const living = await Promise.all(wanted.map(async (name) => ((await infoOf(name)) === null ? [] : [name])))
      return living.flat()
    })
  }

  function read(name: string): Promise<Uint8Array> {
    return inStore(setup, bucket, async () => {
      const info = await infoOf(name)
      if (info === null) throw objectMissing(bucket, name)
      if (info.size > numbers.mostObject) throw objectTooLarge(bucket, name, info.size, numbers.mostObject)
      await requirePieces(name, info)
      const result = await store.get(letters(name))
      if (result === null) throw objectMissing(bucket, name)
      // It is raised by the stream as well.
      result.error.catch(() => undefined)
      const bytes = await collect({ setup, bucket, name }, info.size, result.data.getReader())
      if (digestOf(bytes) !== result.info.digest) throw objectDamaged(bucket, name, 'its digest is another')
      return bytes
    })
  }

  function create(name: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > numbers.mostObject) {
      return Promise.reject(objectTooLarge(bucket, name, bytes.length, numbers.mostObject))
    }
    const digest = digestOf(bytes)
    let tries = 0
    return inStore(setup, bucket, async () => {
      tries++
      const last = await lastOf(name)
      if (last !== null && !last.deleted) {
        // Our own, of which we have not heard that it has come.
        if (tries > 1 && last.digest === digest && last.size === bytes.length) return
        throw objectExists(bucket, name)
      }
      await put(name, bytes, last?.revision ?? 0)
    })
  }

  /** Without the mark that the object store would leave, which would stay for ever. */
  function remove(name: string): Promise<void> {
    return inStore(setup, bucket, async () => {
      const last = await lastOf(name)
      if (last === null) return
      await manager.streams.purge(stream, { filter: subjects.meta(encodeName(name)) })
      await manager.streams.purge(stream, { filter: subjects.pieces(last) })
    })
  }

  /** A reader would wait for ever for a piece that is not there. */
  async function requirePieces(name: string, info: ObjectInfo): Promise<void> {
    const { state } = await manager.streams.info(stream, { subjects_filter: subjects.pieces(info) })
    const [found = 0] = Object.values(state.subjects ?? {})
    if (found !== info.chunks) throw objectDamaged(bucket, name, `${found} of ${info.chunks} pieces are there`)
  }
}

/** Objects of a store by their names, as far as one request goes. */
function createNamedObjects(setup: NatsSetup, bucket: string, store: ObjectStore) {
  return { infoOf, lastOf, put }

  async function infoOf(name: string): Promise<ObjectInfo | null> {
    const last = await lastOf(name)
    return last === null || last.deleted ? null : last
  }

  /** Also of an object that was removed. */
  async function lastOf(name: string): Promise<ObjectInfo | null> {
    try {
      return await store.info(letters(name))
    } catch (error) {
      if (troubleAt(setup, error).kind === 'no-message') return null
      throw error
    }
  }

  async function put(name: string, bytes: Uint8Array, previousRevision: number): Promise<void> {
    try {
      await store.putBlob({ name: letters(name) }, bytes, { previousRevision, timeout: setup.numbers.requestTimeout })
    } catch (error) {
      const { kind } = troubleAt(setup, error)
      if (kind === 'full') throw storeFull(bucket, name, error)
      if (kind === 'other-revision') throw objectExists(bucket, name)
      throw error
    }
  }
}

/** An object that is being read. */
interface ReadObject {
  readonly setup: NatsSetup
  readonly bucket: string
  readonly name: string
}

async function collect(
  object: ReadObject,
  size: number,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array> {
  const { bucket, name } = object
  const bytes = new Uint8Array(size)
  let length = 0
  try {
    for (;;) {
      const { done, value } = await unlessStalled(object, reader.read())
      if (done) break
      if (length + value.length > size) throw objectDamaged(bucket, name, 'it is longer than it should be')
      bytes.set(value, length)
      length += value.length
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined)
    const isCorrupt = error instanceof Error && error.message.startsWith('received a corrupt object')
    throw isCorrupt ? objectDamaged(bucket, name, 'its digest is another', error) : error
  }
  if (length !== size) throw objectDamaged(bucket, name, `${length} of ${size} bytes are there`)
  return bytes
}

/** nats.js waits for ever, also where the server does not let this user hear of the pieces. */
function unlessStalled<Result>({ setup, bucket, name }: ReadObject, piece: Promise<Result>): Promise<Result> {
  const { clock, status$, numbers } = setup
  return new Promise((resolve, reject) => {
    const waiting = startWaiting(clock, numbers.stall, () => {
      const what = `No more pieces of ${name} come from the bucket ${bucket}.`
      end(() => reject(storeFailure({ code: 'STORE_UNREACHABLE', what, bucket, details: { object: name } })))
    })
    const denials = status$.subscribe((status) => {
      if (status.kind !== 'denied' || !status.subject.startsWith('$JS.')) return
      end(() => reject(denied(status.operation, status.subject)))
    })
    piece.then(
      (result) => end(() => resolve(result)),
      (error) => end(() => reject(error)),
    )

    function end(settle: () => void): void {
      waiting[Symbol.dispose]()
      denials.unsubscribe()
      settle()
    }
  })
}

/** The subjects at which the object store keeps what it knows of objects, and their pieces. */
function createSubjects(bucket: string) {
  const meta = (token: string) => `$O.${bucket}.M.${token}`
  return {
    meta,
    pieces: ({ nuid }: ObjectInfo) => `$O.${bucket}.C.${nuid}`,
    nameOf: (subject: string) => Buffer.from(subject.slice(meta('').length), 'base64url').toString('utf8'),
  }
}

/** Tries again what may pass; errors become those of a store. */
export async function inStore<Result>(setup: NatsSetup, bucket: string, task: () => Promise<Result>): Promise<Result> {
  const giveUp = (_: number, cause: unknown) => storeUnreachable(bucket, cause)
  try {
    return await patiently(task, { ...patienceFor(setup, bucket), giveUp })
  } catch (error) {
    throw inWordsOfStore(setup, bucket, error)
  }
}

function inWordsOfStore(setup: NatsSetup, bucket: string, error: unknown): unknown {
  const trouble = troubleAt(setup, error)
  if (trouble.kind === 'full') return storeFull(bucket, 'anything more', error)
  if (trouble.kind === 'closed') return storeUnreachable(bucket, error)
  if (trouble.kind === 'no-stream') return storeUnreachable(bucket, error)
  const refusal = named(setup, bucket, error)
  if (!(refusal instanceof Error) || !('code' in refusal) || refusal.code !== 'RENDEZVOUS_DENIED') return refusal
  const { subject = '', operation = '' } = (refusal as { details?: Record<string, string | number> }).details ?? {}
  return storeFailure({
    code: 'STORE_DENIED',
    what: `The server does not let this user ${operation} ${operation === 'publish' ? 'at' : 'to'} ${subject}, which the bucket ${bucket} needs.`,
    bucket,
    details: { subject, operation },
    remedy: 'Give the user this right in the configuration of the server, or join as another one.',
    cause: error,
  })
}

/** nats.js takes every letter of a name for one byte of its subject, which in other clients is a name in UTF-8. */
function letters(name: string): string {
  return Buffer.from(name).toString('latin1')
}

/** As the object store writes it: base64 for URLs, padded. */
function encodeName(name: string): string {
  return padded(Buffer.from(name).toString('base64url'))
}

function digestOf(bytes: Uint8Array): string {
  return `SHA-256=${padded(createHash('sha256').update(bytes).digest('base64url'))}`
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}
