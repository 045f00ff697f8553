import { beforeEach, describe, expect, test } from 'vitest'
import { createDeferred } from '../../../src/events/deferred.js'
import { RunError } from '../../../src/events/errors.js'
import { openBucketCheckpoints } from '../../../src/storage/checkpoint/bucket-checkpoints.js'
import { isStoreAway } from '../../../src/storage/checkpoint/object-bucket.js'
import type { EarlierWork } from '../../../src/storage/earlier-work.js'
import { checkpointOf, describeCheckpointStore } from '../../suites/checkpoint-store-suite.js'
import { createMemoryBucket, type MemoryBucket } from '../../support/memory-bucket.js'
import { createMemoryLeases, type MemoryLeases } from '../../support/memory-leases.js'

const NAME = 'object:bucket/runs/first'
const LEASE = 'bucket/runs/first'

let bucket: MemoryBucket
let leases: MemoryLeases
beforeEach(() => {
  bucket = createMemoryBucket()
  leases = createMemoryLeases()
})

const open = (earlier?: EarlierWork) => {
  return openBucketCheckpoints({ bucket, prefix: 'runs/first', takeLease: leases.takeLease }, earlier)
}
const namesBehind = (prefix: string) => [...bucket.objects.keys()].sort().map((name) => name.slice(prefix.length))

describeCheckpointStore('a bucket', async () => ({
  name: NAME,
  inUse: 'LEASE_HELD',
  open,
  list: async () => namesBehind('runs/first/'),
  put: async (place, bytes) => void bucket.objects.set(place.slice('object:bucket/'.length), bytes),
  beside: (name) => `object:bucket/runs/first/${name}`,
  [Symbol.asyncDispose]: async () => undefined,
}))

test('the name of an object says which lease wrote it', async () => {
  const first = await open()
  expect(await first.write(checkpointOf(1))).toBe(`${NAME}/checkpoint-0000000001-000001.antd`)
  await first[Symbol.asyncDispose]()
  await using second = await open({ resume: true })
  expect(await second.write(checkpointOf(2))).toBe(`${NAME}/checkpoint-0000000002-000002.antd`)
})

test('objects of other runs in the same bucket are not seen', async () => {
  for (const other of [
    'runs/first-2/checkpoint-0000000009-000009.antd',
    'runs/first/seed-1/checkpoint-0000000009-000009.antd',
  ])
    bucket.objects.set(other, Uint8Array.of(1))
  await using store = await open()
  expect(await store.newest()).toBeNull()
  for (const step of [1, 2, 3, 4]) await store.write(checkpointOf(step))
  expect(bucket.objects.size).toBe(5)
})

test('a lease that is held is told with who holds it', async () => {
  await using _first = await open()
  await expect(open({ resume: true })).rejects.toMatchObject({
    code: 'LEASE_HELD',
    message: `${NAME}: lease: found that of run first on elsewhere, which is running, expected checkpoints that no other run writes. Wait until it has ended, or choose another prefix.`,
  })
})

describe('a writer whose lease somebody else has taken', () => {
  test('is refused', async () => {
    const stale = await open()
    await stale.write(checkpointOf(1))
    leases.expire(LEASE)
    // Nobody else has taken it.
    await stale.write(checkpointOf(2))
    await using _next = await open({ resume: true })
    await expect(stale.write(checkpointOf(3))).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await expect(stale.keepNetwork('{}')).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(bucket.objects.size).toBe(2)
  })

  test('whose object was on its way adds none that counts, and removes none of its successor', async () => {
    const stale = await open()
    for (const step of [1, 2, 3]) await stale.write(checkpointOf(step))
    const { held, letGo } = bucket.holdCreate()
    const late = stale.write(checkpointOf(4))
    await held
    leases.expire(LEASE)
    await using next = await open({ resume: true })
    for (const step of [14, 15, 16]) await next.write(checkpointOf(step))
    letGo()
    await late
    expect((await next.newest())?.checkpoint).toStrictEqual(checkpointOf(16))
    const own = () => namesBehind('runs/first/checkpoint-').filter((name) => name.startsWith('0000000002'))
    expect(own()).toHaveLength(3)
    // What came late goes with the next one.
    await next.write(checkpointOf(17))
    expect(namesBehind('runs/first/checkpoint-')).toEqual(own())
  })

  test('who sees what its successor has written removes nothing of it', async () => {
    const [looks, mayLook] = [createDeferred<void>(), createDeferred<void>()]
    let isHeld = false
    const names = async (prefix: string) => {
      if (isHeld) {
        looks.resolve()
        await mayLook.promise
      }
      return bucket.names(prefix)
    }
    const place = { bucket: { ...bucket, names }, prefix: 'runs/first', takeLease: leases.takeLease }
    const stale = await openBucketCheckpoints(place)
    isHeld = true
    const late = stale.write(checkpointOf(4))
    await looks.promise
    leases.expire(LEASE)
    await using next = await open({ resume: true })
    for (const step of [14, 15, 16]) await next.write(checkpointOf(step))
    const before = namesBehind('runs/first/checkpoint-')
    mayLook.resolve()
    await late
    expect(namesBehind('runs/first/checkpoint-')).toEqual(expect.arrayContaining(before))
    expect((await next.newest())?.checkpoint).toStrictEqual(checkpointOf(16))
  })
})

