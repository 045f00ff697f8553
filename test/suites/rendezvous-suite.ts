import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InputError, RunError } from '../../src/events/errors.js'
import type { JsonValue } from '../../src/rendezvous/json-value.js'
import type { Rendezvous, RendezvousStatus } from '../../src/rendezvous/rendezvous.js'
import { RENDEZVOUS_NUMBERS, type RendezvousNumbers } from '../../src/rendezvous/rendezvous-numbers.js'
import { eventually } from '../support/eventually.js'

/** Several members of one rendezvous, and the server between them. */
export interface RendezvousPlace extends AsyncDisposable {
  join(name: string): Promise<Rendezvous>
  /** The server ends, and starts again with what it knew. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

/** Numbers for tests that wait for what does not come: a busy machine makes them fail sooner, never otherwise. */
export const HASTY: RendezvousNumbers = {
  ...RENDEZVOUS_NUMBERS,
  leaseTime: 900,
  renewal: 100,
  leasePoll: 50,
  requestTimeout: 300,
  patience: 1_500,
  firstPause: 20,
  longestPause: 100,
  reconnectPause: 20,
  connectTimeout: 600_000,
  stall: 600_000,
}

/** Numbers for tests that wait for what comes, however busy the machine is. */
export const PATIENT: RendezvousNumbers = { ...HASTY, leaseTime: 600_000, patience: 600_000 }

export const holder = (name: string) => ({ name, machine: 'here', since: '2024-05-01T12:00:00Z' })

/** What every rendezvous does. */
export function testRendezvous(open: (numbers: RendezvousNumbers) => Promise<RendezvousPlace>): void {
  let place: RendezvousPlace
  beforeAll(async () => {
    place = await open(PATIENT)
  })
  afterAll(() => place[Symbol.asyncDispose]())

  describe('questions', () => {
    test('get what was asked as a reply', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      await using _replies = await b.reply('antidrome.echo', async (body) => ({ heard: body }))
      for (const body of [null, 0, '', false, [1, { a: null }], { text: 'ä ☃', deep: { list: [] } }]) {
        expect(await a.request('antidrome.echo', body)).toEqual({ heard: body })
      }
    })

    test('raise what the other side raised', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      const mistake = { code: 'NOT_SO', field: 'x', found: '1', expected: '2', remedy: 'Take 2.' }
      const errors = [
        new RunError({ code: 'BUSY', message: 'There is no slot.', details: { slots: 0 }, remedy: 'Wait.' }),
        new InputError(mistake),
        new RangeError('far'),
      ]
      let next = 0
      await using _replies = await b.reply('antidrome.fails', async () => {
        throw errors[next]
      })
      for (; next < errors.length; next++) {
        const error = await a.request('antidrome.fails', null).catch((each: unknown) => each)
        expect(error).toBeInstanceOf(errors[next]?.constructor)
        expect(error).toMatchObject({ message: errors[next]?.message })
      }
    })

    test('wait for whoever replies later', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      const asked = a.request('antidrome.late', 1)
      await new Promise((resolve) => setTimeout(resolve, 100))
      await using _replies = await b.reply('antidrome.late', async () => 'at last')
      expect(await asked).toBe('at last')
    })

