import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import type { Output } from '../../../src/actors/group/group-ends.js'
import type { Run } from '../../../src/actors/group/run.js'
import { createSourceActor } from '../../../src/actors/group/source-actor.js'
import { createEmittedSupply, type StateColumns, type SupplyStart } from '../../../src/actors/group/spike-supply.js'
import { createEmitter, type EmittingValues } from '../../../src/dynamics/emission/emitter.js'
import { EXPLICIT, sumReturned } from '../../../src/dynamics/kernels/returned-events.js'
import type { GradientBatch } from '../../../src/events/gradient-batch.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import { noSpikes } from '../../../src/events/no-spikes.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import type { Window } from '../../../src/events/window.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { poisson } from '../../../src/network/description/emitting-sources.js'
import { source } from '../../../src/network/description/groups.js'
import type { SourceValues } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'

const network = defineNetwork({ groups: { drive: poisson(20, { rate: 100 }) }, projections: [] })
const values = instantiate(network, 3).groups[0] as EmittingValues
const ORIGIN = { seed: 3, trials: 1 }

const runOf = (until: number, gradients = false): Run => ({
  trials: { count: 1, until, inputs: {} },
  loss: null,
  gradients,
  inputTimes: gradients,
  biasGradient: false,
  stopAfterFirst: false,
  undefinedSlope: 'refuse',
})

/** A source whose listener takes as many batches as it is told to, and messages that wait until they are delivered. */
function sourceWith(credits: number, emitting: SourceValues = values) {
  const batches: SpikeBatch[] = []
  const messages: (() => void)[] = []
  const opened$ = new Subject<void>()
  const gradients$ = new Subject<GradientBatch>()
  let credit = credits
  const sender: Output['sender'] = {
    gradients$,
    opened$,
    isOpen: () => credit > 0,
    sendSpikes(batch) {
      credit--
      batches.push(batch)
    },
  }
  const actor = createSourceActor({
    values: emitting,
    seed: 3,
    outputs: [{ sums: EXPLICIT, group: 0, sender }],
    deliver: (message) => messages.push(message),
    spikesPerBatch: 10,
  })
  return {
    actor,
    batches,
    gradients$,
    state: () => actor.life.getSnapshot().value,
    deliverAll() {
      for (let message = messages.shift(); message !== undefined; message = messages.shift()) message()
    },
    grant(more: number) {
      credit += more
      opened$.next()
    },
  }
}

