import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spikeTimes, vanRossum } from '../../../src/learning/define-loss.js'
import { between } from '../../support/arbitraries.js'
import { evaluateSpikeLoss } from '../../support/evaluate-losses.js'
import { integrate } from '../../support/quadrature.js'
import { arbitrarySpikes, type Spike, trainsOf } from '../trains.js'

const SIZE = 3
const KINDS = { vanRossum, spikeTimes }
type Kind = keyof typeof KINDS

const pattern = arbitrarySpikes(SIZE)
const tau = between(2, 20)

/** One trial against one target train, or the label's among several. */
function evaluate(
  kind: Kind,
  spikes: readonly Spike[],
  targets: readonly (readonly Spike[])[],
  tau: number,
  label = 0,
) {
  const trains = trainsOf([spikes])
  const explicit = new Float64Array(spikes.length).fill(Number.NaN)
  const loss = KINDS[kind]('out', { targets: trainsOf(targets), tau })
  return { ...evaluateSpikeLoss(loss, SIZE, trains, 0, label, explicit), explicit, trains }
}

/** Spikes moved off every target by a step that keeps their order. */
const apart = (spikes: readonly Spike[]) => spikes.map((spike) => ({ ...spike, time: spike.time + 0.037 }))

describe.each(Object.keys(KINDS) as Kind[])('the loss %s', (kind) => {
  test('has the derivatives that difference quotients find', () => {
    fc.assert(
      fc.property(pattern, pattern, tau, (some, targets, tau) => {
        const spikes = apart(some)
        const { explicit, trains } = evaluate(kind, spikes, [targets], tau)
        const h = 1e-3
        trains.times.forEach((time, k) => {
          const lossAt = (moved: number) => {
            const unit = trains.units[k]!
            const others = spikes.filter((spike) => spike.time !== time || spike.unit !== unit)
            return evaluate(kind, [...others, { time: moved, unit }], [targets], tau).loss!
          }
          const quotient = (step: number) => (lossAt(time + step) - lossAt(time - step)) / (2 * step)
          expect(explicit[k]).toBeCloseTo((4 * quotient(h) - quotient(2 * h)) / 3, 8)
        })
      }),
      { numRuns: 100, seed: 3 },
    )
  })

  test('is 0 of the target train itself, finite of silence, and larger else', () => {
    fc.assert(
      fc.property(pattern, tau, (spikes, tau) => {
        const own = evaluate(kind, spikes, [spikes], tau)
        expect(own.loss).toBe(0)
        expect(own.explicit.every((slope) => Math.abs(slope) < 1)).toBe(true)
        const silent = evaluate(kind, [], [spikes], tau)
        expect(silent.loss).toBeGreaterThanOrEqual(spikes.length === 0 ? 0 : 0.5)
        expect(silent.loss).toBeLessThan(Infinity)
        expect(silent).toMatchObject({ prediction: -1, labelSilent: spikes.length > 0 })
      }),
      { numRuns: 100, seed: 4 },
    )
  })

  test('takes the nearest target train for the label', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.array(pattern, { minLength: 2, maxLength: 4 }),
        tau,
        fc.nat(3),
        (spikes, all, tau, at) => {
          const label = at % all.length
          const { prediction, loss } = evaluate(kind, spikes, all, tau, label)
          const distances = all.map((targets) => evaluate(kind, spikes, [targets], tau).loss!)
          expect(loss).toBe(distances[label])
          expect(prediction).toBe(spikes.length === 0 ? -1 : distances.indexOf(Math.min(...distances)))
        },
      ),
      { numRuns: 100, seed: 5 },
    )
  })

  test('asks for a label unless there is one target train alone', () => {
    const loss = (targets: readonly (readonly Spike[])[]) => KINDS[kind]('out', { targets: trainsOf(targets) })
    const run = (targets: readonly (readonly Spike[])[], label: number | null) =>
      evaluateSpikeLoss(loss(targets), SIZE, trainsOf([[]]), 0, label, new Float64Array(0)).loss
    expect(run([[{ time: 1, unit: 0 }]], null)).toBe(0.5)
    expect(() => run([[], []], null)).toThrow(expect.objectContaining({ code: 'LOSS_LABEL_MISSING' }))
    expect(() => run([[], []], 2)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('an integer from 0 to 1, a target train') }),
    )
  })
})

