import { describe, expect, test } from 'vitest'
import { COMPUTATION_DEFAULTS } from '../../../src/actors/computation-options.js'
import { open } from '../../../src/actors/open.js'
import type { Partition, RunOrder } from '../../../src/actors/partition/partition.js'
import { openLocalPartitions } from '../../../src/actors/partition/wiring/open-local-partitions.js'
import { createSession } from '../../../src/actors/session/create-session.js'
import type { ShownRun } from '../../../src/actors/watch/shown-run.js'
import { createWatchHub } from '../../../src/actors/watch/watch-hub.js'
import type { WatchedGradients, WatchedSpikes } from '../../../src/actors/watch/watched.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { expectSameBits } from '../../support/same-bits.js'
import { COUNT, LABELS, step, TWO_TRIALS, twoGroupRing, twoLayers } from '../small-networks.js'

const NETWORK = twoLayers()
const LABELLED = { ...TWO_TRIALS, labels: LABELS }
const STREAM = { until: 30, segment: 10 }

/** A session whose orders, and notes, are kept. */
async function openSpied() {
  const placement = placeOnCores(NETWORK, 1)
  const { partitions, close } = await openLocalPartitions({ network: NETWORK, placement }, COMPUTATION_DEFAULTS)
  const orders: RunOrder[] = []
  const spied = partitions.map(
    (partition): Partition => ({
      ...partition,
      run(order) {
        orders.push(order)
        return partition.run(order)
      },
    }),
  )
  const notes: string[] = []
  const hub = createWatchHub({ network: NETWORK, note: (note) => void notes.push(note) })
  return {
    session: createSession({ network: NETWORK, placement, partitions: spied, hub, close }, { seed: 0 }),
    orders,
    notes,
  }
}

