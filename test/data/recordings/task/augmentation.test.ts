import { describe, expect, it } from 'vitest'
import { compactRecordings } from '../../../../src/data/recordings/compact-recordings.js'
import type { EventRecordings } from '../../../../src/data/recordings/event-recordings.js'
import type { Augmentation } from '../../../../src/data/recordings/task/augmentation-options.js'
import { eventTask } from '../../../../src/data/recordings/task/event-task.js'
import type { EventSplit } from '../../../../src/data/recordings/task/event-task-options.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'

const SOME = { input: { mean: 0.1, std: 0.1 } }

/** The training samples of recordings, in training. */
function samplesOf(recordings: EventRecordings, augment: Augmentation, split: EventSplit = {}) {
  const { train } = eventTask(recordings, { augment, weights: SOME, until: 1000, split })
  const one = (place: number, epoch = 1, seed = 1) => {
    const { times, units } = train.encode(Uint32Array.of(place), { seed, epoch }).input ?? {}
    return { times: times as Float64Array, units: units as Uint32Array }
  }
  return { one, train }
}

/** Every pixel of a picture has one event, of its own time. */
function picture(shape: readonly [number, number, number]): EventRecordings {
  const size = shape[0] * shape[1] * shape[2]
  const units = Array.from({ length: size }, (_, unit) => unit)
  return compactRecordings(
    Array.from({ length: 8 }, (_, k) => ({ times: units.map((unit) => unit / 8), units, label: k % 2 })),
    { shape },
  )
}

/** From where to where the pixels of `[1, 41, 41]` around the centre go, none of which is lost. */
interface Way {
  readonly x: number
  readonly y: number
  readonly toX: number
  readonly toY: number
}

function waysOf({ times, units }: { times: Float64Array; units: Uint32Array }): readonly Way[] {
  const [n, c] = [41, 20]
  const ways = Array.from(times, (time, k) => {
    const [from, to] = [Math.round(8 * time), units[k] as number]
    return { x: (from % n) - c, y: Math.floor(from / n) - c, toX: (to % n) - c, toY: Math.floor(to / n) - c }
  })
  return ways.filter(({ x, y }) => Math.hypot(x, y) < 15)
}

const STEP = 0.002

/** The number from -most to most with which all ways are right, to half a pixel. */
function fitting(
  ways: readonly Way[],
  most: number,
  to: (way: Way, number: number) => readonly [number, number],
): number {
  const numbers = Array.from({ length: 2 * Math.ceil(most / STEP) + 1 }, (_, k) => (k - Math.ceil(most / STEP)) * STEP)
  const found = numbers.find((number) =>
    ways.every((way) => {
      const [x, y] = to(way, number)
      return Math.abs(way.toX - x) < 0.5 + 15 * STEP && Math.abs(way.toY - y) < 0.5 + 15 * STEP
    }),
  )
  return found ?? Number.NaN
}
const EPOCHS = Array.from({ length: 200 }, (_, k) => k + 1)

