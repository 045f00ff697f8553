import { describe, expect, test } from 'vitest'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { type UnitSet, unitSet } from '../../../src/events/unit-set.js'
import type { StreamMessage } from '../../../src/streams/message.js'
import { type ArrivalCheck, type ArrivingRun, createArrivalCheck } from '../../../src/streams/pathways/arrival-check.js'

const [SPIKES, GRADIENTS, VECTOR] = [0, 1, 2]

/** Two trials of 10 ms; stream 0 brings units 32 to 63, stream 1 two sums per spike, stream 2 six numbers. */
function begin(gradients = true): ArrivalCheck {
  const check = createArrivalCheck()
  check.begin({ ...RUN, gradients })
  return check
}

const RUN: ArrivingRun = {
  trials: 2,
  span: { start: 0, end: 10 },
  gradients: true,
  arrivalOf(stream) {
    if (stream === SPIKES) return { kind: 'spikes', units: { start: 32, end: 64 } }
    if (stream === GRADIENTS) return { kind: 'gradients', sums: 2 }
    return stream === VECTOR ? { kind: 'vector', lengths: [6] } : undefined
  },
}

const GOOD: SpikeBatch = {
  stream: 'hidden',
  sequence: 0,
  window: { start: 0, end: 4 },
  offsets: Uint32Array.of(0, 2, 3),
  times: Float64Array.of(1, 1, 0),
  units: Uint32Array.of(63, 32, 40),
}

const spikes = (changes: Partial<SpikeBatch> = {}): StreamMessage => ({
  kind: 'spikes',
  stream: SPIKES,
  run: 1,
  batch: { ...GOOD, ...changes },
})
const gradientsOf = (sequence: number, count: number): StreamMessage => ({
  kind: 'gradients',
  stream: GRADIENTS,
  run: 1,
  batch: { stream: 'hidden', sequence, values: new Float64Array(count) },
})
const vector = (length: number, stream = VECTOR): StreamMessage => ({
  kind: 'vector',
  stream,
  run: 1,
  values: new Float64Array(length),
})

describe('spikes that arrive', () => {
  test('are of units that are heard, where it was told which', () => {
    const [check, deaf] = [createArrivalCheck(), createArrivalCheck()]
    const heard = (...units: number[]) => unitSet(32, (unit) => units.includes(32 + unit))
    const hearing = (set: UnitSet): ArrivingRun => ({
      ...RUN,
      arrivalOf: () => ({ kind: 'spikes', units: { start: 32, end: 64 }, heard: set }),
    })
    check.begin(hearing(heard(32, 40, 63)))
    deaf.begin(hearing(heard(32, 63)))
    expect(check.fault(spikes())).toBeNull()
    expect(deaf.fault(spikes())).toContain('a spike of unit 40, which has no receiver here')
  })

  test('follow each other to the end of the trials, and begin anew in the next run', () => {
    const check = begin()
    expect(check.fault(spikes())).toBeNull()
    const last = spikes({ sequence: 1, window: { start: 4, end: 10 }, times: Float64Array.of(4, 9, 5) })
    expect(check.fault(last)).toBeNull()
    expect(check.fault(spikes({ sequence: 2, window: { start: 10, end: 11 } }))).toContain('after the end')
    check.begin(RUN)
    expect(check.fault(spikes())).toBeNull()
  })

  test.each<[string, Partial<SpikeBatch>]>([
    ['batch 1 in place of 0', { sequence: 1 }],
    ['a window from 1 ms in place of 0 ms', { window: { start: 1, end: 4 } }],
    ['spikes of 1 trials in place of 2', { offsets: Uint32Array.of(0, 3) }],
    ['a spike at 0.5 ms after 1 ms', { times: Float64Array.of(1, 0.5, 0) }],
    ['a spike at NaN ms', { times: Float64Array.of(Number.NaN, 1, 0) }],
    ['a spike at Infinity ms', { times: Float64Array.of(1, Infinity, 0) }],
    ['a spike at -1 ms', { times: Float64Array.of(-1, 1, 0) }],
    ['a spike of unit 31', { units: Uint32Array.of(63, 31, 40) }],
    ['a spike of unit 64', { units: Uint32Array.of(64, 32, 40) }],
  ])('are refused: %s', (says, changes) => {
    expect(begin().fault(spikes(changes))).toContain(`${says}`)
    expect(begin().fault(spikes(changes))).toContain('on stream 0')
  })
})

