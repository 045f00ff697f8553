import { type JetStreamManager, jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { Objm } from '@nats-io/obj'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunError } from '../../src/events/errors.js'
import { openRendezvous } from '../../src/rendezvous/open-rendezvous.js'
import type { Rendezvous } from '../../src/rendezvous/rendezvous.js'
import { HASTY, holder, PATIENT } from '../suites/rendezvous-suite.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../support/nats-server.js'

const join = (server: NatsServer, numbers = PATIENT) => openRendezvous({ servers: server.url, name: 'test' }, numbers)
const codeOf = async (result: Promise<unknown>) => ((await result.catch((each: unknown) => each)) as RunError).code

describeWithNats('a server that is killed again and again', () => {
  test('costs no request its reply, and lets none be replied to twice', async () => {
    await using server = await startNatsServer()
    await using a = await join(server)
    await using b = await join(server)
    const taken: unknown[] = []
    await using _replies = await b.reply('antidrome.count', async (body) => {
      taken.push(body)
      return body
    })
    let isOver = false
    const asked = (async () => {
      let count = 0
      for (; !isOver; count++) expect(await a.request('antidrome.count', count)).toBe(count)
      return count
    })()
    for (let k = 0; k < 4; k++) {
      await server.kill()
      await server.start()
      const before = taken.length
      while (taken.length < before + 5) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    isOver = true
    const count = await asked
    expect(taken).toEqual(Array.from({ length: count }, (_, k) => k))
  })
})

describeWithNats('a server that stands still', () => {
  test('fails what is asked by name, and replies again when it goes on', async () => {
    await using server = await startNatsServer()
    await using a = await join(server, HASTY)
    await using b = await join(server)
    await using _replies = await b.reply('antidrome.x', async () => 1)
    await (await b.makeBucket('still', 1 << 20)).create('x', Uint8Array.of(1))
    const bucket = await a.bucket('still')
    server.pause()
    const codes = await Promise.all(
      [a.request('antidrome.x', null), a.epochOf('x'), a.reply('antidrome.y', async () => 1), bucket.read('x')].map(
        codeOf,
      ),
    )
    expect(codes).toEqual(['RENDEZVOUS_NO_ANSWER', 'RENDEZVOUS_NO_ANSWER', 'RENDEZVOUS_NO_ANSWER', 'STORE_UNREACHABLE'])
    server.resume()
    while ((await a.request('antidrome.x', null).catch(() => null)) !== 1);
    while ((await codeOf(bucket.read('x'))) !== undefined);
  })
})

describeWithNats('messages that are too long', () => {
  test('are refused by name on both ways', async () => {
    await using server = await startNatsServer({ config: 'max_payload: 4096' })
    await using a = await join(server)
    await using _replies = await a.reply('antidrome.x', async () => 'x'.repeat(5000))
    expect(await codeOf(a.request('antidrome.x', 'x'.repeat(5000)))).toBe('RENDEZVOUS_TOO_LARGE')
    expect(await codeOf(a.requestAll('antidrome.x', 'x'.repeat(5000), { patience: 1 }))).toBe('RENDEZVOUS_TOO_LARGE')
    expect(await codeOf(a.request('antidrome.x', 'x'))).toBe('RENDEZVOUS_TOO_LARGE')
  })
})

describeWithNats('what others wrote', () => {
  let server: NatsServer
  let member: Rendezvous
  let connection: NatsConnection
  let manager: JetStreamManager
  beforeAll(async () => {
    server = await startNatsServer()
    member = await join(server)
    connection = await connect({ servers: server.url })
    manager = await jetstreamManager(connection)
  })
  afterAll(async () => {
    await connection.close()
    await member[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('at a subject gets an error, or is overheard', async () => {
    await using _replies = await member.reply('antidrome.mine', async () => 1)
    const reply = await connection.request('antidrome.mine', 'nonsense')
    expect(reply.json()).toMatchObject({ error: { code: 'RENDEZVOUS_MALFORMED' } })
    connection.subscribe('antidrome.theirs', { callback: (_, message) => void message.respond('nonsense') })
    await connection.flush()
    expect(await codeOf(member.request('antidrome.theirs', 1))).toBe('RENDEZVOUS_MALFORMED')
    expect(await member.requestAll('antidrome.theirs', 1, { patience: 50 })).toEqual([])
  })

  test.each([
    { why: 'in memory', settings: { storage: StorageType.Memory } },
    { why: 'that expires', settings: { ttl: 10_000 } },
  ])('a bucket of leases $why is refused', async ({ settings }) => {
    await manager.streams.delete('KV_antidrome-leases').catch(() => false)
    await new Kvm(jetstream(connection)).create('antidrome-leases', settings)
    await using newcomer = await join(server)
    const error = await newcomer.takeLease('x', holder('a')).catch((each: unknown) => each)
    expect(error).toMatchObject({ code: 'LEASE_BUCKET_UNFIT', details: { bucket: 'antidrome-leases' } })
    await manager.streams.delete('KV_antidrome-leases')
    await (await member.takeLease('x', holder('a')))[Symbol.asyncDispose]()
  })

  test('over a lease makes its holder lose it', async () => {
    await using lease = await member.takeLease('stolen', holder('a'))
    const keys = await new Kvm(jetstream(connection)).open('antidrome-leases')
    const key = Buffer.from('stolen').toString('base64url')
    const theirs = { token: 'theirs', epoch: null, holder: { name: 'thief', machine: 'there', since: 'now' } }
    await keys.put(key, JSON.stringify(theirs))
    expect(await lease.lost).toMatchObject({
      code: 'LEASE_LOST',
      details: { lease: 'stolen', epoch: lease.epoch, holder: 'thief', machine: 'there' },
    })
    expect(await codeOf(lease.confirm())).toBe('LEASE_LOST')
    for (const text of ['nonsense', '{}', '{"token":1}']) {
      await keys.put(key, text)
      expect(await member.epochOf('stolen')).toBe(null)
    }
    await keys.delete(key)
    await using again = await member.takeLease('stolen', holder('a'))
    expect(again.epoch).toBeGreaterThan(lease.epoch)
  })

  test('where the bucket of leases was is not missed for long', async () => {
    await using lease = await member.takeLease('removed', holder('a'))
    await manager.streams.delete('KV_antidrome-leases')
    expect(await lease.lost).toMatchObject({ code: 'LEASE_LOST' })
    await using again = await member.takeLease('removed', holder('a'))
    await again.confirm()
  })

  test('into an object is found', async () => {
    const bucket = await member.makeBucket('wounded', 4 << 20)
    const store = await new Objm(jetstream(connection)).open('wounded')
    const bytes = new Uint8Array(300_000)
    for (const name of ['piece', 'more', 'bits', 'whole']) await bucket.create(name, bytes)
    const chunks = async (name: string) => `$O.wounded.C.${(await store.info(name))?.nuid}`
    const last = await manager.streams.getMessage('OBJ_wounded', { last_by_subj: await chunks('piece') })
    await manager.streams.deleteMessage('OBJ_wounded', last?.seq ?? 0)
    await jetstream(connection).publish(await chunks('more'), new Uint8Array(10))
    const bits = await manager.streams.getMessage('OBJ_wounded', { last_by_subj: await chunks('bits') })
    await manager.streams.deleteMessage('OBJ_wounded', bits?.seq ?? 0)
    await jetstream(connection).publish(await chunks('bits'), new Uint8Array(bits?.data.length ?? 0).fill(1))
    for (const name of ['piece', 'more', 'bits']) expect(await codeOf(bucket.read(name))).toBe('OBJECT_DAMAGED')
    expect(await bucket.read('whole')).toEqual(bytes)
  })

  test('with another client is read, and what it removed is gone', async () => {
    const bucket = await member.makeBucket('shared', 4 << 20)
    const store = await new Objm(jetstream(connection)).open('shared')
    await store.putBlob({ name: 'theirs' }, Uint8Array.of(1, 2))
    await bucket.create('ours', Uint8Array.of(3))
    expect(await bucket.read('theirs')).toEqual(Uint8Array.of(1, 2))
    expect(new Uint8Array((await store.getBlob('ours')) ?? [])).toEqual(Uint8Array.of(3))
    await store.delete('theirs')
    await store.delete('ours')
    expect(await bucket.names('')).toEqual([])
    expect(await codeOf(bucket.read('theirs'))).toBe('OBJECT_MISSING')
    await bucket.create('theirs', Uint8Array.of(4))
    expect(await bucket.read('theirs')).toEqual(Uint8Array.of(4))
  })

  test('a bucket that was removed meanwhile fails by name', async () => {
    const bucket = await member.makeBucket('removed', 1 << 20)
    await manager.streams.delete('OBJ_removed')
    const codes = [bucket.read('x'), bucket.names(''), bucket.create('x', Uint8Array.of(1)), bucket.remove('x')].map(
      codeOf,
    )
    expect(await Promise.all(codes)).toEqual(Array.from({ length: 4 }, () => 'STORE_UNREACHABLE'))
  })

  test('names of buckets that are no part of a subject are refused', async () => {
    for (const name of ['', 'a.b', 'a b', '*', '>'])
      expect(await codeOf(member.bucket(name))).toBe('BUCKET_NAME_INVALID')
  })

  test('objects that are too large are refused', async () => {
    await using modest = await join(server, { ...PATIENT, mostObject: 1000 })
    const bucket = await member.makeBucket('large', 1 << 20)
    await bucket.create('x', new Uint8Array(1001))
    const small = await modest.bucket('large')
    expect(await codeOf(small.read('x'))).toBe('OBJECT_TOO_LARGE')
    expect(await codeOf(small.create('y', new Uint8Array(1001)))).toBe('OBJECT_TOO_LARGE')
  })
})

describeWithNats('a server whose disk is full', () => {
  test('makes no bucket that it has no room for', async () => {
    const config = 'jetstream { store_dir: "<folder>/store", max_file_store: 1MB }'
    await using server = await startNatsServer({ hasJetStream: false, config })
    await using member = await join(server)
    expect(await codeOf(member.makeBucket('large', 8 << 20))).toBe('STORE_FULL')
    const bucket = await member.makeBucket('small', 1 << 19)
    expect(await codeOf(bucket.create('x', new Uint8Array(1 << 20)))).toBe('STORE_FULL')
  })
})
