import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Trials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, dense, synapses } from '../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../src/network/models/lif.js'
import { type Spike, trainsOf } from '../learning/trains.js'
import { arbitraryNeuron, between } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'

/** The binades of both differ by a factor of 8, as they do. */
const UNTIL = casesOf({ short: 125_000, long: 1e6 })
/** Between two ends of a trial that cannot feel each other, and a multiple of any grid of the inputs. */
const SHIFT = UNTIL - 128
/** Of times towards the end. */
const ULP = 2 ** -33 * (UNTIL / 1e6)

const grid = fc.nat(40 * 16).map((k) => k / 16)
const inputs = fc.array(fc.record({ time: grid, unit: fc.nat(1) }), { minLength: 1, maxLength: 10 })
const shifted = (spikes: readonly Spike[]) => spikes.map(({ time, unit }) => ({ time: time + SHIFT, unit }))

/** The same input at the start of a short trial, and at both ends of a long one; and the gradients of the k-th spikes. */
async function bothEnds(network: Network, spikes: readonly Spike[]) {
  const session = await open(network)
  const trials = (until: number, list: readonly Spike[]) => ({ count: 1, until, inputs: { in: trainsOf([list]) } })
  const short = trials(128, spikes)
  const long = trials(UNTIL, [...spikes, ...shifted(spikes)])
  const once = (await session.simulate(short)).spikes.a!
  const twice = (await session.simulate(long)).spikes.a!
  const gradientOf = (shape: Trials, coefficients: readonly number[]) =>
    session.gradient(shape, { kind: 'linear', group: 'a', coefficients })
  return { once, twice, short, long, gradientOf }
}

/**
 * The answer at the far end is that at the start, shifted.
 *
 * @param slack what rounding at the end of a long trial may do to each spike, in ms
 */
function expectShiftLaw(once: SpikeTrains, twice: SpikeTrains, slack: readonly number[]): void {
  const count = once.times.length
  expect([...twice.units]).toEqual([...once.units, ...once.units])
  expect(twice.times.slice(0, count)).toEqual(once.times)
  once.times.forEach((time, k) => {
    expect(Math.abs(twice.times[count + k]! - (time + SHIFT))).toBeLessThanOrEqual(slack[k]!)
  })
}

/** No bias, so that a neuron at rest stays where it started. */
const neurons = arbitraryNeuron().map((neuron) => ({ ...neuron, tauSynExc: 5, tauSynInh: 5, bias: 0 }))
const weights = fc.tuple(between(2, 12), between(-2, 12))

describe(`${UNTIL} ms`, () => {
  test('a neuron answers at the far end as it does at the start', async () => {
    let spiked = 0
    await fc.assert(
      fc.asyncProperty(neurons, weights, inputs, async (neuron, row, spikes) => {
        const network = defineNetwork({
          groups: { in: source(2), a: lif(1, neuron) },
          projections: [connect('in', 'a', dense([row]), { delay: 0.5 })],
        })
        const { once, twice, short, gradientOf } = await bothEnds(network, spikes)
        // The first spike starts from the same state, bit by bit; the slope of each later one amplifies its rounding.
        const slack = await Promise.all(
          Array.from(once.times, async (_, k) => {
            if (k === 0) return ULP
            const { gradients } = await gradientOf(
              short,
              Array.from(once.times, (__, j) => (j === k ? 1 : 0)),
            )
            return 64 * ULP * (1 + Math.abs(gradients.groups.a!.threshold![0]!))
          }),
        )
        expectShiftLaw(once, twice, slack)
        spiked += Math.min(1, once.times.length)
      }),
      { numRuns: casesOf({ short: 12, long: 100 }), seed: 5, endOnFailure: true },
    )
    expect(spiked).toBeGreaterThan(casesOf({ short: 6, long: 50 }))
  })

  test('so does a sparse ring whose echo dies away, and its gradients add', async () => {
    const rested = { ...LONG, refractory: 20 }
    const ring = defineNetwork({
      groups: { in: source(1), a: lif(2, rested), b: lif(2, rested) },
      projections: [
        connect('in', 'a', synapses([[0, 0, 5]])),
        connect(
          'a',
          'b',
          synapses([
            [0, 0, 5, 25],
            [1, 1, 5, 30],
          ]),
        ),
        connect(
          'b',
          'a',
          synapses([
            [0, 1, 5, 25],
            [1, 0, 1, 30],
          ]),
        ),
      ],
    })
    const spikes = [0, 1.5].map((time) => ({ time, unit: 0 }))
    const { once, twice, short, long, gradientOf } = await bothEnds(ring, spikes)
    expect(new Set(once.units).size).toBe(2)
    expectShiftLaw(once, twice, new Array<number>(once.times.length).fill(64 * ULP))
    const ones = new Array<number>(once.times.length).fill(1)
    const single = await gradientOf(short, ones)
    const double = await gradientOf(long, [...ones, ...ones])
    for (const [key, { weights: w, delays: d }] of Object.entries(single.gradients.projections)) {
      const both = double.gradients.projections[key]!
      expect(Array.from(both.weights)).toEqual(Array.from(w, (g) => expect.closeTo(2 * g, 8)))
      expect(Array.from(both.delays)).toEqual(Array.from(d, (g) => expect.closeTo(2 * g, 8)))
    }
    const moved = Array.from(single.inputTimes.in!, (g) => expect.closeTo(g, 8))
    expect(Array.from(double.inputTimes.in!)).toEqual([...moved, ...moved])
    expect(Math.max(...single.inputTimes.in!)).toBeGreaterThan(0)
  })
})

/** A spike of weight 4.5 lifts this neuron to its threshold after exactly 10 ln 1.5 ms, once. */
const LONG = { tauMem: 10, tauSyn: 5, threshold: 1 } as const satisfies LifParameters
const WEIGHT = 4.5
const LAG = 10 * Math.log(1.5)

describe(`a spike that runs around a ring for ${UNTIL} ms`, () => {
  const delay = 200
  const input = connect('in', 'a', synapses([[0, 0, WEIGHT]]))
  const rings: readonly { name: string; network: Network }[] = [
    {
      name: 'between two groups',
      network: defineNetwork({
        groups: { in: source(1), a: lif(1, LONG), b: lif(1, LONG) },
        projections: [input, connect('a', 'b', dense(WEIGHT), { delay }), connect('b', 'a', dense(WEIGHT), { delay })],
      }),
    },
    {
      name: 'within a group',
      network: defineNetwork({
        groups: { in: source(1), a: lif(3, LONG) },
        projections: [
          input,
          connect('a', 'a', synapses([0, 1, 2].map((k) => [k, (k + 1) % 3, WEIGHT, delay] as const))),
        ],
      }),
    },
  ]

  test.each(rings)('$name: each lap is as long as the first', async ({ network }) => {
    await using session = await open(network)
    const { spikes } = await session.simulate({
      count: 1,
      until: UNTIL,
      inputs: { in: trainsOf([[{ time: 1, unit: 0 }]]) },
    })
    const times = Object.values(spikes).flatMap((trains) => [...trains.times])
    times.sort((a, b) => a - b)
    const hop = delay + LAG
    expect(times[0]).toBeCloseTo(1 + LAG, 12)
    expect(times).toHaveLength(Math.ceil((UNTIL - 1 - LAG) / hop))
    times.slice(1).forEach((time, k) => {
      expect(Math.abs(time - times[k]! - hop)).toBeLessThanOrEqual(2 * ULP)
    })
  })
})
