import { take } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { StreamOptions, StreamSegment } from '../../../src/actors/streaming/spike-stream.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import { lastingRing } from '../small-networks.js'

/** A neuron that fires for ever, and one that listens to it. */
const PACEMAKER = defineNetwork({
  groups: {
    in: source(2),
    pace: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1, bias: 1.5 }),
    follower: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    readout: li(1, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('in', 'pace', dense(0.5)),
    connect('pace', 'follower', dense(6), { delay: 3 }),
    connect('follower', 'readout', dense(1)),
  ],
})

async function all(segments: AsyncIterable<StreamSegment>): Promise<readonly StreamSegment[]> {
  const list: StreamSegment[] = []
  for await (const segment of segments) list.push(segment)
  return list
}

describe('a stream', () => {
  test('shows every spike once, in segments that follow one another', async () => {
    await using session = await open(lastingRing(), { kernel: 'reference' })
    const inputs = { in: trainsOf([[{ time: 1, unit: 0 }]]) }
    const whole = await session.simulate({ count: 1, until: 200, inputs }, { record: ['in', 'a', 'b'] })
    const stream = session.stream({ until: 200, inputs, record: ['in', 'a', 'b'], segment: 9 })
    const segments = await all(stream)
    expect(segments.map(({ window }) => window.end)).toEqual([
      ...Array.from({ length: 22 }, (_, k) => 9 * (k + 1)),
      200,
    ])
    for (const name of ['in', 'a', 'b']) {
      const parts = segments.map(({ spikes }) => spikes[name]!)
      expectSameBits(joinTrains(parts).trains, whole.spikes[name])
      for (const [k, { times }] of parts.entries()) for (const time of times) expect(Math.floor(time / 9)).toBe(k)
    }
    expect(whole.spikes.a!.times.length).toBeGreaterThan(10)
    await expect(stream.done).resolves.toBeUndefined()
    expect(stream.time).toBe(200)
  })

  test.each(['iteration', 'spikes$'] as const)('without an end lets timers stop it (%s)', async (way) => {
    await using session = await open(PACEMAKER)
    const stream = session.stream({ segment: 5 })
    setTimeout(() => void stream.stop(), 1)
    if (way === 'spikes$') stream.spikes$.subscribe()
    else await all(stream)
    await expect(stream.done).resolves.toBeUndefined()
  })

  test('runs no segment before the last one is taken', async () => {
    await using session = await open(PACEMAKER)
    const stream = session.stream({ segment: 10 })
    expect(stream.time).toBe(0)
    const taken: number[] = []
    for await (const { window } of stream) {
      taken.push(window.end)
      // A slow consumer: nothing goes on meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(stream.time).toBe(window.end)
      if (taken.length === 3) break
    }
    expect(taken).toEqual([10, 20, 30])
  })

  test('can be observed, and ends with its subscription', async () => {
    await using session = await open(PACEMAKER)
    const stream = session.stream({ segment: 20, record: ['pace', 'follower'] })
    const batches: SpikeBatch[] = []
    await new Promise<void>((resolve) => {
      stream.spikes$.pipe(take(8)).subscribe({ next: (batch) => batches.push(batch), complete: resolve })
    })
    await stream.done
    expect(batches.map((batch) => [batch.stream, batch.sequence, batch.window.start])).toEqual(
      [0, 1, 2, 3].flatMap((k) => [
        ['pace', k, 20 * k],
        ['follower', k, 20 * k],
      ]),
    )
    expect(batches.flatMap(({ times }) => [...times]).length).toBeGreaterThan(5)
    expect(stream.time).toBe(80)
    expect(() => stream[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: 'STREAM_TAKEN' }))
  })

  test('keeps its session to itself until it has ended', async () => {
    await using session = await open(PACEMAKER)
    const trials = { count: 1, until: 50, inputs: {} }
    const before = await session.simulate(trials)
    const state = await session.save()
    for await (const _ of session.stream({ segment: 10 })) {
      await expect(session.simulate(trials)).rejects.toMatchObject({ code: 'SESSION_BUSY' })
      await expect(all(session.stream({ until: 5 }))).rejects.toMatchObject({ code: 'SESSION_BUSY' })
      await expect(session.restore(state)).rejects.toMatchObject({ code: 'SESSION_BUSY' })
      await expect(session.setParameters(state.parameters)).rejects.toMatchObject({ code: 'SESSION_BUSY' })
      break
    }
    expectSameBits(await session.simulate(trials), before)
  })

  test('is refused what it cannot do, by name', async () => {
    await using session = await open(PACEMAKER)
    const mistake = (options: StreamOptions) => {
      try {
        session.stream(options)
      } catch (error) {
        return error
      }
      return null
    }
    expect(mistake({ record: ['readout'] })).toMatchObject({ code: 'RECORD_KIND' })
    expect(mistake({ record: ['x'] })).toMatchObject({ code: 'GROUP_UNKNOWN' })
    expect(mistake({ segment: 0 })).toMatchObject({ code: 'SEGMENT_INVALID' })
    expect(mistake({ segment: 1e-9 })).toMatchObject({ code: 'SEGMENT_INVALID' })
    expect(mistake({ from: {} as never })).toMatchObject({ code: 'FIELD_MISSING' })
    const at = (change: object) => ({ time: 1, segment: 8, groups: {}, inFlight: {}, ...change }) as never
    for (const field of ['time', 'segment'])
      expect(mistake({ from: at({ [field]: '1' }) })).toMatchObject({
        code: 'FIELD_TYPE',
        mistake: { field: `options.from.${field}`, found: '"1"' },
      })
    const column = { pace: { voltage: [0] }, follower: null }
    expect(mistake({ from: at({ groups: column }) })).toMatchObject({ code: 'STATE_FOREIGN' })
    expect(mistake({ until: -1 })).toMatchObject({ code: 'UNTIL_INVALID' })
    expect(mistake({ until: 40n as never })).toMatchObject({ code: 'FIELD_TYPE', details: { found: '40n' } })
    expect(mistake({ inputs: { pace: trainsOf([[]]) } })).toMatchObject({ code: 'INPUT_GROUP' })
    const foreign = {
      time: 1,
      segment: 8,
      arithmetic: 9,
      groups: { pace: { voltage: new Float64Array(7) } },
      inFlight: {},
    }
    expect(mistake({ from: foreign })).toMatchObject({ code: 'STATE_FOREIGN' })
    const stream = session.stream({ until: 20, segment: 10 })
    for await (const { window } of stream) {
      const from = await stream.saveState()
      expect(mistake({ from, until: window.end / 2 })).toMatchObject({
        code: 'UNTIL_PASSED',
        details: { field: 'options.until', found: `${window.end / 2} ms` },
      })
      expect(mistake({ from, until: window.end })).toBeNull()
      expect(mistake({ from: { ...from, arithmetic: 7 } })).toMatchObject({
        code: 'STATE_ARITHMETIC',
        details: { found: 'version 7', expected: `version ${from.arithmetic}` },
      })
      const { arithmetic: _, ...older } = from
      expect(mistake({ from: older as typeof from })).toMatchObject({
        code: 'STATE_ARITHMETIC',
        details: { found: expect.stringContaining('version 8 or before') },
      })
      expect(mistake({ from: { ...from, chipPlacement: 'another' } })).toMatchObject({
        code: 'STATE_PLACEMENT',
        details: { found: 'the latencies of the placement another', expected: 'a placement without latencies' },
      })
    }
    await expect(session.stream().saveState()).rejects.toMatchObject({ code: 'STREAM_STATE' })
  })
})