describe('gradients that arrive', () => {
  test('are one for each batch, the last first, with all of their sums', () => {
    const check = begin()
    check.sent(GRADIENTS, GOOD)
    check.sent(GRADIENTS, { ...GOOD, times: new Float64Array(5) })
    expect(check.fault(gradientsOf(1, 10))).toBeNull()
    expect(check.fault(gradientsOf(0, 6))).toBeNull()
    expect(check.fault(gradientsOf(0, 6))).toContain('not awaited')
  })

  test('are refused out of turn, with too few sums, and in a run without gradients', () => {
    const [early, short, none] = [begin(), begin(), begin(false)]
    for (const check of [early, short, none]) check.sent(GRADIENTS, GOOD)
    expect(early.fault(gradientsOf(1, 6))).toContain('in place of 0')
    expect(short.fault(gradientsOf(0, 5))).toContain('5 sums for 3 spikes')
    expect(none.fault(gradientsOf(0, 6))).toContain('not awaited')
  })
})

describe('in micro-batches', () => {
  /** Two of 8 trials and one of a single trial. */
  const CUT: ArrivingRun = {
    ...RUN,
    trials: 17,
    microBatch: 8,
    arrivalOf: (stream) => (stream === VECTOR ? { kind: 'vector', lengths: [16, 16, 2] } : RUN.arrivalOf(stream)),
  }
  const begun = () => {
    const check = createArrivalCheck()
    check.begin(CUT)
    return check
  }
  /** A spike in each of some trials. */
  const part = (sequence: number, trials: readonly number[], changes: Partial<SpikeBatch> = {}) => {
    const offsets = Uint32Array.from({ length: 18 }, (_, trial) => trials.filter((each) => each < trial).length)
    const times = Float64Array.from(trials, () => 3)
    const units = Uint32Array.from(trials, () => 40)
    return spikes({ sequence, window: { start: 0, end: 10 }, offsets, times, units, ...changes })
  }

  test('spikes come trials by trials, each time for the whole time, until the last are there', () => {
    const check = begun()
    const awaited = () => check.awaited([SPIKES])[0]?.watermark
    for (const [sequence, trials] of [[0, 3, 7], [8, 15], [16]].entries()) {
      expect(awaited()).toBe(0)
      expect(check.fault(part(sequence, trials))).toBeNull()
    }
    expect(awaited()).toBeUndefined()
    expect(check.fault(part(3, []))).toContain('after the end')
  })

  test.each<[string, StreamMessage]>([
    ['batch 1 in place of 0', part(1, [8])],
    ['2 spikes of other trials than 0 to 7', part(0, [7, 8, 16])],
    ['a window up to 4 ms in place of 10 ms', part(0, [1], { window: { start: 0, end: 4 } })],
    ['a spike of unit 64', part(0, [1], { units: Uint32Array.of(64) })],
  ])('are refused: %s', (says, message) => {
    expect(begun().fault(message)).toContain(says)
  })

  test('gradients come the first first, also before the last spikes have left', () => {
    const check = begun()
    check.sent(GRADIENTS, GOOD)
    expect(check.fault(gradientsOf(0, 6))).toBeNull()
    check.sent(GRADIENTS, GOOD)
    expect(check.awaited([GRADIENTS])).toHaveLength(1)
    expect(check.fault(gradientsOf(0, 6))).toContain('in place of 1')
    expect(check.fault(gradientsOf(1, 6))).toBeNull()
    expect(check.awaited([GRADIENTS])).toEqual([])
    expect(check.fault(gradientsOf(2, 6))).toContain('not awaited')
  })

  test('there is a vector for each, as long as it must be', () => {
    const check = begun()
    expect(check.fault(vector(16))).toBeNull()
    expect(check.awaited([VECTOR])).toHaveLength(1)
    expect(check.fault(vector(2))).toContain('2 numbers in place of 16')
    expect(check.fault(vector(2))).toBeNull()
    expect(check.awaited([VECTOR])).toEqual([])
    expect(check.fault(vector(2))).toContain('4 vectors in one run in place of 3')
  })
})

test('a vector arrives once, as long as it must be', () => {
  const check = begin()
  expect(check.fault(vector(6))).toBeNull()
  expect(check.fault(vector(6))).toContain('2 vectors in one run in place of 1')
  expect(begin().fault(vector(5))).toContain('5 numbers in place of 6')
})

test('what a stream brings is a matter of the run', () => {
  const check = begin()
  expect(check.fault(vector(6))).toBeNull()
  check.begin({ ...RUN, arrivalOf: () => ({ kind: 'vector', lengths: [5] }) })
  expect(check.fault(vector(5))).toBeNull()
  check.begin({ ...RUN, arrivalOf: () => undefined })
  expect(check.fault(vector(6))).toContain('vector where nothing may come')
  expect(check.awaited([VECTOR])).toEqual([])
})

test('nothing arrives on the stream of something else', () => {
  expect(begin().fault(vector(6, SPIKES))).toContain('vector where spikes may come')
  expect(begin().fault(vector(6, 9))).toContain('vector where nothing may come')
})
