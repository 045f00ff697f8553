import { describe, expect, it } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { chipLatencies } from '../../../src/hardware/chip-placement/chip-latencies.js'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import { executionPlacement } from '../../../src/hardware/chip-placement/execution-placement.js'
import { placementOf } from '../../../src/hardware/define-placement.js'
import type { PlacedCore } from '../../../src/hardware/placement.js'
import { placementHash } from '../../../src/hardware/placement-hash.js'
import type { ChipLatency, ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { meshProfile } from '../../../src/hardware/profile/mesh-profile.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { withLatencies } from '../../support/arbitrary-latencies.js'
import { denseLayers } from './small-networks.js'

const NS = { unit: 'ns', provenance: 'assumed', source: 'a test' } as const
const at = (chip: number, core: number, group: string, start: number, end: number): PlacedCore => {
  return { chip, core, slices: [{ group, start, end }] }
}

/** Two chips of 2 x 2 tiles with two cores each, a thousand times as quick as what they model. */
function continuous(latency: Partial<Record<keyof ChipLatency, number>>, speedup: number | null = 1000): ChipProfile {
  const profile = withChips(meshProfile({ columns: 2, rows: 2, neuronsPerCore: 64 }), { columns: 2, rows: 1 })
  const figures = Object.entries(latency).map(([name, value]) => [name, { ...NS, value }])
  return defineChipProfile({
    ...profile,
    chip: { ...profile.chip, coresPerTile: 2 },
    time: {
      mode: 'continuous',
      tick: null,
      speedup: speedup === null ? null : { unit: '1', provenance: 'assumed', source: 'a test', value: speedup },
      step: null,
      barrier: [],
      tileBarrier: [],
    },
    latency: { ...profile.latency, ...Object.fromEntries(figures) },
  })
}

const KNOWN = { spikeInTile: 5, hopX: 100, hopY: 20, chipCrossing: 1300 }
const network = denseLayers(40, 96, 3)
const cores = [
  at(0, 0, 'g0', 0, 40),
  at(0, 1, 'g1', 0, 32),
  at(0, 6, 'g1', 32, 64),
  at(1, 4, 'g1', 64, 96),
  at(1, 5, 'g2', 0, 3),
]
const placedOn = (profile: ChipProfile) => defineChipPlacement(network, profile, cores)

describe('latencies between the cores of a chip', () => {
  it('are those of the way, in ms of model time, where a projection leads', () => {
    const profile = continuous(KNOWN)
    // Core 6 of chip 0 is in tile 3 at (1, 1), core 4 of chip 1 in tile 2 of it: (2, 1) over both.
    expect(chipLatencies(network, placedOn(profile), profile)).toEqual([
      [0, 0.005, 0.12, 1.42, 0],
      [0, 0, 0, 0, 1.42],
      [0, 0, 0, 0, 1.3],
      [0, 0, 0, 0, 0.005],
      [0, 0, 0, 0, 0],
    ])
  })

  it('are as long on the way back', () => {
    const profile = continuous(KNOWN)
    const back = defineChipPlacement(network, profile, [
      at(0, 0, 'g1', 0, 96),
      at(0, 6, 'g2', 0, 3),
      at(1, 4, 'g0', 0, 40),
    ])
    expect(chipLatencies(network, back, profile)).toEqual([
      [0, 0.12, 0],
      [0, 0, 0],
      [1.42, 0, 0],
    ])
  })

  it('are those of its core for every slice of a group that it holds', () => {
    const profile = continuous(KNOWN)
    const [low, middle, high] = [0, 32, 64].map((start) => ({ group: 'g1', start, end: start + 32 }))
    const parted = defineChipPlacement(network, profile, [
      at(0, 0, 'g0', 0, 40),
      { chip: 0, core: 1, slices: [low!, high!] },
      { chip: 1, core: 4, slices: [middle!, { group: 'g2', start: 0, end: 3 }] },
    ])
    const { cores: partitions, latencies } = executionPlacement(network, parted, { latency: profile })
    expect(partitions.map(({ slices }) => slices.map(({ start }) => start))).toEqual([[0], [0], [64], [32, 0]])
    expect(latencies).toEqual([
      [0, 0.005, 0.005, 1.42],
      [0, 0, 0, 1.42],
      [0, 0, 0, 1.42],
      [0, 0, 0, 0],
    ])
  })

  it('need no figure of ways that nothing goes', () => {
    const near = continuous({ spikeInTile: 5 })
    const together = defineChipPlacement(network, near, [
      at(0, 0, 'g0', 0, 40),
      at(0, 1, 'g1', 0, 96),
      at(1, 0, 'g2', 0, 3),
    ])
    expect(() => chipLatencies(network, together, near)).toThrow(
      /^mesh:2x2: latency.hopX: found null, on the way from core 1 of chip 0 to core 0 of chip 1/,
    )
    const one = defineChipPlacement(network, near, [
      {
        ...at(0, 0, 'g0', 0, 40),
        slices: network.groups.map(({ name, size }) => ({ group: name, start: 0, end: size })),
      },
    ])
    expect(chipLatencies(network, one, near)).toEqual([[0]])
    expect(executionPlacement(network, one, { latency: near })).toEqual(executionPlacement(network, one))
  })

  it.each([
    ['stepped time', withChips(chipProfile('loihi'), { columns: 2, rows: 1 }), 'loihi: time.mode', '"stepped"'],
    ['an unknown speed-up', continuous(KNOWN, null), 'mesh:2x2: time.speedup', 'null'],
  ])('are refused for %s', (_, profile, field, found) => {
    const placement = defineChipPlacement(network, profile, cores)
    expect(() => chipLatencies(network, placement, profile)).toThrow(`${field}: found ${found},`)
    expect(mistakeOf(() => chipLatencies(network, placement, profile)).code).toBe('CHIP_LATENCY')
  })

  it('are 1.3 ms between any two chips of BrainScaleS-2', () => {
    const profile = withChips(chipProfile('brainscales2'), { columns: 2, rows: 1 })
    const placement = defineChipPlacement(network, profile, [
      at(0, 0, 'g0', 0, 40),
      {
        ...at(1, 0, 'g1', 0, 96),
        slices: [
          { group: 'g1', start: 0, end: 96 },
          { group: 'g2', start: 0, end: 3 },
        ],
      },
    ])
    expect(executionPlacement(network, placement, { latency: profile }).latencies).toEqual([
      [0, 1.3],
      [0, 0],
    ])
  })

  it('belong to what is fingerprinted', () => {
    const hashes = [KNOWN, { ...KNOWN, hopX: 101 }].map((latency) => {
      const profile = continuous(latency)
      return placementHash(executionPlacement(network, placedOn(profile), { latency: profile }))
    })
    expect(new Set(hashes).size).toBe(2)
  })
})

describe('a cycle without delay over two cores', () => {
  const neuron = { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 3 }
  const loop = defineNetwork({
    groups: { in: source(1), a: lif(2, neuron), b: lif(2, neuron) },
    projections: [connect('in', 'a', dense(12)), connect('a', 'b', dense(12)), connect('b', 'a', dense(12))],
  })
  const placement = defineChipPlacement(loop, continuous(KNOWN), [
    {
      chip: 0,
      core: 0,
      slices: [
        { group: 'in', start: 0, end: 1 },
        { group: 'a', start: 0, end: 2 },
      ],
    },
    at(0, 2, 'b', 0, 2),
  ])

  it('can be run where the ways between take long enough, and is refused where they do not, with both times', () => {
    const brief = { latency: continuous({ ...KNOWN, hopX: 45 }) }
    expect(() => executionPlacement(loop, placement, brief)).toThrow(
      /a, b on one core, for the cycle may take only 0.09 ms, 0.09 ms of it for the way between cores/,
    )
    expect(mistakeOf(() => executionPlacement(loop, placement)).code).toBe('PLACEMENT_CYCLE')
    const { cycles } = executionPlacement(loop, placement, { latency: continuous(KNOWN) })
    expect(cycles).toEqual([{ groups: ['a', 'b'], lookahead: 0.2 }])
  })

  it('takes no longer than between the slices that are nearest to each other', () => {
    const wide = defineNetwork({
      groups: { a: lif(2, neuron), b: lif(64, neuron) },
      projections: [connect('a', 'b', dense(12)), connect('b', 'a', dense(12))],
    })
    const slices = [
      { group: 'a', start: 0, end: 2 },
      ...[0, 32].map((start) => ({ group: 'b', start, end: start + 32 })),
    ]
    const placedWith = (near: number) => {
      const latencies = [
        [0, 3, near],
        [3, 0, 3],
        [near, 3, 0],
      ]
      return placementOf(
        wide,
        slices.map((slice) => [slice]),
        undefined,
        latencies,
      )
    }
    expect(placedWith(0.25).cycles).toEqual([{ groups: ['a', 'b'], lookahead: 0.5 }])
    expect(mistakeOf(() => placedWith(0)).code).toBe('PLACEMENT_CYCLE')
  })

  it('goes round in that time', async () => {
    const placed = executionPlacement(loop, placement, { latency: continuous({ ...KNOWN, hopX: 4000 }) })
    await using session = await open(loop, { placement: placed })
    const inputs = { in: trainsOf([[{ time: 1, unit: 0 }]]) }
    const { spikes } = await session.simulate({ count: 1, until: 30, inputs })
    const [first, second, third] = [spikes.a!.times[0]!, spikes.b!.times[0]!, spikes.a!.times[2]!]
    expect([second - first, third - second].map((gap) => gap > 4 && gap < 8)).toEqual([true, true])
  })
})

it('latencies of a placement by hand are times, for every pair of cores', () => {
  const placed = executionPlacement(network, placedOn(continuous(KNOWN)))
  const zeros = placed.cores.map(() => placed.cores.map(() => 0))
  const cases: readonly (readonly [unknown, string])[] = [
    [[], 'latencies'],
    [zeros.map(() => [0]), 'latencies[0]'],
    [zeros.map((row) => row.map(() => -1)), 'latencies[0][0]'],
    [zeros.map((row, from) => row.map((_, to) => (from === to ? 0 : Number.NaN))), 'latencies[0][1]'],
    [zeros.map((row, from) => row.map((_, to) => (from === to ? 0 : Infinity))), 'latencies[0][1]'],
    [zeros.map((row, from) => row.map((_, to) => (from === to && to === 1 ? 1 : 0))), 'latencies[1][1]'],
  ]
  for (const [latencies, field] of cases) {
    const placement = { ...withLatencies(network, placed, zeros), latencies } as never
    expect(mistakeOf(() => placementHash(placement))).toMatchObject({ code: 'PLACEMENT_LATENCY', field })
  }
})
