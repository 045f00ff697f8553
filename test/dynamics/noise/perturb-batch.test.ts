import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FateDraws } from '../../../src/dynamics/noise/fate-draws.js'
import { perturbBatch, restoreOriginal, type SpikeCounts } from '../../../src/dynamics/noise/perturb-batch.js'
import { noisyRange, reachOf, type SpikeFate, shiftedDelay } from '../../../src/dynamics/noise/spike-noise.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { stepOf } from '../../../src/numerics/step-of.js'
import { type Spike, trainsOf } from '../../learning/trains.js'

const UNITS = 4
const REALISATION = { draw: 2, firstTrial: 10 }
const fate = (options: Partial<SpikeFate>): SpikeFate => ({ seed: 3, name: 'spikes/a', jitter: 0, loss: 0, ...options })
const drawsOf = (fates: readonly SpikeFate[], trials = 1, realisation = REALISATION) =>
  new FateDraws(fates, realisation, trials, UNITS)
const counts = (trials: number): SpikeCounts => ({ start: 0, size: UNITS, counts: new Uint32Array(trials * UNITS) })
const batchOf = (trials: readonly (readonly Spike[])[], window = { start: 0, end: 100 }): SpikeBatch => {
  const sorted = trials.map((spikes) => spikes.toSorted((a, b) => a.time - b.time || a.unit - b.unit))
  return { stream: 'a', sequence: 0, window, ...trainsOf(sorted) }
}

const spikes = fc.array(
  fc.record({ time: fc.double({ min: 0, max: 100, noNaN: true, maxExcluded: true }), unit: fc.nat(UNITS - 1) }),
  { maxLength: 30 },
)
const trials = fc.array(spikes, { minLength: 1, maxLength: 3 })

describe('the fate of spikes', () => {
  test('loses a share of them and moves the others by normal variates', () => {
    const number = 20_000
    const draws = drawsOf([fate({ jitter: 0.5, loss: 0.2 })])
    const shifts: number[] = []
    for (let k = 0; k < number; k++) if (draws.arrives(0, k % UNITS, Math.floor(k / UNITS))) shifts.push(draws.shift)
    const mean = shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length
    const variance = shifts.reduce((sum, shift) => sum + (shift - mean) ** 2, 0) / shifts.length
    // Six standard errors each.
    expect(Math.abs(shifts.length / number - 0.8)).toBeLessThan((6 * Math.sqrt(0.8 * 0.2)) / Math.sqrt(number))
    expect(Math.abs(mean)).toBeLessThan((6 * 0.5) / Math.sqrt(shifts.length))
    expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(6 * Math.sqrt(2 / shifts.length))
    const within = shifts.filter((shift) => Math.abs(shift) < 0.5).length / shifts.length
    expect(Math.abs(within - 0.6827)).toBeLessThan(6 * Math.sqrt((0.6827 * 0.3173) / shifts.length))
    expect(Math.max(...shifts.map(Math.abs))).toBeLessThan(reachOf({ fates: [fate({ jitter: 0.5 })], causal: false }))
  })

  test('is a function of seed, name, draw, trial, unit and number, and of nothing else', () => {
    const base = { fates: [fate({ jitter: 1 })], realisation: REALISATION, trial: 0, unit: 1, number: 2 }
    const shiftOf = ({ fates, realisation, trial, unit, number }: typeof base) => {
      const draws = drawsOf(fates, 3, realisation)
      draws.arrives(trial, unit, number)
      return draws.shift
    }
    const others = [
      { fates: [fate({ jitter: 1, seed: 4 })] },
      { fates: [fate({ jitter: 1, name: 'spikes/b' })] },
      { realisation: { draw: 3, firstTrial: 10 } },
      { realisation: { draw: 2, firstTrial: 12 } },
      { trial: 1 },
      { unit: 2 },
      { number: 3 },
    ].map((other) => shiftOf({ ...base, ...other }))
    expect(new Set([shiftOf(base), ...others]).size).toBe(1 + others.length)
    expect(shiftOf(base)).toBe(shiftOf(base))
    // The second trial of a run is the first of one that begins there.
    expect(shiftOf({ ...base, trial: 1 })).toBe(shiftOf({ ...base, realisation: { draw: 2, firstTrial: 11 } }))
  })

  test('that knows neither loss nor jitter is none; a certain loss spares nobody', () => {
    const quiet = drawsOf([fate({})])
    const lost = drawsOf([fate({ loss: 1 })])
    for (let k = 0; k < 1000; k++) {
      expect(quiet.arrives(0, 0, k)).toBe(true)
      expect(quiet.shift).toBe(0)
      expect(lost.arrives(0, 0, k)).toBe(false)
    }
  })
})

