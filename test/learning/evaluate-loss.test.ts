import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError, RunError } from '../../src/events/errors.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { centralQuotient } from '../../src/learning/central-quotient.js'
import type {
  FirstSpikeLoss,
  LiIntegralLoss,
  LinearLoss,
  Loss,
  SpikeCountLoss,
  VMaxLoss,
} from '../../src/learning/loss.js'
import { crossEntropy } from '../../src/learning/losses/cross-entropy.js'
import { casesOf } from '../support/cases-of.js'
import { evaluateIntegralLoss, evaluateMaximaLoss, evaluateSpikeLoss } from '../support/evaluate-losses.js'
import { arbitrarySpikes, type Spike, trainsOf } from './trains.js'

const SIZE = 4
const linear = (coefficients: number[]): LinearLoss => ({ kind: 'linear', group: 'out', coefficients })
const first: FirstSpikeLoss = { kind: 'firstSpike', group: 'out', tau0: 0.5, alpha: 0.003, tau1: 6.4 }
const race: FirstSpikeLoss = { ...first, alpha: 0 }
const count: SpikeCountLoss = { kind: 'spikeCount', group: 'out', tau: 20 }
const vMax: VMaxLoss = { kind: 'vMax', group: 'out' }
const plain = vMax

function evaluate(loss: LinearLoss | FirstSpikeLoss | SpikeCountLoss, spikes: readonly Spike[], label: number | null) {
  const trains = trainsOf([spikes])
  const explicit = new Float64Array(trains.times.length).fill(Number.NaN)
  return { ...evaluateSpikeLoss(loss, SIZE, trains, 0, label, explicit), explicit }
}

function maxima(values: readonly number[]) {
  return { values: Float64Array.from(values), times: new Float64Array(values.length) }
}

const positive = fc.double({ min: 0.2, max: 20, noNaN: true })
const spikeLosses = fc.oneof(
  fc
    .record({
      tau0: positive,
      alpha: fc.nat({ max: 100 }).map((thousandths) => thousandths / 1000),
      tau1: fc.constant(6.4),
    })
    .map((numbers): FirstSpikeLoss => ({ kind: 'firstSpike', group: 'out', ...numbers })),
  positive.map((tau): SpikeCountLoss => ({ kind: 'spikeCount', group: 'out', tau })),
)
const smoothings = fc.constantFrom(0, 1e-9, 0.1, 0.9)
const smoothed = <Own extends Loss>(losses: fc.Arbitrary<Own>): fc.Arbitrary<Own> =>
  fc.tuple(losses, smoothings).map(([loss, smoothing]) => (smoothing === 0 ? loss : { ...loss, smoothing }))

describe('the losses on spikes', () => {
  it('have the derivatives of their values', () => {
    fc.assert(
      fc.property(smoothed(spikeLosses), arbitrarySpikes(SIZE), fc.nat({ max: SIZE - 1 }), (loss, spikes, label) => {
        const trains = trainsOf([spikes])
        const explicit = new Float64Array(spikes.length).fill(Number.NaN)
        const here = evaluateSpikeLoss(loss, SIZE, trains, 0, label, explicit)
        if (here.loss === null) {
          expect(explicit.every((slope) => slope === 0)).toBe(true)
          return
        }
        const largest = Math.max(...explicit.map(Math.abs), 0)
        const scratch = new Float64Array(spikes.length)
        for (const [spike, slope] of explicit.entries()) {
          const f = (time: number) =>
            evaluateSpikeLoss(loss, SIZE, { ...trains, times: trains.times.with(spike, time) }, 0, label, scratch).loss!
          const { value, error } = centralQuotient(f, trains.times[spike]!, 0.04)
          expect(Math.abs(slope - value)).toBeLessThanOrEqual(1e-6 * Math.max(Math.abs(value), 1e-3 * largest) + error)
        }
      }),
    )
  })

  it('say the same about a trial whatever its place in the batch, and leave the other trials alone', () => {
    const trials = fc.array(arbitrarySpikes(SIZE), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(spikeLosses, trials, fc.nat(), fc.nat({ max: SIZE - 1 }), (loss, lists, pick, label) => {
        const trial = pick % lists.length
        const trains = trainsOf(lists)
        const explicit = new Float64Array(trains.times.length).fill(7)
        const result = evaluateSpikeLoss(loss, SIZE, trains, trial, label, explicit)
        const alone = evaluate(loss, lists[trial]!, label)
        const [start, end] = [trains.offsets[trial]!, trains.offsets[trial + 1]!]
        expect({ ...result, explicit: explicit.slice(start, end) }).toEqual(alone)
        explicit.fill(7, start, end)
        expect(explicit.every((entry) => entry === 7)).toBe(true)
      }),
    )
  })
})