describe('a source that emits by itself', () => {
  test('waits while its listener is behind, and emits each window once whoever calls it on', () => {
    const { actor, batches, state, deliverAll, grant } = sourceWith(2)
    actor.begin(runOf(48))
    deliverAll()
    expect(batches).toHaveLength(2)
    for (let k = 0; k < 3; k++) grant(0)
    deliverAll()
    expect(batches).toHaveLength(2)
    grant(3)
    grant(0)
    deliverAll()
    expect(batches).toHaveLength(5)
    expect(state()).toBe('forward')
    grant(100)
    deliverAll()
    expect(state()).toBe('idle')
    expect(batches).toHaveLength(10)
    expect(batches.map(({ sequence }) => sequence)).toEqual(batches.map((_, k) => k))
    expect(batches.map(({ window }) => window.start)).toEqual([
      0,
      ...batches.slice(0, -1).map(({ window }) => window.end),
    ])
    expect(batches.at(-1)?.window.end).toBe(48)
    for (const { times, window } of batches)
      expect(times.every((time) => window.start <= time && time < window.end)).toBe(true)
    expect(joinTrains([noSpikes(1), ...batches]).trains).toEqual(createEmitter(values, ORIGIN).emit(48))
  })

  test('begins anew in every run, whatever became of the one before', () => {
    const { actor, batches, deliverAll, grant } = sourceWith(3)
    actor.begin(runOf(50))
    deliverAll()
    actor.abort(new Error('another actor failed'))
    grant(100)
    deliverAll()
    expect(batches).toHaveLength(3)
    actor.begin(runOf(20))
    deliverAll()
    expect(joinTrains([noSpikes(1), ...batches.slice(3)]).trains).toEqual(createEmitter(values, ORIGIN).emit(20))
  })

  test('waits for no gradients, and knows of none of its inputs', () => {
    const { actor, state, deliverAll } = sourceWith(100)
    actor.begin(runOf(50, true))
    deliverAll()
    expect(state()).toBe('idle')
    expect(actor.returned()).toEqual([])
  })

  test('emits nothing that nobody hears', () => {
    const actor = createSourceActor({ values, seed: 3, outputs: [], deliver: () => undefined })
    let windows = 0
    actor.begin(runOf(Number.MAX_VALUE))
    expect(actor.life.getSnapshot().value).toBe('idle')
    actor.spikes$.subscribe(() => windows++)
    actor.begin(runOf(50))
    expect(windows).toBe(1)
  })

  test('catches up when somebody listens again, segments later', () => {
    const actor = createSourceActor({ values, seed: 3, outputs: [], deliver: (message) => message() })
    const segment = (start: number, end: number): Run => ({
      ...runOf(end),
      segment: { start, end, from: start === 0 ? 'rest' : 'last' },
    })
    actor.begin(segment(0, 20))
    actor.begin(segment(20, 30))
    const batches: SpikeBatch[] = []
    actor.spikes$.subscribe((batch) => batches.push(batch))
    actor.begin(segment(30, 50))
    const emitter = createEmitter(values, ORIGIN)
    emitter.emit(30)
    expect(joinTrains([noSpikes(1), ...batches]).trains).toEqual(emitter.emit(50))
  })

  test('passes over what a state is behind the start, however far the run before it has come', () => {
    const supply = createEmittedSupply(values, 3, 10)
    const spikesIn = (...[span, from]: [Window, SupplyStart]) => {
      supply.begin({ trials: { count: 1, until: span.end, inputs: {} }, segment: span }, from)
      const parts = [noSpikes(1)]
      for (let isLast = false; !isLast; ) {
        const next = supply.next()
        parts.push(next.trains)
        isLast = next.isLast
      }
      return joinTrains(parts).trains
    }
    supply.begin({ trials: { count: 1, until: 50, inputs: {} } }, 'rest')
    const state = supply.columns() as StateColumns
    expect(spikesIn({ start: 0, end: 50 }, 'rest').times.length).toBeGreaterThan(30)
    const emitter = createEmitter(values, ORIGIN)
    emitter.emit(20)
    const expected = emitter.emit(50)
    expect(spikesIn({ start: 20, end: 50 }, state)).toEqual(expected)
    expect(spikesIn({ start: 20, end: 50 }, 'rest')).toEqual(expected)
  })

  test('spends no windows on a time in which it emits nothing', () => {
    const late = defineNetwork({
      groups: { drive: poisson(20, { rate: 100, start: 1e12, stop: 1e12 + 30 }) },
      projections: [],
    })
    const supply = createEmittedSupply(instantiate(late, 3).groups[0] as EmittingValues, 3, 10)
    supply.begin({ trials: { count: 1, until: Infinity, inputs: {} } }, 'rest')
    const windows = []
    while (windows.length < 50 && windows.at(-1)?.window.end !== Infinity) windows.push(supply.next())
    expect(windows.length).toBeLessThan(20)
    expect(windows.every(({ trains }, k) => trains.times.length > 0 || k === windows.length - 1)).toBe(true)
    expect(windows.flatMap(({ trains }) => [...trains.times]).length).toBeGreaterThan(30)
  })
})

describe('a source that is given its spikes', () => {
  const given = instantiate(defineNetwork({ groups: { in: source(2) }, projections: [] }), 3).groups[0] as SourceValues
  const spikes = { offsets: Uint32Array.of(0, 2), times: Float64Array.of(1, 2), units: Uint32Array.of(0, 1) }
  const passOf = (inputTimes: boolean): Run => {
    const run = runOf(50, true)
    return { ...run, trials: { ...run.trials, inputs: { in: spikes } }, inputTimes }
  }

  test('is through once the gradients of its spikes are there where somebody asks what moving them would do', () => {
    const { actor, batches, gradients$, state, deliverAll } = sourceWith(100, given)
    actor.begin(passOf(true))
    deliverAll()
    expect(state()).toBe('backward')
    expect(batches).toHaveLength(1)
    gradients$.next({ stream: 'in', sequence: 0, values: Float64Array.of(3, -4) })
    expect(state()).toBe('idle')
    expect(sumReturned(2, actor.returned())).toEqual(Float64Array.of(3, -4))
  })

  test('sends the spikes of each micro-batch by themselves', () => {
    const { actor, batches, state, deliverAll } = sourceWith(100, given)
    const count = 19
    const offsets = Uint32Array.from({ length: count + 1 }, (_, trial) => 2 * trial)
    const times = Float64Array.from({ length: 2 * count }, (_, k) => k % 2)
    const units = Uint32Array.from({ length: 2 * count }, (_, k) => (k % 4 < 2 ? 0 : 1))
    const trains = { offsets, times, units }
    actor.begin({ ...passOf(false), trials: { count, until: 50, inputs: { in: trains } }, microBatch: 8 })
    expect(batches).toHaveLength(1)
    deliverAll()
    expect(batches.map(({ sequence, window, times }) => [sequence, window, times.length])).toEqual([
      [0, { start: 0, end: 50 }, 16],
      [1, { start: 0, end: 50 }, 16],
      [2, { start: 0, end: 50 }, 6],
    ])
    expect(joinTrains(batches).trains).toEqual(trains)
    expect(state()).toBe('idle')
  })

  test('is through once they are sent where nobody asks', () => {
    const { actor, batches, state, deliverAll } = sourceWith(100, given)
    actor.begin(passOf(false))
    deliverAll()
    expect(batches).toHaveLength(1)
    expect(state()).toBe('idle')
  })
})