describe('the distance of van Rossum', () => {
  test('is its integral', () => {
    fc.assert(
      fc.property(pattern, pattern, tau, (spikes, targets, tau) => {
        const { loss } = evaluate('vanRossum', apart(spikes), [targets], tau)
        const height = (unit: number, t: number) => {
          const trace = (train: readonly Spike[]) =>
            train.reduce(
              (sum, spike) => sum + (spike.unit === unit && spike.time <= t ? Math.exp((spike.time - t) / tau) : 0),
              0,
            )
          return trace(apart(spikes)) - trace(targets)
        }
        const edges = [...new Set([0, ...apart(spikes).map(({ time }) => time), ...targets.map(({ time }) => time)])]
        edges.sort((a, b) => a - b)
        let sum = 0
        for (let unit = 0; unit < SIZE; unit++)
          edges.forEach((edge, k) => {
            const stop = edges[k + 1] ?? edge + 40 * tau
            // Right of a jump at the edge, left of the one at the stop.
            const f = (t: number) => height(unit, Math.min(Math.max(t, edge), stop - 1e-12)) ** 2
            sum += integrate(f, edge, stop, 12)
          })
        expect(loss).toBeCloseTo(sum / tau, 9)
      }),
      { numRuns: 20, seed: 6 },
    )
  })

  test('keeps its precision where spikes are all but on their targets', () => {
    for (const off of [1e-3, 1e-6, 1e-9]) {
      const time = 8 + off
      const { loss } = evaluate('vanRossum', [{ time, unit: 1 }], [[{ time: 8, unit: 1 }]], 10)
      const exact = -Math.expm1(-(time - 8) / 10)
      expect(Math.abs(loss! - exact)).toBeLessThan(1e-14 * exact)
    }
  })

  test('by hand: a spike early, one late, one too many', () => {
    const { loss, explicit } = evaluate(
      'vanRossum',
      [
        { time: 4, unit: 0 },
        { time: 12, unit: 1 },
        { time: 3, unit: 2 },
      ],
      [
        [
          { time: 6, unit: 0 },
          { time: 8, unit: 1 },
        ],
      ],
      10,
    )
    const [early, late] = [Math.exp(-0.2), Math.exp(-0.4)]
    expect(loss).toBeCloseTo(1 - early + 1 - late + 0.5, 14)
    // In event order: the one too many moves nothing, the early one is drawn on, the late one back.
    expect([...explicit]).toEqual([
      expect.closeTo(0, 14),
      expect.closeTo(-early / 10, 14),
      expect.closeTo(late / 10, 14),
    ])
  })

  test('draws a spike on its target to neither side', () => {
    const both = evaluate('vanRossum', [{ time: 5, unit: 0 }], [[{ time: 5, unit: 0 }]], 10)
    expect([...both.explicit]).toEqual([0])
  })
})

describe('the squared error of spike times', () => {
  test('by hand: k-th against k-th, one missing, one free', () => {
    const spikes = [
      { time: 4, unit: 0 },
      { time: 9, unit: 0 },
      { time: 5, unit: 1 },
      { time: 7, unit: 1 },
    ]
    const targets = [
      { time: 6, unit: 0 },
      { time: 8, unit: 0 },
      { time: 4, unit: 1 },
      { time: 4, unit: 2 },
    ]
    const { loss, explicit, labelSilent } = evaluate('spikeTimes', spikes, [targets], 2)
    expect(loss).toBe(0.5 * (1 + 0.25 + 0.25) + 0.5)
    expect([...explicit]).toEqual([-0.5, 0.25, 0, 0.25])
    expect(labelSilent).toBe(true)
  })
})
