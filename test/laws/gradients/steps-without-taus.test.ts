import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { RATE_BANDS } from '../../../src/learning/banded-step.js'
import type { Loss } from '../../../src/learning/loss.js'
import type { LabelledTrials, Parameters, StepOptions } from '../../../src/learning/session.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { step } from '../../actors/small-networks.js'
import { trainsOf } from '../../learning/trains.js'

/** A gradient for time constants is asked for by `gradient` alone: a step without them goes back another way (lanes/polynomial.ts). */
const RATE = 2 ** -12
const [TRIALS, INPUTS, HIDDEN] = [3, 5, 11]

const LOSSES: readonly Loss[] = [
  { kind: 'vMax', group: 'r' },
  { kind: 'firstSpike', group: 'b', tau0: 5, alpha: 0.003, tau1: 6.4 },
  { kind: 'spikeCount', group: 'b', tau: 20 },
]

const trials: LabelledTrials = {
  count: TRIALS,
  until: 60,
  // Few arrivals, so that several spikes lie between two of them.
  inputs: {
    in: trainsOf(
      Array.from({ length: TRIALS }, (_, trial) =>
        Array.from({ length: 6 }, (_, k) => ({ time: 1 + trial + 7.3 * k, unit: (trial + k) % INPUTS })),
      ),
    ),
  },
  labels: Uint8Array.of(0, 1, 0),
}

function networkOf(tauSyn: number, isCyclic: boolean) {
  const spiking = { tauMem: 20, tauSyn, threshold: uniform(0.8, 1.2), bias: uniform(-0.1, 0.1), vReset: -0.2 }
  const cycle = isCyclic ? [connect('a', 'a', dense(normal(-0.1, 0.2)), { delay: 1.5 })] : []
  return defineNetwork({
    groups: { in: source(INPUTS), a: lif(HIDDEN, spiking), b: lif(2, spiking), r: li(2, { tauMem: 20, tauSyn }) },
    projections: [
      connect('in', 'a', dense(normal(9, 4)), { delay: 0.5 }),
      connect('a', 'b', dense(normal(0.9, 0.6))),
      connect('b', 'r', dense(normal(1, 0.5))),
      ...cycle,
    ],
  })
}

function arraysOf({ projections, groups }: Parameters): [string, Float64Array][] {
  return [
    ...Object.entries(projections).flatMap(([key, { weights, delays }]): [string, Float64Array][] => [
      [`weights ${key}`, weights],
      [`delays ${key}`, delays],
    ]),
    ...Object.entries(groups).flatMap(([name, fields]) =>
      Object.entries(fields).map(([field, values]): [string, Float64Array] => [`${field} ${name}`, values]),
    ),
  ]
}

const LEARNED: readonly [StepOptions['rates'], RegExp][] = [
  [{ weights: RATE, delays: RATE, thresholds: RATE }, /^(weights|delays|threshold) /],
  [{ weights: RATE, bias: RATE }, /^(weights|bias) /],
  [{ weights: RATE, thresholds: RATE, adaptation: RATE }, /^(weights|threshold|adaptStep) /],
]

test.each([5, 10].flatMap((tauSyn) => [false, true].map((isCyclic): [number, boolean] => [tauSyn, isCyclic])))(
  'a step that learns no time constants follows the gradient: tauSyn = %d, on a cycle: %s',
  async (tauSyn, isCyclic) => {
    await using session = await open(networkOf(tauSyn, isCyclic), { seed: 7, kernel: 'simd' })
    const start = await session.parameters()
    let moved = 0
    for (const loss of LOSSES) {
      await session.setParameters(start)
      const { gradients, recording } = await session.gradient(trials, loss, trials.labels)
      expect(recording.spikes.a!.times.length).toBeGreaterThan(2 * TRIALS * HIDDEN)
      const slopes = new Map(arraysOf(gradients))
      for (const [rates, pattern] of LEARNED) {
        await session.setParameters(start)
        await session.train(trials, step({ loss, rates }))
        const after = new Map(arraysOf(await session.parameters()))
        for (const [place, before] of arraysOf(start)) {
          if (!pattern.test(place)) continue
          const expected = slopes.get(place)!
          const most = expected.reduce((largest, slope) => Math.max(largest, Math.abs(slope)), 0)
          for (const [k, value] of before.entries()) {
            const found = ((value - after.get(place)![k]!) / RATE) * TRIALS
            // Delays do not fall below 0, adaptation neither.
            if (/delays|adaptStep/.test(place) && after.get(place)![k] === 0) continue
            expect(Math.abs(found - expected[k]!), `${loss.kind}, ${place}[${k}]`).toBeLessThan(1e-9 * (1 + most))
            if (expected[k] !== 0) moved++
          }
        }
      }
    }
    expect(moved).toBeGreaterThan(500)
  },
)

test.each([5, 10])(
  'a push on spikes outside of a band is that of the reference kernel: tauSyn = %d',
  async (tauSyn) => {
    const [loss, rates] = [LOSSES[0]!, { weights: RATE, thresholds: RATE }]
    const parametersAfter = async (kernel: 'simd' | 'reference', strength: number) => {
      await using session = await open(networkOf(tauSyn, false), { seed: 7, kernel })
      await session.train(trials, step({ loss, rates, [RATE_BANDS]: { a: { low: 1, high: 2, strength } } }))
      return arraysOf(await session.parameters())
    }
    const [found, expected, unpushed] = await Promise.all([
      parametersAfter('simd', 0.3),
      parametersAfter('reference', 0.3),
      parametersAfter('simd', 0),
    ])
    let pushed = 0
    for (const [array, [place, values]] of expected.entries())
      for (const [k, value] of values.entries()) {
        expect(Math.abs(found[array]![1][k]! - value), `${place}[${k}]`).toBeLessThan(1e-10)
        if (Math.abs(unpushed[array]![1][k]! - value) > 1e-7) pushed++
      }
    expect(pushed).toBeGreaterThan(30)
  },
)