test('leases whose epochs began anew are refused, for nothing written under them would be the newest', async () => {
  const first = await open()
  await first[Symbol.asyncDispose]()
  const second = await open()
  await second.write(checkpointOf(1))
  await second[Symbol.asyncDispose]()
  leases.forget()
  await expect(open({ resume: true })).rejects.toMatchObject({
    ...{ code: 'LEASE_BEHIND', details: { place: NAME, found: 1, expected: 2 } },
  })
  // The lease is free again.
  await using _later = await open({ resume: true })
})

describe('a store that fails', () => {
  test.each([
    { fault: 'STORE_UNREACHABLE', isAway: true },
    { fault: 'STORE_FULL', isAway: true },
    { fault: 'STORE_DENIED', isAway: false },
  ] as const)('with $fault keeps what was there', async ({ fault, isAway }) => {
    await using store = await open()
    for (const step of [1, 2, 3]) await store.write(checkpointOf(step))
    const before = namesBehind('')
    bucket.fault = fault
    const failure = await store.write(checkpointOf(4)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: fault })
    expect(isStoreAway(failure)).toBe(isAway)
    expect(namesBehind('')).toEqual(before)
    bucket.fault = null
    await store.write(checkpointOf(5))
    expect((await store.newest())?.checkpoint).toStrictEqual(checkpointOf(5))
    expect(bucket.objects.size).toBe(3)
  })

  test('while it creates an object is not asked for one of that name again, for it may still come', async () => {
    await using store = await open()
    bucket.fault = 'STORE_FULL'
    await expect(store.write(checkpointOf(1))).rejects.toMatchObject({ code: 'STORE_FULL' })
    bucket.fault = null
    expect(await store.write(checkpointOf(2))).toBe(`${NAME}/checkpoint-0000000001-000002.antd`)
  })

  test('because nobody can be asked for the lease is away', async () => {
    await using store = await open()
    leases.isAway = true
    const failure = await store.write(checkpointOf(1)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'RENDEZVOUS_NO_ANSWER' })
    expect(isStoreAway(failure)).toBe(true)
    expect(bucket.objects.size).toBe(0)
  })

  test('while it is opened leaves the lease free', async () => {
    bucket.fault = 'STORE_UNREACHABLE'
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    bucket.fault = null
    await using _store = await open()
  })

  test('while it is read gives no older checkpoint for the newest', async () => {
    await using store = await open()
    await store.write(checkpointOf(1))
    bucket.fault = 'STORE_UNREACHABLE'
    await expect(store.newest()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  })

  test('while the newest is read gives no older one for it', async () => {
    const away = new RunError({ code: 'STORE_UNREACHABLE', message: 'It is away.' })
    const read = (object: string) => (object.endsWith('000002.antd') ? Promise.reject(away) : bucket.read(object))
    const place = { bucket: { ...bucket, read }, prefix: 'runs/first', takeLease: leases.takeLease }
    await using store = await openBucketCheckpoints(place)
    for (const step of [1, 2]) await store.write(checkpointOf(step))
    await expect(store.newest()).rejects.toBe(away)
  })

  test('in one object is passed over there', async () => {
    await using store = await open()
    await store.write(checkpointOf(1))
    const second = await store.write(checkpointOf(2))
    bucket.damaged.add(second.slice('object:bucket/'.length))
    expect(await store.newest()).toMatchObject({
      checkpoint: { head: { position: { step: 1 } } },
      damaged: [{ place: second, found: 'an object whose parts do not match its checksum' }],
    })
  })
})

describe('the file of the network', () => {
  const kept = () => Buffer.from(bucket.objects.get('runs/first/network.json') ?? []).toString()

  test('is kept beside the checkpoints, where the same one may be', async () => {
    await using store = await open()
    for (const _ of [1, 2]) await store.keepNetwork('{"a": 1}')
    expect(kept()).toBe('{"a": 1}')
    for (const step of [1, 2, 3, 4]) await store.write(checkpointOf(step))
    expect(kept()).toBe('{"a": 1}')
  })

  test('of another network is refused, unless it is replaced', async () => {
    {
      await using store = await open()
      await store.keepNetwork('{"a": 1}')
      await expect(store.keepNetwork('{"a": 2}')).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
        details: { file: `${NAME}/network.json`, field: 'network' },
      })
    }
    await using store = await open({ overwrite: true })
    await store.keepNetwork('{"a": 2}')
    expect(kept()).toBe('{"a": 2}')
  })
})