describe('first-spike loss', () => {
  it('is a race: shifting every spike changes it only by rounding', () => {
    const shift = fc.integer({ min: -1000, max: 1_000_000 }).map((quarters) => quarters / 4)
    fc.assert(
      fc.property(arbitrarySpikes(SIZE), fc.nat({ max: SIZE - 1 }), shift, (spikes, label, by) => {
        const here = evaluate(race, spikes, label)
        const there = evaluate(
          race,
          spikes.map(({ time, unit }) => ({ time: time + by, unit })),
          label,
        )
        expect(there.prediction).toBe(here.prediction)
        expect(there.labelSilent).toBe(here.labelSilent)
        if (here.loss === null || there.loss === null) expect(there.loss).toBe(here.loss)
        else expect(Math.abs(here.loss - there.loss)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(by)) * 1e-3)
      }),
    )
  })

  it('counts first spikes only', () => {
    const spikes = [
      { time: 5, unit: 0 },
      { time: 6, unit: 1 },
    ]
    const more = evaluate(race, [...spikes, { time: 7, unit: 0 }, { time: 9, unit: 1 }], 1)
    expect(more.loss).toBe(evaluate(race, spikes, 1).loss)
    expect([...more.explicit.slice(2)]).toEqual([0, 0])
  })

  it('leaves silent units out of the softmax', () => {
    expect(evaluate(race, [{ time: 12, unit: 2 }], 2)).toEqual({
      loss: 0,
      prediction: 2,
      labelSilent: false,
      explicit: Float64Array.of(0),
    })
  })

  it('has no value and no derivatives where the label is silent', () => {
    const { loss, prediction, labelSilent, explicit } = evaluate(first, [{ time: 12, unit: 2 }], 1)
    expect({ loss, prediction, labelSilent }).toEqual({ loss: null, prediction: 2, labelSilent: true })
    expect([...explicit]).toEqual([0])
    expect(evaluate(first, [], 1)).toMatchObject({ loss: null, prediction: -1, labelSilent: true })
  })

  it('smooths over the units that spike', () => {
    const spikes = [
      { time: 4, unit: 0 },
      { time: 6, unit: 3 },
    ]
    const { loss, explicit } = evaluate({ ...race, tau0: 2, smoothing: 0.2 }, spikes, 0)
    // 1 for the late one, and half of the smoothing is its.
    const wait = Math.log(1 + Math.exp(-1))
    expect(loss).toBeCloseTo(0.9 * wait + 0.1 * (1 + wait), 14)
    const share = 1 / (1 + Math.E)
    expect(explicit[1]).toBeCloseTo(-(share - 0.1) / 2, 14)
    expect(explicit[0]).toBeCloseTo((share - 0.1) / 2, 14)
    expect(evaluate({ ...race, smoothing: 0.2 }, [{ time: 12, unit: 2 }], 2)).toMatchObject({ loss: 0 })
  })

  it('predicts the lowest of the units that spike first together', () => {
    const tie = [
      { time: 4, unit: 3 },
      { time: 4, unit: 1 },
      { time: 5, unit: 0 },
    ]
    expect(evaluate(first, tie, 3).prediction).toBe(1)
  })

  it('has its literal values', () => {
    const { loss, explicit } = evaluate(
      { ...first, tau0: 2, alpha: 0.5, tau1: 4 },
      [
        { time: 4, unit: 0 },
        { time: 4, unit: 1 },
      ],
      1,
    )
    expect(loss).toBeCloseTo(Math.LN2 + 0.5 * (Math.E - 1), 14)
    expect(explicit[0]).toBeCloseTo(-0.25, 14)
    expect(explicit[1]).toBeCloseTo(0.25 + 0.125 * Math.E, 14)
  })

  it('refuses a label spike beyond the range of e^x, unless nothing depends on it', () => {
    const late = [{ time: 1e5, unit: 0 }]
    expect(() => evaluate(first, late, 0)).toThrow(expect.objectContaining({ code: 'LOSS_OVERFLOW' }))
    expect(() => evaluate(first, late, 0)).toThrow(RunError)
    expect(evaluate(race, late, 0).loss).toBe(0)
  })
})