describe('a session that is watched', () => {
  test('shows every run once, with its number, before its promise resolves', async () => {
    await using session = await open(NETWORK)
    await session.simulate(TWO_TRIALS)
    const seen: unknown[] = []
    session.spikes$('hidden').subscribe(({ doing, run, window, dropped, group }) => {
      seen.push([group, doing, run, window.start, window.end, dropped])
    })
    session
      .gradients$('hidden->out')
      .subscribe(({ doing, run, projection }) => void seen.push([projection, doing, run]))
    await session.simulate(TWO_TRIALS)
    expect(seen).toEqual([['hidden', 'simulate', 2, 0, 60, 0]])
    await session.gradient(TWO_TRIALS, COUNT, LABELS)
    await session.train(LABELLED, step())
    await session.evaluate(LABELLED, COUNT)
    for await (const { window } of session.stream(STREAM)) expect(window.end).toBeLessThan(31)
    expect(seen.slice(1)).toEqual([
      ['hidden', 'gradient', 3, 0, 60, 0],
      ['hidden->out', 'gradient', 3],
      ['hidden', 'train', 4, 0, 60, 0],
      ['hidden->out', 'train', 4],
      ['hidden', 'evaluate', 5, 0, 60, 0],
      ...[0, 10, 20].map((start) => ['hidden', 'stream', 6, start, start + 10, 0]),
    ])
  })

  test('shows nothing of a run that fails, and goes on', async () => {
    await using session = await open(NETWORK)
    const seen: WatchedSpikes[] = []
    session.spikes$('out').subscribe((batch) => void seen.push(batch))
    await expect(session.gradient(TWO_TRIALS, { ...COUNT, group: 'nobody' as string }, LABELS)).rejects.toThrow(
      'nobody',
    )
    expect(seen).toEqual([])
    const { spikes } = await session.simulate(TWO_TRIALS)
    expect(seen.map(({ run }) => run)).toEqual([1])
    expectSameBits(seen[0]!.times, spikes.out!.times)
  })

  test('shows nothing of what is done once more, and counts on after it', async () => {
    const hub = createWatchHub({ network: NETWORK, note: () => undefined })
    await using session = await open(NETWORK)
    const { spikes } = await session.simulate(TWO_TRIALS)
    const seen: number[] = []
    hub.watchable.spikes$('out').subscribe(({ run }) => void seen.push(run))
    const run = () => {
      const look = hub.look('simulate')
      look.hand({ start: 0, end: 60 }, { spikes: () => spikes.out! } as unknown as ShownRun)
      return look.asked.spikes
    }
    expect(run()).toEqual(['out'])
    expect(await hub.unseen(async () => run())).toEqual([])
    expect(run()).toEqual(['out'])
    expect(seen).toEqual([1, 2])
  })

  test('shows a step that is clipped, and so taken once more, once', async () => {
    await using session = await open(NETWORK, { placement: placeOnCores(NETWORK, 2) })
    const seen: number[] = []
    session.gradients$('in->hidden').subscribe(({ run }) => void seen.push(run))
    const clipped = step({ rates: { weights: 0.1 }, clipNorm: 1e-3 })
    await Promise.all(
      [clipped, step(), clipped, step()].map((each) => (session.trainAhead ?? session.train)(LABELLED, each)),
    )
    expect(seen).toEqual([1, 2, 3, 4])
  })

  test('hands out copies', async () => {
    await using session = await open(NETWORK)
    // Of runs that nobody watches, whose arrays nobody can have changed.
    const unseen = await session.simulate(TWO_TRIALS)
    const { inputTimes } = await session.gradient(TWO_TRIALS, COUNT, LABELS)
    const seen: WatchedSpikes[] = []
    const gradients: WatchedGradients[] = []
    const spoil = (arrays: readonly { fill(value: number): unknown }[]) => {
      for (const array of arrays) array.fill(-1)
    }
    for (const group of ['hidden', 'in'])
      session.spikes$(group).subscribe(({ offsets, times, units }) => spoil([offsets, times, units]))
    session.spikes$('hidden').subscribe((batch) => void seen.push(batch))
    session
      .gradients$('in->hidden')
      .subscribe(({ offsets, times, units, gradients }) => spoil([offsets, times, units, gradients]))
    session.gradients$('in->hidden').subscribe((batch) => void gradients.push(batch))
    const { spikes } = await session.simulate(TWO_TRIALS)
    expectSameBits(spikes, unseen.spikes)
    const watched = await session.gradient(TWO_TRIALS, COUNT, LABELS)
    expectSameBits(watched.inputTimes, inputTimes)
    for (const { offsets, times, units } of seen) expectSameBits({ offsets, times, units }, unseen.spikes.hidden)
    expect(seen).toHaveLength(2)
    expectSameBits(gradients[0]?.gradients, inputTimes.in)
    expectSameBits(gradients[0]?.units, TWO_TRIALS.inputs.in.units)
    expect(TWO_TRIALS.inputs.in.times[0]).toBe(1)
  })

  test('asks its partitions for what is watched, and for nothing once nobody does', async () => {
    const { session, orders } = await openSpied()
    await session.evaluate(LABELLED, COUNT)
    const subscriptions = [
      session.spikes$('hidden').subscribe(),
      session.spikes$('hidden').subscribe(),
      session.gradients$('in->hidden').subscribe(),
    ]
    await session.evaluate(LABELLED, COUNT)
    await session.train(LABELLED, step())
    for (const subscription of subscriptions) subscription.unsubscribe()
    await session.train(LABELLED, step())
    await session.close()
    const gradients = [{ order: 0, isHome: true }]
    expect(orders.map(({ record, watch, run }) => ({ record, watch, inputTimes: run.inputTimes }))).toEqual([
      { record: [], watch: undefined, inputTimes: false },
      { record: ['hidden'], watch: undefined, inputTimes: false },
      { record: ['hidden'], watch: { gradients, voltages: [] }, inputTimes: true },
      { record: [], watch: undefined, inputTimes: false },
    ])
  })

  test('unsubscribes who throws, tells him, and goes on', async () => {
    const { session, notes } = await openSpied()
    const told: unknown[] = []
    const thrower = () => {
      throw new Error('cannot draw')
    }
    let seen = 0
    const subscriptions = [
      session.spikes$('hidden').subscribe({ next: thrower, error: (error) => void told.push(error) }),
      session.spikes$('hidden').subscribe(thrower),
      session.spikes$('hidden').subscribe({ next: thrower, error: thrower }),
    ]
    session.spikes$('hidden').subscribe(() => void seen++)
    await session.simulate(TWO_TRIALS)
    await session.simulate(TWO_TRIALS)
    expect(seen).toBe(2)
    expect(subscriptions.map(({ closed }) => closed)).toEqual([true, true, true])
    expect(told).toEqual([new Error('cannot draw')])
    expect(notes).toHaveLength(2)
    expect(notes[0]).toContain('cannot draw')
    await session.close()
  })

  test('completes when it is closed, and is not watched any more', async () => {
    const session = await open(NETWORK)
    const ends: string[] = []
    const late = session.spikes$('hidden')
    session.spikes$('hidden').subscribe({ complete: () => void ends.push('spikes') })
    session.gradients$('in->hidden').subscribe({ complete: () => void ends.push('gradients') })
    const running = session.simulate(TWO_TRIALS)
    let runs = 0
    session.spikes$('out').subscribe(() => void runs++)
    await session.close()
    await running
    expect(runs).toBe(1)
    expect(ends).toEqual(['spikes', 'gradients'])
    late.subscribe({ complete: () => void ends.push('late') })
    expect(ends).toContain('late')
    expect(() => session.spikes$('hidden')).toThrow(expect.objectContaining({ code: 'SESSION_CLOSED' }))
  })

  test('tells where gradient events pass within a kernel', async () => {
    await using session = await open(twoGroupRing(0, 0.5))
    const codes: unknown[] = []
    session.gradients$('a->b').subscribe({ error: ({ code }) => void codes.push(code) })
    let events = 0
    session.gradients$('in->a').subscribe(({ gradients }) => {
      events += gradients.length
    })
    const inputs = { in: { offsets: Uint32Array.of(0, 1), times: Float64Array.of(1), units: Uint32Array.of(0) } }
    await session.gradient({ count: 1, until: 9, inputs }, { ...COUNT, group: 'b' }, Uint8Array.of(0))
    expect({ codes, events }).toEqual({ codes: ['GRADIENTS_INSIDE'], events: 1 })
  })

  test.each([
    ['spikes$', 'hiden', 'GROUP_UNKNOWN', 'Did you mean "hidden"?'],
    ['spikes$', 'constructor', 'GROUP_UNKNOWN', 'in, hidden, out'],
    ['gradients$', 'in->hiden', 'PROJECTION_UNKNOWN', 'Did you mean "in->hidden"?'],
  ] as const)('%s of %s is %s', async (call, name, code, said) => {
    await using session = await open(NETWORK)
    expect(() => session[call](name as string)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(said) }),
    )
  })

  test.each([
    [{ overflow: 'block' }, 'OPTION_OUT_OF_RANGE'],
    [{ buffer: 0 }, 'OPTION_OUT_OF_RANGE'],
    [{ bufer: 3 }, 'FIELD_UNKNOWN'],
  ])('options %o are %s', async (options, code) => {
    await using session = await open(NETWORK)
    expect(() => session.spikes$('hidden', options as never)).toThrow(expect.objectContaining({ code }))
  })
})