describe('augmentation of pictures', () => {
  it('turns by an angle of either sign, up to the rotation', () => {
    const { one } = samplesOf(picture([1, 41, 41]), { rotation: 0.3 })
    const angles = EPOCHS.map((epoch) =>
      fitting(waysOf(one(0, epoch)), 0.3, ({ x, y }, angle) => {
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
        return [x * cos - y * sin, x * sin + y * cos]
      }),
    )
    expect(Math.max(...angles)).toBeGreaterThan(0.27)
    expect(Math.min(...angles)).toBeLessThan(-0.28)
    expect(Math.abs(angles.reduce((a, b) => a + b) / angles.length)).toBeLessThan(0.05)
  })

  it('magnifies by a factor around 1, up to the zoom', () => {
    const { one } = samplesOf(picture([1, 41, 41]), { zoom: 0.25 })
    const zooms = EPOCHS.map((epoch) =>
      fitting(waysOf(one(0, epoch)), 0.25, ({ x, y }, zoom) => [x * (1 + zoom), y * (1 + zoom)]),
    )
    expect(Math.max(...zooms)).toBeGreaterThan(0.22)
    expect(Math.min(...zooms)).toBeLessThan(-0.23)
    expect(Math.abs(zooms.reduce((a, b) => a + b) / zooms.length)).toBeLessThan(0.05)
  })

  it('moves by parts of pixels, along either axis by a draw of its own', () => {
    const { one } = samplesOf(picture([2, 7, 7]), { translation: 1.25 })
    const seen = new Map<string, number>()
    for (const epoch of EPOCHS) {
      const { times, units } = one(0, epoch)
      const moves = new Set(
        Array.from(times, (time, k) => {
          const [from, to] = [Math.round(8 * time), units[k] as number]
          const down = (Math.floor(to / 7) % 7) - (Math.floor(from / 7) % 7)
          return Math.floor(from / 49) === Math.floor(to / 49) ? `${(to % 7) - (from % 7)} ${down}` : 'polarity'
        }),
      )
      expect(moves.size).toBe(1)
      for (const move of moves) seen.set(move, (seen.get(move) ?? 0) + 1)
    }
    const all = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => `${x} ${y}`))
    expect([...seen.keys()].sort()).toEqual(all.sort())
    // 0.4 of either axis stay.
    expect(Math.abs((seen.get('0 0') as number) / EPOCHS.length - 0.16)).toBeLessThan(0.09)
  })

  it('is refused by name where there are channels alone', () => {
    const strip = compactRecordings(
      Array.from({ length: 8 }, (_, k) => ({ times: [k], units: [k % 4], label: k % 2 })),
      { shape: [4] },
    )
    for (const name of ['rotation', 'zoom', 'translation'] as const) {
      expect(() => eventTask(strip, { augment: { [name]: 0.2 } })).toThrow(
        `augment.${name}: found recordings of shape [4], expected those of a camera, [polarities, height, width]`,
      )
      expect(() => eventTask(strip, { augment: { [name]: 0 } })).not.toThrow()
    }
    expect(() => eventTask(strip, { augment: { zoom: 1 } })).toThrow(
      'zoom: found 1, expected a number from 0 and below 1',
    )
    expect(() => eventTask(strip, { augment: { blend: 1.5 } })).toThrow(
      'blend: found 1.5, expected a share from 0 to 1',
    )
  })
})

