import { describe, expect, test } from 'vitest'
import { rowsOf } from '../../../../src/dynamics/kernels/lane-group-rows.js'
import { synapseRows } from '../../../../src/dynamics/kernels/simd/layout/synapse-rows.js'
import { SimdKernel } from '../../../../src/dynamics/kernels/simd/simd-kernel.js'
import { Synapses } from '../../../../src/dynamics/parameters/synapses.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import {
  type Connection,
  connect,
  dense,
  fixedInDegree,
  fixedOutDegree,
  fixedProbability,
  oneToOne,
  type Pattern,
  type Synapse,
  synapses,
} from '../../../../src/network/description/projections.js'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import type { Slice } from '../../../../src/network/slices/blocks.js'
import { createRandomStream } from '../../../../src/numerics/random-stream.js'
import { trainsOf } from '../../../learning/trains.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { WHOLE } from '../kernel-for.js'

const [SOURCES, SIZE] = [80, 43]

function networkOf(...patterns: readonly Pattern[]) {
  const x = lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: 1 })
  const projections = patterns.map((pattern): Connection<'in' | 'x', 'x'> => connect('in', 'x', pattern))
  return defineNetwork({ groups: { in: source(SOURCES), x }, projections })
}

const rowsFor = (...patterns: readonly Pattern[]) =>
  synapseRows(new Synapses(instantiate(networkOf(...patterns), 3).projections), Math.ceil(SIZE / 8))

describe('rows of synapses', () => {
  test('are those of the units that a lane group hears, and copies of them for pairs that are joined several times', () => {
    const list: readonly Synapse[] = [
      ...([
        [5, 3, 1],
        [2, 3, 1],
        [5, 3, 2],
        [5, 3, 3],
        [2, 4, 1],
        [5, 4, 1],
        [7, 42, 1],
        [7, 0, 1],
      ] as const),
    ]
    const { rows, units, mostCopies, listed, ofUnits, firstRow } = rowsFor(dense(1), synapses(list))
    expect({ rows, units, mostCopies, firstRow }).toEqual({ rows: 85, units: 160, mostCopies: 3, firstRow: [0, -1] })
    expect([...listed[1]!.rows]).toEqual([81, 80, 82, 83, 80, 81, 80, 84])
    const unit = (laneGroup: number, k: number) => [
      ...ofUnits!.subarray(2 * (laneGroup * 160 + k), 2 * (laneGroup * 160 + k) + 2),
    ]
    expect([unit(0, 5), unit(5, 79)]).toEqual([
      [5, 6],
      [79, 80],
    ])
    expect([unit(0, 82), unit(0, 85), unit(0, 87), unit(5, 82), unit(5, 87)]).toEqual([
      ...[
        [80, 81],
        [81, 84],
        [84, 85],
        [80, 80],
        [80, 81],
      ],
    ])
  })

  test('are told exactly of lists, and bounded of rules, from the description', () => {
    const random = createRandomStream(1, 'list')
    const list = Array.from({ length: 300 }, (_, k): Synapse => {
      return [random.integer(2 * k, SOURCES), random.integer(2 * k + 1, SIZE), 1]
    })
    const ends = { sources: SOURCES, targets: SIZE }
    const told = (pattern: Pattern) => rowsOf(networkOf(pattern).projections[0]!, ends, 1e6)
    expect(told(synapses(list))).toBe(rowsFor(synapses(list)).rows)
    expect(told(dense(1))).toBe(SOURCES)
    const many = { multiple: true } as const
    const rules = [
      ...[fixedProbability(0.02, 1), fixedInDegree(2, 1), fixedInDegree(60, 1, many), fixedInDegree(900, 1, many)],
      ...[fixedOutDegree(3, 1), fixedOutDegree(200, 1, many)],
    ]
    for (const rule of rules) {
      const { rows } = rowsFor(rule)
      expect(told(rule)).toBeGreaterThan(0.7 * rows)
      expect(told(rule)).toBeLessThan(1.7 * rows)
    }
    const pairs = connect('in', 'x', oneToOne(1))
    const network = defineNetwork({
      groups: { in: source(SIZE), x: lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
      projections: [pairs],
    })
    expect(rowsOf(network.projections[0]!, { sources: SIZE, targets: SIZE }, 1e6)).toBe(8)
  })

  test('change no bit, however many a slice has', () => {
    // The first block hears all units, and some several times; the second one hears few, each once.
    const random = createRandomStream(2, 'uneven')
    const entryOf = (k: number): readonly [unit: number, n: number, weight: number] => {
      const n = random.integer(3 * k, SIZE)
      const unit = random.integer(3 * k + 1, n < 32 ? SOURCES : 9)
      return [unit, n, 3 * (random.uniform(3 * k + 2) - 0.25)]
    }
    const entries = Array.from({ length: 1500 }, (_, k) => entryOf(k))
    const once = entries.filter(([unit, n], k) => n < 32 || entries.findIndex((e) => e[0] === unit && e[1] === n) === k)
    const network = networkOf(synapses(once))
    const spike = (k: number) => ({
      time: 30 * random.uniform(1e4 + k),
      unit: random.integer(2e4 + k, k % 2 === 0 ? 9 : SOURCES),
    })
    const trains = trainsOf([
      Array.from({ length: 60 }, (_, k) => spike(k)),
      Array.from({ length: 60 }, (_, k) => spike(60 + k)),
    ])
    const run = (slice: Slice) => {
      const { groups, projections } = instantiate(network, 0, [{ group: 'x', ...slice }])
      const kernel = new SimdKernel(groups.find(({ name }) => name === 'x') as LifValues, projections)
      kernel.begin({ ...WHOLE, trials: 2, until: 40, undefinedSlope: 'ignore' })
      kernel.receive(0, { stream: 'in', sequence: 0, window: { start: 0, end: 40 }, ...trains })
      const { times, units } = kernel.advance(40, 40)
      kernel.beginBackward(null)
      kernel.backward(Float64Array.from(units, (unit) => 1 + (unit % 3)))
      const { layout } = kernel
      const { values } = kernel.takeReturned()[0]!
      const gradient = kernel.finishGradient()
      return {
        times,
        units,
        values,
        weights: gradient.slice(0, layout.delays),
        bias: gradient.slice(layout.bias, layout.threshold),
      }
    }
    const whole = run({ start: 0, end: SIZE })
    const [early, late] = [run({ start: 0, end: 32 }), run({ start: 32, end: SIZE })]
    const here = (start: number, end: number) =>
      whole.times.filter((_, k) => start <= whole.units[k]! && whole.units[k]! < end)
    expect(here(32, SIZE).length).toBeGreaterThan(10)
    expectSameBits(early.times, here(0, 32))
    expectSameBits(late.times, here(32, SIZE))
    const ofLate = once.map(([, n]) => n >= 32)
    expectSameBits(
      early.weights,
      whole.weights.filter((_, s) => !ofLate[s]),
    )
    expectSameBits(
      late.weights,
      whole.weights.filter((_, s) => ofLate[s]),
    )
    expectSameBits(late.bias, whole.bias.slice(32))
    expectSameBits(
      early.values.map((value, k) => value + late.values[k]!),
      whole.values,
    )
  })
})
