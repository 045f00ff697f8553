import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  behindBeginning,
  constantRate,
  cosineDecay,
  decayTo,
  easeIn,
  exponentialDecay,
  rateFactor,
  type TrainingPosition,
  warmUp,
  withBeginningOf,
} from '../../src/learning/schedules.js'

const positions = fc
  .record({ epochs: fc.integer({ min: 1, max: 50 }), stepsPerEpoch: fc.integer({ min: 1, max: 20 }), at: fc.nat() })
  .map(({ epochs, stepsPerEpoch, at }): TrainingPosition => {
    const done = at % (epochs * stepsPerEpoch)
    return { epochs, stepsPerEpoch, epoch: Math.floor(done / stepsPerEpoch), step: done % stepsPerEpoch }
  })
const fraction = fc.double({ min: 1e-3, max: 1, noNaN: true })
const pace = fc.constantFrom('step' as const, 'epoch' as const)
const start: TrainingPosition = { epoch: 0, step: 0, stepsPerEpoch: 10, epochs: 5 }

describe('a learning-rate schedule', () => {
  it('starts at 1 and never falls below its fraction', () => {
    fc.assert(
      fc.property(positions, fraction, pace, (position, end, every) => {
        const schedule = decayTo(end, every)
        expect(rateFactor(schedule, { ...position, epoch: 0, step: 0 })).toBe(1)
        expect(rateFactor(schedule, position)).toBeGreaterThanOrEqual(end * (1 - 1e-14))
        expect(rateFactor(schedule, position)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('falls along half a wave: never up, and as far before the middle as behind it', () => {
    const places = fc.record({
      epochs: fc.integer({ min: 1, max: 50 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    const at = (end: number, epochs: number, progress: number) =>
      rateFactor(cosineDecay(end), { epochs, epoch: progress * epochs, step: 0, stepsPerEpoch: 9 })
    fc.assert(
      fc.property(places, fc.double({ min: 0, max: 1, noNaN: true }), ({ epochs, share }, end) => {
        const [here, mirrored] = [at(end, epochs, share), at(end, epochs, 1 - share)]
        expect(here).toBeGreaterThanOrEqual(end)
        expect(here).toBeLessThanOrEqual(1)
        expect(here + mirrored).toBeCloseTo(1 + end, 12)
        expect(at(end, epochs, share / 2)).toBeGreaterThanOrEqual(here)
      }),
    )
    expect([0, 0.5, 1].map((progress) => at(0.1, 4, progress))).toEqual([1, 0.55, 0.1])
  })

  it('decays by the same factor in equal times', () => {
    fc.assert(
      fc.property(positions, fraction, (position, factor) => {
        const now = rateFactor(exponentialDecay(factor, 'step'), position)
        const later = rateFactor(exponentialDecay(factor, 'step'), { ...position, epoch: position.epoch + 1 })
        expect(Math.abs(later / now / factor - 1)).toBeLessThan(1e-12)
      }),
    )
  })

  it('with the pace of epochs holds still within an epoch', () => {
    fc.assert(
      fc.property(positions, fraction, (position, value) => {
        for (const schedule of [decayTo(value, 'epoch'), exponentialDecay(value), cosineDecay(value, 'epoch')]) {
          expect(rateFactor(schedule, position)).toBe(rateFactor(schedule, { ...position, step: 0 }))
        }
      }),
    )
  })

  it('warms up linearly on top of another', () => {
    const factors = Array.from({ length: 10 }, (_, step) => rateFactor(warmUp(0.5), { ...start, step }))
    expect(factors).toEqual([0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1, 1])
    fc.assert(
      fc.property(positions, fraction, (position, value) => {
        const inner = rateFactor(decayTo(value), position)
        expect(rateFactor(warmUp(1, decayTo(value)), position)).toBeLessThanOrEqual(inner)
        if (position.epoch >= 1) expect(rateFactor(warmUp(1, decayTo(value)), position)).toBe(inner)
      }),
    )
  })

  it('eases in by a factor a mini-batch, on top of another', () => {
    const at = (options: object, done: number) =>
      rateFactor(easeIn(options), { ...start, epoch: Math.floor(done / 10), step: done % 10 })
    expect(Array.from({ length: 12 }, (_, done) => at({ factor: 2, start: 0.125 }, done))).toEqual([
      ...[0.125, 0.25, 0.5, 1].map((value) => expect.closeTo(value, 14)),
      ...Array.from({ length: 8 }, () => 1),
    ])
    expect(at({}, 0)).toBe(1e-3)
    expect(at({}, 40)).toBeCloseTo(1e-3 * 1.05 ** 40, 14)
    expect(at({ factor: 10 }, 1e6)).toBe(1)
    expect(rateFactor(easeIn({ start: 0.5 }, decayTo(0.0001)), { ...start, epoch: 2, step: 5 })).toBeCloseTo(0.01, 14)
  })

  it('may have another behind its beginning', () => {
    const given = warmUp(2, easeIn({}, decayTo(0.1)))
    expect(behindBeginning(given)).toEqual(decayTo(0.1))
    expect(withBeginningOf(given, cosineDecay())).toEqual(warmUp(2, easeIn({}, cosineDecay())))
    expect(withBeginningOf(decayTo(0.1), cosineDecay())).toEqual(cosineDecay())
  })

  it('has its literal values', () => {
    expect(rateFactor(constantRate(), { ...start, epoch: 3 })).toBe(1)
    expect(rateFactor(exponentialDecay(0.5), { ...start, epoch: 3, step: 7 })).toBeCloseTo(0.125, 14)
    expect(rateFactor(decayTo(0.0001), { ...start, epoch: 2, step: 5 })).toBeCloseTo(0.01, 14)
  })

  it.each([
    () => decayTo(0),
    () => decayTo(Number.NaN),
    () => exponentialDecay(-1),
    () => cosineDecay(-0.1),
    () => cosineDecay(1.5),
    () => cosineDecay(Number.NaN),
    () => warmUp(Number.POSITIVE_INFINITY),
    () => easeIn({ factor: 1 }),
    () => easeIn({ factor: Number.POSITIVE_INFINITY }),
    () => easeIn({ start: 0 }),
    () => easeIn({ start: 1.5 }),
  ])('out of range is refused: %s', (create) => {
    expect(create).toThrow(expect.objectContaining({ code: 'SCHEDULE_OPTION' }))
  })
})