describe('blending', () => {
  /** Recording k has 40 events in channel k, of times that tell it apart from others, around 100 ms. */
  const recordings = compactRecordings(
    Array.from({ length: 30 }, (_, k) => ({
      times: Array.from({ length: 40 }, (_each, e) => 80.5 + e + k / 64),
      units: Array.from({ length: 40 }, () => k % 4),
      label: k % 3,
      groups: { take: k },
    })),
    { shape: [4] },
  )
  const split = { by: 'take', validation: [0, 1], test: [2, 3] }

  /** The recordings that the events of a sample are from: their times have been moved by half the difference. */
  function sources({ times }: { times: Float64Array }): readonly number[] {
    const parts = Array.from(times, (time) => Math.round((time - Math.floor(time)) * 128) / 2)
    return [...new Set(parts)]
  }

  it('is of a recording and another one of its class and split, by its chance', () => {
    const { one, train } = samplesOf(recordings, { blend: 0.4 }, split)
    const plain = samplesOf(recordings, {}, split)
    const partners = new Map<number, number>()
    let count = 0
    for (const epoch of EPOCHS) {
      const { times, units } = one(5, epoch)
      // The sixth recording for training: 9, of class 0.
      if (times.length === 40 && units.every((unit) => unit === 1)) {
        expect(times).toEqual(plain.one(5).times)
        continue
      }
      count++
      // Both have been moved to the middle between 100 + 9 / 64 and 100 + k / 64.
      const [place] = sources({ times }).map((part) => part - 32) as [number]
      expect(sources({ times })).toHaveLength(1)
      const partner = 2 * place - 9
      expect(partner % 3).toBe(0)
      expect(partner).toBeGreaterThan(3)
      partners.set(partner, (partners.get(partner) ?? 0) + 1)
    }
    expect(train.size).toBe(26)
    // Standard deviation 0.035.
    expect(Math.abs(count / EPOCHS.length - 0.4)).toBeLessThan(0.14)
    expect([...partners.keys()].sort((a, b) => a - b)).toEqual([6, 12, 15, 18, 21, 24, 27])
  })

  it('does not depend on what else is asked for', () => {
    const { one, train } = samplesOf(recordings, { blend: 0.7, jitter: 1 }, split)
    const places = Uint32Array.from({ length: train.size }, (_, k) => train.size - 1 - k)
    const { offsets, times, units } = train.encode(places, { seed: 1, epoch: 4 }).input as SpikeTrains
    for (const [k, place] of places.entries()) {
      const [start, end] = [offsets[k], offsets[k + 1]]
      expect(one(place, 4)).toEqual({ times: times.slice(start, end), units: units.slice(start, end) })
      expect(one(place, 4, 2)).not.toEqual(one(place, 4))
    }
  })

  it('has nothing to blend a lonely recording with', () => {
    const lonely = compactRecordings(
      Array.from({ length: 6 }, (_, k) => ({ times: [k + 1], units: [0], label: k % 2, groups: { take: k } })),
      { shape: [1] },
    )
    const { one } = samplesOf(lonely, { blend: 1 }, { by: 'take', validation: [2, 3], test: [4, 5] })
    for (const epoch of EPOCHS) expect([...one(0, epoch).times]).toEqual([1])
  })

  it('goes before all other changes, and in training alone', () => {
    const both = samplesOf(recordings, { blend: 1, tempo: 0.2, drop: 0.1 }, split)
    const { validation, test } = eventTask(recordings, { augment: { blend: 1 }, weights: SOME, split })
    for (const set of [validation, test]) expect(set.encode(Uint32Array.of(0)).input?.times).toHaveLength(40)
    const blended = samplesOf(recordings, { blend: 1 }, split)
    for (const epoch of EPOCHS.slice(0, 20)) {
      const [found, whole] = [both.one(3, epoch), blended.one(3, epoch)]
      const factors = new Set(Array.from(found.times, (time) => time))
      expect(factors.size).toBeLessThanOrEqual(found.times.length)
      const tempo = samplesOf(recordings, { blend: 1, tempo: 0.2 }, split).one(3, epoch)
      expect(tempo.times).toHaveLength(whole.times.length)
      const factor = (tempo.times[0] as number) / (whole.times[0] as number)
      expect(tempo.times.every((time, k) => Math.abs(time - factor * (whole.times[k] as number)) < 1e-9)).toBe(true)
      expect(Array.from(found.times).every((time) => tempo.times.includes(time))).toBe(true)
      expect(found.times.length).toBeLessThanOrEqual(tempo.times.length)
    }
  })
})

describe('chances of events', () => {
  it('are those of each event alone, neighbours among them', () => {
    const count = 1000
    const units = Array.from({ length: count }, (_, unit) => unit)
    const given = Array.from({ length: 8 }, (_, k) => ({
      times: units.map((unit) => 1 + unit / 2),
      units,
      label: k % 2,
    }))
    const recordings = compactRecordings(given, { shape: [count] })
    const shaken = samplesOf(recordings, { jitter: 0.01 }).one(0)
    const offsets = Array.from(shaken.times, (time, k) => time - (1 + shaken.units[k]! / 2))
    const isKept = new Uint8Array(count)
    for (const unit of samplesOf(recordings, { drop: 0.5 }).one(0).units) isKept[unit] = 1
    const kept = Array.from(isKept, (is) => 2 * is - 1)
    expect(offsets).toHaveLength(count)
    for (const values of [offsets, kept]) {
      const power = values.reduce((sum, value) => sum + value * value, 0)
      expect(power).toBeGreaterThan(0)
      // Of independent ones about 1 / sqrt(count / 2) at most two or three times over.
      for (const first of [0, 1]) {
        const pairs = units.filter((k) => k % 2 === first && k + 1 < count)
        const together = pairs.reduce((sum, k) => sum + values[k]! * values[k + 1]!, 0)
        expect(Math.abs(together)).toBeLessThan(0.1 * power)
      }
    }
  })
})