describe('spike-count loss', () => {
  it('has its literal values', () => {
    const spikes = [
      { time: 0, unit: 0 },
      { time: 0, unit: 1 },
    ]
    const { loss, explicit, prediction } = evaluate(count, spikes, 1)
    // e / (2 e + 2) for each of the two units that spiked, 1 / (2 e + 2) for the silent ones.
    const share = Math.E / (2 * Math.E + 2)
    expect(loss).toBeCloseTo(-Math.log(share), 14)
    expect(explicit[0]).toBeCloseTo(-share / 20, 15)
    expect(explicit[1]).toBeCloseTo((1 - share) / 20, 15)
    expect(prediction).toBe(0)
  })

  it('has a value where the label is silent, and predicts nothing where all are', () => {
    expect(evaluate(count, [{ time: 3, unit: 0 }], 2)).toMatchObject({ prediction: 0, labelSilent: true })
    expect(evaluate(count, [{ time: 3, unit: 0 }], 2).loss).toBeGreaterThan(Math.log(SIZE))
    const silent = evaluate(count, [], 2)
    expect(silent).toMatchObject({ prediction: -1, labelSilent: true })
    expect(silent.loss).toBeCloseTo(Math.log(SIZE), 14)
  })

  it('predicts a unit whose count faded to nothing rather than a silent one', () => {
    expect(evaluate(count, [{ time: 1e6, unit: 2 }], 0).prediction).toBe(2)
  })
})

describe('linear loss', () => {
  it('is its coefficients times the spike times, which are its derivatives', () => {
    fc.assert(
      fc.property(arbitrarySpikes(SIZE), fc.integer(), (spikes, start) => {
        const coefficients = spikes.map((_, index) => ((start + index * 7919) % 64) / 8)
        const times = spikes.map(({ time }) => time).toSorted((a, b) => a - b)
        const { loss, explicit, prediction, labelSilent } = evaluate(linear(coefficients), spikes, null)
        expect(loss).toBeCloseTo(
          times.reduce((sum, time, index) => sum + time * coefficients[index]!, 0),
          9,
        )
        expect([...explicit]).toEqual(coefficients)
        expect({ prediction, labelSilent }).toEqual({ prediction: -1, labelSilent: false })
      }),
    )
  })

  it('refuses any other number of coefficients', () => {
    const wrong = () => evaluate(linear([1, 2]), [{ time: 3, unit: 0 }], null)
    expect(wrong).toThrow(InputError)
    expect(wrong).toThrow(expect.objectContaining({ code: 'LOSS_COEFFICIENT_COUNT' }))
    expect(wrong).toThrow(/found 2 coefficients, expected 1,/)
  })
})

describe('vMax loss', () => {
  it('has the derivatives of its value', () => {
    const voltages = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 10 })
    fc.assert(
      fc.property(smoothed(fc.constant(plain)), voltages, fc.nat(), (vMax, values, pick) => {
        const [size, label] = [values.length, pick % values.length]
        const explicit = new Float64Array(size)
        evaluateMaximaLoss(vMax, size, maxima(values), 0, label, explicit)
        const scratch = new Float64Array(size)
        for (const [unit, slope] of explicit.entries()) {
          const f = (value: number) =>
            evaluateMaximaLoss(vMax, size, maxima(values.with(unit, value)), 0, label, scratch).loss!
          const { value, error } = centralQuotient(f, values[unit]!, 0.1)
          expect(Math.abs(slope - value)).toBeLessThanOrEqual(1e-6 * Math.max(Math.abs(value), 1e-3) + error)
        }
      }),
    )
  })

  it('takes the row of its trial and predicts the lowest of the highest', () => {
    const explicit = new Float64Array(6).fill(7)
    const result = evaluateMaximaLoss(vMax, 2, maxima([9, 1, 3, 3, 1, 9]), 1, 0, explicit)
    expect(result).toEqual({ loss: Math.LN2, prediction: 0, labelSilent: false })
    expect([...explicit]).toEqual([7, 7, -0.5, 0.5, 7, 7])
  })
})

describe('the loss on integrals', () => {
  const integral: LiIntegralLoss = { kind: 'liIntegral', group: 'out', tau: 9, scale: 0.25 }

  it('is the softmax of the scaled integrals, with derivatives by the integrals', () => {
    const explicit = new Float64Array(6).fill(7)
    const integrals = Float64Array.of(9, 1, 0, 4 * Math.log(3), 1, 9)
    const result = evaluateIntegralLoss(integral, 2, integrals, 1, 0, explicit)
    expect(result).toEqual({ loss: expect.closeTo(2 * Math.LN2, 14), prediction: 1, labelSilent: false })
    const near = (value: number) => expect.closeTo(value, 14)
    expect([...explicit]).toEqual([7, 7, near(-0.75 / 4), near(0.75 / 4), 7, 7])
  })

  it('refuses integrals beyond the range of a double', () => {
    const overflowing = () => evaluateIntegralLoss(integral, 2, Float64Array.of(1, Infinity), 0, 0, new Float64Array(2))
    expect(overflowing).toThrow(expect.objectContaining({ code: 'LOSS_OVERFLOW' }))
  })
})