    test('that take longer than one request are done once', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      let [times, reply] = [0, (_: JsonValue) => {}]
      await using _replies = await b.reply('antidrome.slow', () => {
        times++
        return new Promise<JsonValue>((resolve) => {
          reply = resolve
        })
      })
      const asked = a.request('antidrome.slow', null)
      await new Promise((resolve) => setTimeout(resolve, 3 * HASTY.requestTimeout))
      reply('done')
      expect(await asked).toBe('done')
      expect(times).toBe(1)
    })

    test('are asked through a restart of the server, and between two', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      let times = 0
      await using _replies = await b.reply('antidrome.through', async (body) => {
        times++
        return body
      })
      await place.goAway()
      const asked = a.request('antidrome.through', 7)
      await place.comeBack()
      expect(await asked).toBe(7)
      expect(times).toBe(1)
      expect(await a.request('antidrome.through', 8)).toBe(8)
    })

    test('find nobody any more who has left', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      const replies = await b.reply('antidrome.leaves', async () => 1)
      expect(await a.requestAll('antidrome.leaves', null, { patience: 600_000, enough: () => true })).toEqual([1])
      await replies[Symbol.asyncDispose]()
      expect(await a.requestAll('antidrome.leaves', null, { patience: 600_000 })).toEqual([])
    })
  })

  describe('questions to all', () => {
    test('collect what comes, without errors, until it is enough', async () => {
      await using a = await place.join('a')
      const others = await Promise.all(['b', 'c', 'd', 'e'].map((name) => place.join(name)))
      for (const [k, other] of others.entries()) {
        await other.reply('antidrome.all', async (body) => {
          if (k === 3) throw new Error('not I')
          return [k, body]
        })
      }
      const enough = (replies: readonly JsonValue[]) => replies.length === 3
      const replies = (await a.requestAll('antidrome.all', 'x', { patience: 600_000, enough })) as [number, string][]
      expect(replies.sort(([x], [y]) => x - y)).toEqual([0, 1, 2].map((k) => [k, 'x']))
      expect((await a.requestAll('antidrome.all', 'x', { patience: 200 })).length).toBeLessThanOrEqual(3)
      await Promise.all(others.map((other) => other[Symbol.asyncDispose]()))
    })

    test('find nobody at once where nobody is', async () => {
      await using a = await place.join('a')
      expect(await a.requestAll('antidrome.nobody', null, { patience: 1e6 })).toEqual([])
    })
  })

  describe('a lease', () => {
    test('has one holder, whose epoch is larger than any before', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      expect(await b.epochOf('of a run/1')).toBe(null)
      const first = await a.takeLease('of a run/1', holder('first'))
      await first.confirm()
      expect(await b.epochOf('of a run/1')).toBe(first.epoch)
      await expect(b.takeLease('of a run/1', holder('second'))).rejects.toMatchObject({
        code: 'LEASE_HELD',
        details: { lease: 'of a run/1', holder: 'first', machine: 'here', since: '2024-05-01T12:00:00Z' },
      })
      await first.confirm()
      await first[Symbol.asyncDispose]()
      expect(await b.epochOf('of a run/1')).toBe(null)
      await expect(first.confirm()).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await using second = await b.takeLease('of a run/1', holder('second'))
      expect(second.epoch).toBeGreaterThan(first.epoch)
      await second.confirm()
    })

    test('of another name is another', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      await using one = await a.takeLease('one', holder('a'))
      await using other = await b.takeLease('other', holder('b'))
      await Promise.all([one.confirm(), other.confirm()])
    })

    test('of two who want it at once goes to one', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      const both = await Promise.allSettled([a, b].map((each) => each.takeLease('wanted', holder('x'))))
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      for (const each of both) if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]()
    })

    test('of a holder that is gone goes to whoever waits', async () => {
      await using brief = await open({ ...PATIENT, leaseTime: HASTY.leaseTime })
      const a = await brief.join('a')
      await using b = await brief.join('b')
      const first = await a.takeLease('left', holder('first'))
      await a[Symbol.asyncDispose]()
      await using second = await b.takeLease('left', holder('second'))
      expect(second.epoch).toBeGreaterThan(first.epoch)
    })

    test('outlives a restart of the server with its epoch', async () => {
      await using a = await place.join('a')
      const heard: RendezvousStatus[] = []
      a.status$.subscribe((status) => heard.push(status))
      await using lease = await a.takeLease('kept', holder('a'))
      await place.goAway()
      await eventually(() => heard.some(({ kind }) => kind === 'lease-unrenewed'))
      await place.comeBack()
      await eventually(() => heard.some(({ kind }) => kind === 'lease-renewed'))
      await lease.confirm()
      expect(await a.epochOf('kept')).toBe(lease.epoch)
      expect(heard.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['disconnected', 'reconnected']))
    })
  })

  describe('a bucket', () => {
    test('holds what it was given, for all', async () => {
      await using a = await place.join('a')
      await using b = await place.join('b')
      const [mine, made] = [a, await a.makeBucket('things', 8 << 20)]
      const bucket = await b.bucket('things')
      expect([made.name, bucket.name]).toEqual(['things', 'things'])
      expect(await bucket.names('')).toEqual([])
      const objects = [0, 1, 1000, 128 * 1024, 1_000_003].map((length) => Uint8Array.from({ length }, (_, k) => k * 7))
      for (const [k, bytes] of objects.entries()) await made.create(`run/ä ${k}.antd`, bytes)
      for (const [k, bytes] of objects.entries()) {
        expect(Buffer.compare(await bucket.read(`run/ä ${k}.antd`), bytes)).toBe(0)
      }
      expect(await bucket.names('run/')).toEqual(objects.map((_, k) => `run/ä ${k}.antd`))
      expect(await bucket.names('walk/')).toEqual([])
      await bucket.remove('run/ä 0.antd')
      await bucket.remove('run/ä 0.antd')
      expect(await made.names('')).toEqual([1, 2, 3, 4].map((k) => `run/ä ${k}.antd`))
      await expect(made.read('run/ä 0.antd')).rejects.toMatchObject({ code: 'OBJECT_MISSING' })
      await made.create('run/ä 0.antd', Uint8Array.of(3))
      expect(await bucket.read('run/ä 0.antd')).toEqual(Uint8Array.of(3))
      await expect(mine.makeBucket('things', 1)).rejects.toMatchObject({ code: 'BUCKET_EXISTS' })
    })

    test('keeps what is there', async () => {
      await using a = await place.join('a')
      const bucket = await a.makeBucket('kept', 1 << 20)
      await bucket.create('x', Uint8Array.of(1))
      await expect(bucket.create('x', Uint8Array.of(2))).rejects.toMatchObject({
        code: 'OBJECT_EXISTS',
        details: { bucket: 'kept', object: 'x' },
      })
      expect(await bucket.read('x')).toEqual(Uint8Array.of(1))
    })

    test('that is full says so, and takes more when there is room', async () => {
      await using a = await place.join('a')
      const bucket = await a.makeBucket('full', 600_000)
      await bucket.create('one', new Uint8Array(400_000))
      await expect(bucket.create('two', new Uint8Array(400_000))).rejects.toMatchObject({
        code: 'STORE_FULL',
        details: { bucket: 'full', object: 'two' },
      })
      expect(await bucket.names('')).toEqual(['one'])
      await bucket.remove('one')
      await bucket.create('two', new Uint8Array(400_000))
      expect((await bucket.read('two')).length).toBe(400_000)
    })

    test('that is missing is not made', async () => {
      await using a = await place.join('a')
      for (let k = 0; k < 2; k++) {
        const error = await a.bucket('none').catch((each: unknown) => each)
        expect(error).toMatchObject({ code: 'BUCKET_MISSING', details: { bucket: 'none' } })
        expect((error as RunError).remedy).toContain('make it')
      }
    })

    test('is reached through a restart of the server', async () => {
      await using a = await place.join('a')
      const bucket = await a.makeBucket('through', 1 << 20)
      await bucket.create('x', Uint8Array.of(1, 2))
      await place.goAway()
      const read = bucket.read('x')
      const created = bucket.create('y', Uint8Array.of(3))
      await place.comeBack()
      expect(await read).toEqual(Uint8Array.of(1, 2))
      await created
      expect(await bucket.names('')).toEqual(['x', 'y'])
    })
  })

  describe('a server that is gone for good', () => {
    test('fails everything by name', async () => {
      await using brief = await open(HASTY)
      await using a = await brief.join('a')
      await using b = await brief.join('b')
      await using _replies = await b.reply('antidrome.gone', async () => 1)
      const bucket = await a.makeBucket('gone', 1 << 20)
      await bucket.create('x', Uint8Array.of(1))
      const lease = await a.takeLease('gone', holder('a'))
      await brief.goAway()
      const failed = async (result: Promise<unknown>) =>
        ((await result.catch((each: unknown) => each)) as RunError).code
      const codes = await Promise.all([
        failed(a.request('antidrome.gone', null)),
        failed(a.takeLease('else', holder('a'))),
        failed(a.epochOf('gone')),
        failed(lease.confirm()),
        failed(bucket.read('x')),
        failed(bucket.create('y', Uint8Array.of(1))),
        failed(bucket.names('')),
        failed(bucket.remove('x')),
        failed(a.bucket('gone')),
      ])
      expect(codes.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => 'RENDEZVOUS_NO_ANSWER'))
      expect(codes.slice(4)).toEqual(Array.from({ length: 5 }, () => 'STORE_UNREACHABLE'))
      expect(await a.requestAll('antidrome.gone', null, { patience: 100 })).toEqual([])
    })
  })

  test('nothing is asked over a rendezvous that is closed', async () => {
    const a = await place.join('a')
    let isComplete = false
    a.status$.subscribe({ complete: () => (isComplete = true) })
    await a[Symbol.asyncDispose]()
    await a[Symbol.asyncDispose]()
    expect(isComplete).toBe(true)
    const error = { code: 'RENDEZVOUS_CLOSED' }
    await expect(a.request('antidrome.x', 1)).rejects.toMatchObject(error)
    await expect(a.requestAll('antidrome.x', 1, { patience: 1 })).rejects.toMatchObject(error)
    await expect(a.reply('antidrome.x', async () => 1)).rejects.toMatchObject(error)
    await expect(a.takeLease('x', holder('a'))).rejects.toMatchObject(error)
    await expect(a.epochOf('x')).rejects.toMatchObject(error)
  })
}