describe('a perturbed batch', () => {
  const fates = [fate({ jitter: 3, loss: 0.2 }), fate({ name: 'way/a->b', jitter: 1, loss: 0.1 })]

  test('is in order, holds each spike at most once, and says where it stood', () => {
    fc.assert(
      fc.property(trials, (given) => {
        const batch = batchOf(given)
        const { batch: found, places } = perturbBatch(batch, drawsOf(fates, given.length), counts(given.length), {
          causal: false,
        })
        expect(found).toMatchObject({ stream: 'a', sequence: 0, window: batch.window })
        expect(found.times.length).toBe(places.length)
        const seen = new Set<number>()
        for (let trial = 0; trial < given.length; trial++)
          for (let k = found.offsets[trial]!; k < found.offsets[trial + 1]!; k++) {
            const [time, unit] = [found.times[k]!, found.units[k]!]
            expect(time).toBeGreaterThanOrEqual(0)
            if (k > found.offsets[trial]!)
              expect(time > found.times[k - 1]! || (time === found.times[k - 1] && unit >= found.units[k - 1]!)).toBe(
                true,
              )
            const place = places[k]!
            if (place < 0) expect(time).toBe(0)
            if (place < 0) continue
            expect(seen.has(place)).toBe(false)
            seen.add(place)
            expect(unit).toBe(batch.units[place])
            expect(place >= batch.offsets[trial]! && place < batch.offsets[trial + 1]!).toBe(true)
            expect(Math.abs(time - batch.times[place]!)).toBeLessThan(reachOf({ fates, causal: false }))
          }
      }),
      { numRuns: 100 },
    )
  })

  test('does not depend on how a stream is cut into windows', () => {
    fc.assert(
      fc.property(trials, fc.integer({ min: 1, max: 99 }), (given, cut) => {
        const part = (from: number, to: number) =>
          batchOf(
            given.map((each) => each.filter(({ time }) => time >= from && time < to)),
            { start: from, end: to },
          )
        const run = (batches: readonly SpikeBatch[]) => {
          const [draws, seen] = [drawsOf(fates, given.length), counts(given.length)]
          return joinTrains(batches.map((batch) => perturbBatch(batch, draws, seen, { causal: false }).batch)).trains
        }
        expect(run([part(0, cut), part(cut, 100)])).toEqual(run([part(0, 100)]))
      }),
      { numRuns: 50 },
    )
  })

  test('that only loses spikes moves none, and is asked for those at 0, too', () => {
    const batch = batchOf([[0, 0, 0, 0, 2, 5].map((time, k) => ({ time, unit: k % UNITS }))])
    const { batch: found, places } = perturbBatch(batch, drawsOf([fate({ loss: 0.4 })]), counts(1), { causal: false })
    expect([...found.times]).toEqual([...places].map((place) => batch.times[place]))
    expect([...found.units]).toEqual([...places].map((place) => batch.units[place]))
    expect(found.times.length).toBeLessThan(6)
    expect(found.times.filter((time) => time === 0).length).toBeGreaterThan(0)
  })

  test('on a cycle keeps its times and says how late it is', () => {
    const batch = batchOf([[1, 2, 3, 4, 5, 6].map((time) => ({ time, unit: time % UNITS }))])
    const { batch: found, places } = perturbBatch(batch, drawsOf(fates), counts(1), { causal: true })
    expect([...found.times]).toEqual([...places].map((place) => batch.times[place]))
    expect(found.shifts).toHaveLength(found.times.length)
    expect(new Set(found.shifts).size).toBe(found.times.length)
  })

  test.each([{ causal: true }, { causal: false }])(
    'with ticks leaves at the next one, causal or not: %o',
    ({ causal }) => {
      const given = [0, 0.5, 1, 1.000001, 1.5, 2, 2.75, 3]
      const batch = batchOf([given.map((time, k) => ({ time, unit: k % UNITS }))])
      const way = { causal, tick: 0.5, lag: 0.25 }
      const { batch: found, places } = perturbBatch(batch, drawsOf([]), counts(1), way)
      const ticks = [0.5, 0.5, 1, 1.5, 1.5, 2, 3, 3].map((time) => time + 0.25)
      expect([...found.times]).toEqual(ticks)
      expect([...places].toSorted()).toEqual(given.map((_, k) => k))
      expect([...(found.shifts ?? [])]).toEqual(causal ? given.map(() => 0) : [])
      // Spikes of one tick are in the order of their units.
      if (!causal) expect([...found.units.subarray(0, 2)]).toEqual([...found.units.subarray(0, 2)].toSorted())
    },
  )

  test('with ticks and jitter never leaves before its spike on a cycle, and arrives early instead', () => {
    const batch = batchOf([Array.from({ length: 40 }, (_, k) => ({ time: 10 + 0.1 * k, unit: 0 }))])
    const way = { causal: true, tick: 0.5 }
    const { batch: found, places } = perturbBatch(batch, drawsOf([fate({ jitter: 1 })]), counts(1), way)
    const { batch: jittered } = perturbBatch(batch, drawsOf([fate({ jitter: 1 })]), counts(1), { causal: true })
    let early = 0
    for (const [k, time] of found.times.entries()) {
      const exact = batch.times[places[k] as number] as number
      const shift = found.shifts?.[k] as number
      expect(time).toBeGreaterThanOrEqual(exact)
      const tick = 0.5 * stepOf(exact + (jittered.shifts?.[k] as number), 0.5)
      expect(time + shift).toBeCloseTo(tick, 9)
      if (shift < 0) early++
    }
    expect(early).toBeGreaterThan(5)
  })

  test('gets gradients in the order of the original, with 0 for what was lost or held back', () => {
    const values = Float64Array.of(1, 2, 3, 10, 20, 30)
    expect(restoreOriginal(Int32Array.of(3, -1, 0), values, 2, 4)).toEqual(Float64Array.of(3, 0, 0, 1, 30, 0, 0, 10))
    expect(restoreOriginal(Int32Array.of(), new Float64Array(0), 2, 1)).toEqual(Float64Array.of(0, 0))
  })
})