describe('labels', () => {
  const trains: SpikeTrains = trainsOf([[{ time: 1, unit: 0 }]])
  const spikes = (loss: FirstSpikeLoss | SpikeCountLoss, label: number | null) =>
    evaluateSpikeLoss(loss, SIZE, trains, 0, label, new Float64Array(1))

  it('are required and in range', () => {
    for (const evaluateWith of [
      (label: number | null) => spikes(first, label),
      (label: number | null) => spikes(count, label),
      (label: number | null) => evaluateMaximaLoss(vMax, SIZE, maxima([1, 2, 3, 4]), 0, label, new Float64Array(SIZE)),
    ]) {
      expect(() => evaluateWith(null)).toThrow(expect.objectContaining({ code: 'LOSS_LABEL_MISSING' }))
      for (const label of [-1, SIZE, 0.5, Number.NaN]) {
        expect(() => evaluateWith(label)).toThrow(expect.objectContaining({ code: 'LOSS_LABEL_RANGE' }))
      }
    }
  })
})

describe('cross entropy', () => {
  it('keeps its relative accuracy, also where it is tiny', () => {
    const scores = fc.array(fc.integer({ min: -800, max: 800 }), { minLength: 2, maxLength: 70 })
    fc.assert(
      fc.property(scores, fc.nat(), (eighths, pick) => {
        const label = pick % eighths.length
        const values = Float64Array.from(eighths, (eighth) => eighth / 8)
        const slopes = new Float64Array(values.length)
        const loss = crossEntropy(values, label, slopes)
        Decimal.set({ precision: 120 })
        const powers = [...values].map((value) => new Decimal(value).exp())
        const total = Decimal.sum(...powers)
        const close = (found: number, exact: Decimal) =>
          expect(new Decimal(found).minus(exact).abs().lte(exact.abs().times(2e-15))).toBe(true)
        close(loss, total.div(powers[label]!).ln())
        powers.forEach((power, unit) => {
          close(slopes[unit]!, power.div(total).minus(unit === label ? 1 : 0))
        })
      }),
      { numRuns: casesOf({ short: 16, long: 40 }) },
    )
  })

  it('keeps it with smoothing, and its derivatives up to what cancels', () => {
    const scores = fc.array(fc.integer({ min: -800, max: 800 }), { minLength: 1, maxLength: 70 })
    const smoothing = fc.oneof(fc.constantFrom(1e-30, 1e-9, 0.1), fc.double({ min: 0.01, max: 0.99, noNaN: true }))
    fc.assert(
      fc.property(scores, fc.nat(), smoothing, (eighths, pick, share) => {
        const label = pick % eighths.length
        const values = Float64Array.from(eighths, (eighth) => eighth / 8)
        const slopes = new Float64Array(values.length)
        const loss = crossEntropy(values, label, slopes, share)
        Decimal.set({ precision: 120 })
        const powers = [...values].map((value) => new Decimal(value).exp())
        const total = Decimal.sum(...powers)
        const losses = powers.map((power) => total.div(power).ln())
        const even = new Decimal(share).div(values.length)
        const exact = losses[label]!.times(new Decimal(1).minus(share)).plus(Decimal.sum(...losses).times(even))
        expect(new Decimal(loss).minus(exact).abs().lte(exact.abs().times(3e-15))).toBe(true)
        powers.forEach((power, unit) => {
          const wanted = even.plus(unit === label ? new Decimal(1).minus(share) : 0)
          const slope = power.div(total).minus(wanted)
          const most = Decimal.max(slope.abs(), even).times(4e-15)
          expect(new Decimal(slopes[unit]!).minus(slope).abs().lte(most)).toBe(true)
        })
      }),
      { numRuns: casesOf({ short: 16, long: 40 }) },
    )
  })

  it('has the same bits without smoothing as before there was one', () => {
    const slopes = new Float64Array(3)
    const scores = Float64Array.of(0.1, -2.5, Number.NEGATIVE_INFINITY)
    const loss = crossEntropy(scores, 1, slopes)
    expect(crossEntropy(scores, 1, new Float64Array(3), 0)).toBe(loss)
    expect([loss, ...slopes]).toEqual([2.67164469196767, 0.9308615796566533, -0.9308615796566532, 0])
  })
})
