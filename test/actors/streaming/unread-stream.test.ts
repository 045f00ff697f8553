import { lastValueFrom, NEVER } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import { lastingRing, oneNeuron, spikesAt } from '../small-networks.js'

const OPTIONS = { until: 60, inputs: { in: spikesAt(1, 4, 7) }, segment: 9 }
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('who waits for the end of a stream that nobody reads', () => {
  test.each<[string, (done: Promise<void>) => Promise<unknown>]>([
    ['await', async (done) => await done],
    ['then', (done) => done.then(() => 'over')],
    ['catch', (done) => done.catch(() => 'failed')],
    ['finally', (done) => done.finally(() => undefined)],
    ['a race', (done) => Promise.race([done, NEVER_SETTLED])],
  ])('has it run (%s), and whoever watches the session sees it', async (_, wait) => {
    await using session = await open(lastingRing())
    const whole = await session.simulate({ count: 1, until: 60, inputs: OPTIONS.inputs }, { record: ['a'] })
    const seen: SpikeTrains[] = []
    session.spikes$('a').subscribe((batch) => seen.push(batch))
    const stream = session.stream(OPTIONS)
    await wait(stream.done)
    expect(stream.time).toBe(60)
    expectSameBits(joinTrains(seen).trains, whole.spikes.a)
    expect(seen.length).toBe(7)
    // The session is free again.
    await session.simulate({ count: 1, until: 5, inputs: {} })
  })

  test('has one without an end run until it is stopped', async () => {
    await using session = await open(oneNeuron())
    const stream = session.stream({ segment: 5 })
    const ended = stream.done.then(() => stream.time)
    while (stream.time < 20) await turn()
    await stream.stop()
    expect(await ended).toBeGreaterThanOrEqual(20)
  })

  test('learns what ends it, and nobody else is bothered', async () => {
    await using session = await open(oneNeuron())
    const segments = session.stream({ segment: 5 })[Symbol.asyncIterator]()
    await segments.next()
    await expect(session.stream({ until: 5 }).done).rejects.toMatchObject({ code: 'SESSION_BUSY' })
    await segments.return?.()
    const waiting = session.stream({ inputs: { in: NEVER } })
    const told = expect(waiting.done).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    await turn()
    await session.close()
    await told
  })

  test('leaves the segments to whoever takes the stream in the same turn, and tells one who comes too late', async () => {
    await using session = await open(oneNeuron())
    const stream = session.stream({ until: 20, segment: 5 })
    const ended = stream.done.then(() => stream.time)
    await Promise.resolve()
    expect((await lastValueFrom(stream.spikes$)).window.end).toBe(20)
    expect(await ended).toBe(20)
    const run = session.stream({ until: 20, segment: 5 })
    void run.done.then(() => undefined)
    await turn()
    await turn()
    expect(() => run[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: 'STREAM_TAKEN' }))
    await run.done
  })
})

const NEVER_SETTLED = new Promise<never>(() => undefined)

test('a stream whose `done` is only held runs nothing, and is a promise all the same', async () => {
  await using session = await open(oneNeuron())
  const stream = session.stream({ until: 20 })
  const { done } = stream
  expect(done).toBeInstanceOf(Promise)
  for (let k = 0; k < 5; k++) await turn()
  expect(stream.time).toBe(0)
  const ends: number[] = []
  for await (const { window } of stream) ends.push(window.end)
  expect(ends.at(-1)).toBe(20)
  await done
})
