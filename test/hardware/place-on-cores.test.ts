import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balancedNetwork } from '../../src/data/balanced.js'
import { checkPlacement } from '../../src/hardware/check-placement.js'
import { levelsOf } from '../../src/hardware/levels.js'
import { NO_LIMIT } from '../../src/hardware/load.js'
import { mostCores } from '../../src/hardware/place.js'
import { placeOnCores, type SpreadOptions } from '../../src/hardware/place-on-cores.js'
import type { Placement } from '../../src/hardware/placement.js'
import { cutNetwork } from '../../src/hardware/placement-units.js'
import { measureRows, measureWork } from '../../src/hardware/work.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { components } from '../../src/network/graph/components.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { mistakeOf } from '../network/mistake-of.js'
import { casesOf } from '../support/cases-of.js'
import { allCuttings, segments } from './all-cuttings.js'
import { blockNetwork } from './arbitrary-placed.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
const deep = defineNetwork({
  groups: {
    input: source(784),
    first: lif(320, neuron),
    second: lif(192, neuron),
    output: li(10, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('input', 'first', dense(1)),
    connect('first', 'second', dense(1)),
    connect('second', 'output', dense(1)),
  ],
})
const textOf = ({ cores }: Placement) =>
  cores.map(({ slices }) => slices.map(({ group, start, end }) => `${group}[${start}:${end}]`).join(' '))

/** The sum over levels of the largest share of a core. */
function pathOf(network: Network, { cores }: Placement, rates: (group: string) => number = () => 1): number {
  const workOf = measureWork(network, rates)
  const levels = levelsOf(network, cutNetwork(network, 1, NO_LIMIT).preferred)
  return levels.reduce((path, placementUnits) => {
    const groups = new Set(placementUnits.flatMap(({ slices }) => slices.map(({ group }) => group)))
    const shares = cores.map(({ slices }) => {
      return slices.filter(({ group }) => groups.has(group)).reduce((sum, slice) => sum + workOf(slice), 0)
    })
    return path + Math.max(...shares)
  }, 0)
}

describe('a network that is spread over cores', () => {
  it('holds every unit once, uses every core, and is the same every time', () => {
    fc.assert(
      fc.property(blockNetwork, fc.integer({ min: 1, max: 12 }), (network, asked) => {
        const cores = Math.min(asked, mostCores(network))
        const placement = placeOnCores(network, cores)
        expect(placement.cores).toHaveLength(cores)
        expect(placement.cores.every(({ slices }) => slices.length > 0)).toBe(true)
        checkPlacement(network, placement)
        expect(placeOnCores(network, cores)).toEqual(placement)
      }),
      { numRuns: casesOf({ short: 50, long: 150 }), seed: 47 },
    )
  })

  it('has every layer in equal shares, not all layers together', () => {
    expect(textOf(placeOnCores(deep, 2))).toEqual([
      'input[0:784] first[0:160] second[0:96] output[0:10]',
      'first[160:320] second[96:192]',
    ])
  })

  it('has a largest share in every layer that no cutting makes much smaller', () => {
    const sizes = fc.array(fc.integer({ min: 200, max: 330 }), { minLength: 2, maxLength: 3 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 2, max: 4 }), (layers, cores) => {
        const network = chainOf([300, ...layers])
        const workOf = measureWork(network, () => 1)
        const best = layers.map((size, k) => {
          const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, block) => {
            return workOf({ group: `g${k + 1}`, start: 32 * block, end: Math.min(size, 32 * (block + 1)) })
          })
          const maxima = allCuttings(blocks.length, cores).map((ends) => {
            return Math.max(...segments(blocks, ends).map((part) => part.reduce((sum, load) => sum + load, 0)))
          })
          return Math.min(...maxima)
        })
        const path = pathOf(network, placeOnCores(network, cores))
        // A layer may lie on fewer cores where the last of them would save less than its messages cost.
        const messages = 3000 * (cores - 1) * layers.length
        expect(path).toBeLessThanOrEqual(best.reduce((sum, share) => sum + share, 0) + messages)
      }),
      { numRuns: casesOf({ short: 13, long: 40 }), seed: 48 },
    )
  })

  it('keeps a small layer whole: more messages would cost more than they save', () => {
    const small = chainOf([2000, 640, 64, 64])
    const { cores } = placeOnCores(small, 4, { rates: { g1: 0.01, g2: 0.01, g3: 0.01 } })
    for (const group of ['g2', 'g3'])
      expect(cores.filter(({ slices }) => slices.some((slice) => slice.group === group))).toHaveLength(1)
    expect(cores.filter(({ slices }) => slices.some((slice) => slice.group === 'g1'))).toHaveLength(4)
  })

  it('is spread by the rates that are known', () => {
    // Two layers of the same level: the one that fires a hundred times as often needs more cores.
    const pair = defineNetwork({
      groups: { input: source(10), busy: lif(320, neuron), calm: lif(320, neuron) },
      projections: [connect('input', 'busy', dense(1)), connect('input', 'calm', dense(1))],
    })
    const [even, known] = [{}, { rates: { busy: 100, calm: 1 } }].map((options: SpreadOptions) => {
      const { cores } = placeOnCores(pair, 4, options)
      return cores.filter(({ slices }) => slices.some(({ group }) => group === 'busy')).length
    })
    expect([even, known]).toEqual([2, 4])
    const rateOf = (group: string) => (group === 'busy' ? 100 : 1)
    const informed = pathOf(pair, placeOnCores(pair, 4, { rates: { busy: 100 } }), rateOf)
    expect(informed).toBeLessThan(0.7 * pathOf(pair, placeOnCores(pair, 4), rateOf))
  })

  it('counts that a core with two groups of a level takes in every spike twice', () => {
    // exc and inh receive the same spikes; the core that holds parts of both gets fewer neurons.
    const placement = placeOnCores(balancedNetwork({ neurons: 10_000, inDegree: 1000 }), 2)
    const [first = 0, second = 0] = placement.cores.map(({ neurons }) => neurons)
    // 2 ns for each of 1000 arrivals, 350 for a spike; 240 ns for each of 10,000 spikes that one core takes in twice.
    const more = (10_000 * 240) / (2 * 1000 + 350)
    expect(Math.abs(first - second - more)).toBeLessThanOrEqual(64)
    // Each neuron's own Poisson input reaches one neuron alone: its spikes are taken in where that neuron is.
    const { projections, groups } = balancedNetwork({ neurons: 1000 })
    const rows = measureRows({ projections, groups }, () => 1)
    expect([rows('exc'), rows('inh'), rows('excDrive')]).toEqual([240_000, 240_000, 0])
  })

  it('has groups around a cycle on one level', () => {
    const network = defineNetwork({
      groups: { in: source(4), a: lif(64, neuron), b: lif(64, neuron), out: lif(4, neuron) },
      projections: [
        connect('in', 'a', dense(1)),
        connect('a', 'b', dense(1), { delay: 2 }),
        connect('b', 'a', dense(1), { delay: 2 }),
        connect('b', 'out', dense(1)),
      ],
    })
    const levels = levelsOf(network, cutNetwork(network, 1, NO_LIMIT).preferred)
    expect(
      levels.map((placementUnits) => [
        ...new Set(placementUnits.flatMap(({ slices }) => slices.map(({ group }) => group))),
      ]),
    ).toEqual([['in'], ['a', 'b'], ['out']])
    expect(components(network)).toHaveLength(3)
  })

  it.each<readonly [rates: unknown, code: string, field: string]>([
    [{ hiden: 1 }, 'GROUP_UNKNOWN', 'options.rates.hiden'],
    [{ first: -1 }, 'OPTION_OUT_OF_RANGE', 'options.rates.first'],
    [{ first: NaN }, 'NUMBER_NOT_FINITE', 'options.rates.first'],
    [7, 'FIELD_TYPE', 'options.rates'],
  ])('has no rates such as %j', (rates, code, field) => {
    expect(mistakeOf(() => placeOnCores(deep, 2, { rates: rates as Record<string, number> }))).toEqual({ code, field })
  })
})

/** A source, then layers, each joined to the one before. */
function chainOf(sizes: readonly number[]): Network {
  return defineNetwork<Record<string, ReturnType<typeof lif> | ReturnType<typeof source>>>({
    groups: Object.fromEntries(sizes.map((size, k) => [`g${k}`, k === 0 ? source(size) : lif(size, neuron)])),
    projections: sizes.slice(1).map((_, k) => connect(`g${k}`, `g${k + 1}`, dense(1))),
  })
}