describe('on a cycle', () => {
  test('no spike arrives before a tenth of a millisecond, or its delay if that is less', () => {
    expect(shiftedDelay(2, 0.5)).toBe(2.5)
    expect(shiftedDelay(2, -0.5)).toBe(1.5)
    expect(shiftedDelay(2, -5)).toBe(0.1)
    expect(shiftedDelay(0.05, -0.01)).toBe(0.05)
    expect(shiftedDelay(0, -1)).toBe(0)
    expect(shiftedDelay(0, -0.2, 1.3)).toBe(-0.2)
    expect(shiftedDelay(0, -5, 1.5)).toBeCloseTo(-1.4, 12)
    expect(shiftedDelay(0.01, -5, 0.02)).toBeCloseTo(0.01, 12)
  })

  test('the range of delays holds whatever noise may do', () => {
    const noise = { fates: [fate({ jitter: 0.2 }), fate({ jitter: 0.1 })], causal: true }
    const { least, most } = noisyRange({ least: 1, most: 2 }, { fates: [], causal: true, tick: 0.5, lag: 1 })
    expect(least).toBe(1)
    expect(most).toBeGreaterThan(2 + 0.5 + 1)
    const delay = fc.double({ min: 0, max: 5, noNaN: true })
    fc.assert(
      fc.property(delay, delay, fc.double({ min: -1, max: 1, noNaN: true }), (a, b, share) => {
        const range = noisyRange({ least: Math.min(a, b), most: Math.max(a, b) }, noise)
        const late = shiftedDelay(a, share * reachOf(noise))
        expect(range.least).toBeLessThanOrEqual(late)
        expect(range.most).toBeGreaterThanOrEqual(late)
        expect(range.least).toBeGreaterThanOrEqual(Math.min(a, b, 0.1))
      }),
    )
    const [far, time] = [fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 0, max: 1e4, noNaN: true })]
    const nearest = fc.oneof(fc.constant(0), far)
    fc.assert(
      fc.property(delay, nearest, far, time, fc.double({ min: -1, max: 1, noNaN: true }), (d, near, more, t, share) => {
        const latency = near + more
        const late = shiftedDelay(d, share * reachOf(noise), latency)
        const soonest = noisyRange({ least: d, most: d }, noise, { least: near }).least
        expect(t + near + soonest).toBeLessThanOrEqual(t + latency + late)
        expect(near + soonest).toBeGreaterThan(Math.min(near + d, 0.1) - 1e-8)
      }),
    )
    expect(noisyRange({ least: 1, most: 2 }, null)).toEqual({ least: 1, most: 2 })
    expect(noisyRange({ least: 1, most: 2 }, { ...noise, causal: false }).least).toBeCloseTo(1 - 8.3 * 0.3)
  })
})
