import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { executionPlacement } from '../../../src/hardware/chip-placement/execution-placement.js'
import { type PlacingProgress, placeOnChip } from '../../../src/hardware/chip-placement/place-on-chip.js'
import { chipCongestion } from '../../../src/hardware/congestion/find-congestion.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import { fitChip } from '../../../src/hardware/fit/fit-chip.js'
import type { ChipPlacement, Placement } from '../../../src/hardware/placement.js'
import { chipPlacementHash } from '../../../src/hardware/placement-hash.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { meshProfile } from '../../../src/hardware/profile/mesh-profile.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, fixedInDegree, fixedOutDegree } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { casesOf } from '../../support/cases-of.js'
import { expectSameBits } from '../../support/same-bits.js'
import { blockNetwork } from '../arbitrary-placed.js'
import { countHops, targetCores } from './count-hops.js'
import { denseLayers, hiddenLattice, smallConvolution } from './small-networks.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
const mesh = (columns: number, rows: number, neuronsPerCore: number) => meshProfile({ columns, rows, neuronsPerCore })
const quick = { seed: 1, effort: 'quick' } as const

/** Found once for all tests. */
function once(find: () => ChipPlacement): () => ChipPlacement {
  let found: ChipPlacement | undefined
  return () => {
    found ??= find()
    return found
  }
}

const convolution = once(() => placeOnChip(smallConvolution(), mesh(4, 3, 96), { seed: 1 }))
const lattice = once(() => {
  return placeOnChip(hiddenLattice(4, 4), withChips(mesh(2, 2, 32), { columns: 2, rows: 2 }), { seed: 1 })
})
const loihiLayers = once(() => placeOnChip(denseLayers(784, 350, 10), chipProfile('loihi'), quick))

describe('a placement on a chip', () => {
  it('holds every unit once, is never dearer than in order, and is found again', () => {
    const chips = fc.constantFrom(
      mesh(7, 4, 32),
      mesh(4, 4, 64),
      mesh(3, 5, 96),
      withChips(mesh(2, 2, 64), { columns: 2, rows: 2 }),
      withTopology(mesh(5, 4, 64), 'torus'),
      withTopology(mesh(4, 4, 64), 'hexagonalTorus'),
    )
    fc.assert(
      fc.property(blockNetwork, chips, fc.nat(9), (network, profile, seed) => {
        const options = { seed, effort: 'quick' } as const
        const placement = placeOnChip(network, profile, options)
        const inOrder = placeOnChip(network, profile, { seed, effort: 'none' })
        expect(placement.cores.length).toBeLessThanOrEqual(inOrder.cores.length)
        const { coreOf } = targetCores(network, placement)
        for (const units of coreOf.values()) expect(units.includes(undefined as never)).toBe(false)
        const hops = (placed: typeof placement) => countHops(network, profile, placed)
        expect(hops(placement)).toBeLessThanOrEqual(hops(inOrder))
        expect(placeOnChip(network, profile, options)).toEqual(placement)
      }),
      { numRuns: casesOf({ short: 4, long: 8 }), seed: 73 },
    )
  })

  it('is the same on every machine', () => {
    const placements = [
      convolution(),
      placeOnChip(denseLayers(100, 200, 90, 10), mesh(4, 4, 32), quick),
      placeOnChip(denseLayers(100, 200, 90, 10), mesh(4, 4, 32), { ...quick, seed: 2 }),
      lattice(),
      loihiLayers(),
    ]
    expect(placements.map(chipPlacementHash)).toEqual([
      'be7d84f5c1c298acb54c4d0170f52f0c',
      '7028d499c2b9a5c6565a570e6f81e734',
      '49f82e32a400f845c6147fdb84aaa77f',
      '0fd533861bafd5e94d1eb69900c82fa0',
      '8dda2979e575ca20aba6665345d2e2aa',
    ])
  })

  it('puts blocks that share inputs on one core, which saves packets and their links', () => {
    const [network, profile] = [smallConvolution(), mesh(4, 3, 96)]
    const inOrder = countHops(network, profile, placeOnChip(network, profile, { seed: 1, effort: 'none' }))
    const cutInOrder = countHops(network, profile, placeOnChip(network, profile, { seed: 1, cut: 'inOrder' }))
    const found = countHops(network, profile, convolution())
    expect(cutInOrder).toBeLessThan(inOrder)
    expect(found).toBeLessThan(cutInOrder / 1.5)
  })

  it('finds a lattice that was hidden by shuffling', () => {
    const [network, profile] = [hiddenLattice(5, 4), mesh(5, 4, 32)]
    expect(countHops(network, profile, placeOnChip(network, profile, { seed: 1 }))).toBe(2 * (4 * 4 + 5 * 3))
  })

  it('keeps what exchanges most on one chip', () => {
    const [network, profile] = [hiddenLattice(4, 4), withChips(mesh(2, 2, 32), { columns: 2, rows: 2 })]
    // The ideal: 24 pairs of neighbours, 8 of them across a border.
    expect(countHops(network, profile, lattice())).toBe(2 * (16 + 8 * 10))
  })

  it('heeds spikes: what spikes most is nearest', () => {
    const network = defineNetwork({
      groups: { a: source(32), b: source(32), c: source(32), d: source(32), e: source(32), out: lif(32, neuron) },
      projections: ['a', 'b', 'c', 'd', 'e'].map((name) => connect(name as 'a', 'out', dense(1))),
    })
    const profile = mesh(6, 1, 32)
    const spikes = { a: 1, b: 9, c: 1, d: new Array(32).fill(9), e: 0.5 }
    const { coreOf } = targetCores(network, placeOnChip(network, profile, { seed: 1, spikes }))
    const away = (name: string) => Math.abs(coreOf.get(name)![0]!.core - coreOf.get('out')![0]!.core)
    expect([away('b'), away('d')]).toEqual([1, 1])
    expect(away('e')).toBe(Math.max(...['a', 'c', 'e'].map(away)))
  })

  it('packs: rests of groups share cores, and none has more than it can hold', () => {
    const placement = placeOnChip(denseLayers(100, 40, 40, 10), mesh(3, 3, 64), quick)
    expect(placement.cores).toHaveLength(4)
    const hidden = loihiLayers().cores.filter(({ slices }) => slices.some(({ group }) => group === 'g1'))
    expect(hidden).toHaveLength(11)
  })

  it.each([
    { name: 'loihi', inputs: 784 },
    { name: 'spinnaker2', inputs: 784 },
    // Neurons hear 256 units.
    { name: 'brainscales2', inputs: 256 },
  ])('fits $name', ({ name, inputs }) => {
    const profile = withChips(chipProfile(name), { columns: 8, rows: 1 })
    const network = denseLayers(inputs, 256, 10)
    const placement = placeOnChip(network, profile, { ...quick, neuronsPerCore: 256 })
    expect(fitChip(network, profile, { placement }).messages).toEqual([])
  })

  it('gives groups with many targets more cores where axons are few', () => {
    const network = denseLayers(64, 256, 32)
    const unitsOf = (profile: ChipProfile) => {
      const placement = placeOnChip(network, profile, quick)
      expect(fitChip(network, profile, { placement }).messages).toEqual([])
      const slices = placement.cores.flatMap((core) => core.slices)
      return Math.max(...slices.map(({ group, start, end }) => (group === 'g0' ? end - start : 0)))
    }
    expect([256, 255, 128].map((axons) => unitsOf(withAxons(mesh(6, 4, 64), axons)))).toEqual([64, 32, 32])
    expect(() => placeOnChip(network, withAxons(mesh(6, 4, 64), 127), quick)).toThrow(
      'g0: found g0[0:32], a block that is not cut, with 128 axons out, expected at most 127 axons out on a core of mesh:6x4. ' +
        'Choose a chip with larger cores, or let its units have targets on fewer cores.',
    )
  })

  it('says of what a block has more than a core, and no more', () => {
    const figure = (value: number, unit: 'synapses' | 'axons') => {
      return { value, unit, provenance: 'assumed', source: 'for a test' } as const
    }
    const limited = (synapses: number, axonsIn: number) => {
      const { core, ...profile } = mesh(6, 4, 64)
      const memory = { kind: 'count', synapses: figure(synapses, 'synapses') } as const
      return defineChipProfile({ ...profile, core: { ...core, synapses: memory, axonsIn: figure(axonsIn, 'axons') } })
    }
    const network = denseLayers(64, 40, 32)
    const refusal = 'found g1[0:32], a block that is not cut, with'
    expect(() => placeOnChip(network, limited(9000, 60), quick)).toThrow(
      `${refusal} 64 axons in, expected at most 60 axons in on a core of mesh:6x4. Choose a chip with larger cores, or let neurons have synapses from fewer units.`,
    )
    expect(() => placeOnChip(network, limited(2000, 60), quick)).toThrow(
      `${refusal} 2,048 synapses and 64 axons in, expected at most 2,000 synapses and 60 axons in on a core`,
    )
  })

  it('says how many chips would do, those counted whose cores are dead', () => {
    const profile = defineChipProfile({ ...mesh(2, 2, 64), deadCores: [0, 1, 2, 3].map((core) => ({ chip: 0, core })) })
    const network = denseLayers(200, 100)
    expect(() => placeOnChip(network, profile, quick)).toThrow(
      'network: found 5 cores of mesh:2x2, expected at most 0, on 1 chip. ' +
        'The network would fit on 3 chips: take withChips(profile, { columns: 2, rows: 2 }).',
    )
    expect(placeOnChip(network, withChips(profile, { columns: 3, rows: 1 }), quick).cores).toHaveLength(5)
  })

  it('lets blocks share inputs only where that leaves their sources few enough axons', () => {
    const halves = (parts: readonly (readonly number[])[]) =>
      dense(Array.from({ length: 128 }, (_, t) => parts.map((blocks) => (blocks.includes(t >> 5) ? 1 : null))))
    const network = defineNetwork({
      groups: { loud: source(2), quiet: source(64), out: lif(128, neuron) },
      projections: [
        connect(
          'loud',
          'out',
          halves([
            [0, 2],
            [1, 3],
          ]),
        ),
        connect('quiet', 'out', halves(Array.from({ length: 64 }, (_, unit) => (unit < 32 ? [0, 1] : [2, 3])))),
      ],
    })
    const slicesOf = (axons: number) => {
      const profile = withAxons(mesh(4, 1, 64), axons)
      const placement = placeOnChip(network, profile, { ...quick, spikes: { loud: 100 } })
      expect(fitChip(network, profile, { placement }).messages).toEqual([])
      return placement.cores.flatMap(({ slices }) => slices.filter(({ group }) => group === 'out')).length
    }
    expect([128, 127].map(slicesOf)).toEqual([4, 2])
  })

  it('follows the synapses that a seed draws', () => {
    const network = defineNetwork({
      groups: { a: lif(160, neuron), b: lif(160, neuron) },
      projections: [
        connect('a', 'b', fixedInDegree(2, 1), { delay: 1 }),
        connect('b', 'a', fixedOutDegree(3, 1), { delay: 1 }),
      ],
    })
    const profile = mesh(4, 3, 32)
    const hops = (seed: number, drawn: number) =>
      countHops(network, profile, placeOnChip(network, profile, { ...quick, seed }), { seed: drawn })
    expect(hops(1, 1)).toBeLessThan(hops(2, 1))
    expect(hops(2, 2)).toBeLessThan(hops(1, 2))
  })

  it('can be executed, also where cores hold blocks from here and there, with the bits of one core', async () => {
    const [network, profile] = [smallConvolution(), mesh(4, 3, 96)]
    const placement = executionPlacement(network, placeOnChip(network, profile, { ...quick, cut: 'inOrder' }))
    expect(placement.cores.map(({ core }) => core)).toEqual(placement.cores.map((_, k) => k))
    const found = placeOnChip(network, profile, quick)
    const scattered = executionPlacement(network, found)
    expect(scattered.cores.length).toBeGreaterThan(found.cores.length)
    const { name, size } = network.groups[0] as (typeof network.groups)[number]
    const spikes = Array.from({ length: size }, (_, unit) => ({ time: 1 + (unit % 7), unit }))
    const trials = { count: 1, until: 40, inputs: { [name]: trainsOf([spikes]) } }
    const simulated = async (given?: Placement) => {
      await using session = await open(network, { seed: 1, ...(given === undefined ? {} : { placement: given }) })
      return session.simulate(trials)
    }
    expectSameBits(await simulated(scattered), await simulated())
  })
})

describe('dead cores and links', () => {
  const network = denseLayers(64, 64, 32)

  it('hold and carry nothing', () => {
    const profile = defineChipProfile({
      ...mesh(4, 3, 32),
      deadCores: [{ chip: 0, core: 1 }],
      deadLinks: [{ x: 0, y: 0, towards: 'north' }],
    })
    const placement = placeOnChip(network, profile, quick)
    expect(placement.cores.map(({ core }) => core)).not.toContain(1)
    // A route over the dead link would raise an error.
    expect(countHops(network, profile, placement)).toBeGreaterThan(0)
  })

  it('leave a network without a way, which is refused by name', () => {
    const line = mesh(5, 1, 32)
    const profile = defineChipProfile({ ...line, deadLinks: [{ x: 2, y: 0, towards: 'east' }] })
    expect(mistakeOf(() => placeOnChip(network, profile, quick))).toEqual({
      code: 'ROUTE_DEAD_LINK',
      field: 'deadLinks',
    })
  })
})

it.each<readonly [string, () => unknown, string, string]>([
  [
    'too many neurons',
    () => placeOnChip(denseLayers(200, 100), mesh(2, 2, 64), quick),
    'PLACEMENT_CAPACITY',
    'network',
  ],
  ['blocks too large', () => placeOnChip(denseLayers(9, 40), mesh(9, 9, 20), quick), 'PLACEMENT_CAPACITY', 'g1'],
  [
    'too many axons',
    () => placeOnChip(denseLayers(300, 32), chipProfile('truenorth'), quick),
    'PLACEMENT_CAPACITY',
    'g1',
  ],
  [
    'unknown room',
    () => placeOnChip(denseLayers(9, 9), chipProfile('seneca'), quick),
    'CHIP_ROOM_UNKNOWN',
    'options.neuronsPerCore',
  ],
  [
    'spikes of a stranger',
    () => placeOnChip(denseLayers(9, 9), mesh(2, 2, 64), { seed: 1, spikes: { g7: 1 } }),
    'GROUP_UNKNOWN',
    'options.spikes.g7',
  ],
  [
    'spikes of too few units',
    () => placeOnChip(denseLayers(9, 9), mesh(2, 2, 64), { seed: 1, spikes: { g0: [1] } }),
    'SHAPE_MISMATCH',
    'options.spikes.g0',
  ],
  [
    'negative spikes',
    () => placeOnChip(denseLayers(2, 9), mesh(2, 2, 64), { seed: 1, spikes: { g0: [1, -1] } }),
    'OPTION_OUT_OF_RANGE',
    'options.spikes.g0[1]',
  ],
])('%s are refused', (_, call, code, field) => {
  expect(mistakeOf(call)).toEqual({ code, field })
})

function withAxons(profile: ChipProfile, axonsOut: number): ChipProfile {
  const figure = { value: axonsOut, unit: 'axons', provenance: 'assumed', source: 'for a test' } as const
  return defineChipProfile({ ...profile, core: { ...profile.core, axonsOut: figure } })
}

function withTopology(profile: ChipProfile, topology: ChipProfile['chip']['topology']): ChipProfile {
  const order = topology === 'hexagonalTorus' ? 'longestFirst' : 'xy'
  return defineChipProfile({
    ...profile,
    chip: { ...profile.chip, topology },
    routing: { ...profile.routing, order },
  })
}

it('tells what it is doing, run by run', () => {
  const told: string[] = []
  const onProgress = (progress: PlacingProgress) => told.push(`${progress.stage} ${progress.done}/${progress.of}`)
  placeOnChip(smallConvolution(), mesh(5, 3, 64), { seed: 1, onProgress })
  const of = (stage: string) => told.filter((each) => each.startsWith(stage))
  expect(told).toEqual([...of('spikes'), ...of('cores'), ...of('search')])
  // Both cuts of 16 blocks, 8 and one.
  expect(of('cores')).toHaveLength(2 * 25)
  expect([told[0], of('cores')[15], of('search')[0], told.at(-1)]).toEqual([
    'spikes 1/50',
    'cores 16/16',
    'search 0/16',
    'search 16/16',
  ])
  // Of each run once after so many moves, in order.
  const search = of('search').map((each) => Number(/ (.*)\//.exec(each)?.[1]))
  expect(search).toEqual(search.toSorted((a, b) => a - b))
  const chips = withChips(meshProfile({ columns: 4, rows: 4, neuronsPerCore: 32 }), { columns: 2, rows: 2 })
  const within: number[] = []
  const onShare = (progress: PlacingProgress) => {
    if (progress.stage === 'search') within.push(progress.done)
  }
  placeOnChip(hiddenLattice(8, 5), chips, { seed: 1, onProgress: onShare })
  expect(within.filter((done) => done > 1 && done < 2).length).toBeGreaterThan(10)
  expect(within).toEqual(within.toSorted((a, b) => a - b))
})

it('tells how many synapses are drawn', () => {
  const drawn: number[] = []
  const network = defineNetwork({
    groups: { a: lif(3000, neuron), b: lif(3000, neuron) },
    projections: [connect('a', 'b', fixedInDegree(400, 1)), connect('b', 'a', fixedOutDegree(400, 1), { delay: 1 })],
  })
  const onProgress = (progress: PlacingProgress) => {
    if (progress.stage !== 'synapses') return
    expect(progress.of).toBe(2_400_000)
    drawn.push(progress.done)
  }
  const profile = mesh(10, 10, 256)
  const placement = placeOnChip(network, profile, { seed: 1, effort: 'none', onProgress })
  expect(drawn).toEqual([2 ** 20, 2 ** 21])
  const tally = { trials: 1, steps: 1, spikes: { a: 1, b: 1 }, activeSteps: { a: 1, b: 1 } }
  chipCounts(network, placement, profile, tally, { seed: 1, onProgress })
  const raster = { a: trainsOf([[]]), b: trainsOf([[]]) }
  chipCongestion(raster, network, placement, profile, { window: 1, until: 1, seed: 1, onProgress })
  expect(drawn).toEqual([1, 2, 3].flatMap(() => [2 ** 20, 2 ** 21]))
})

describe('what surely does not fit is refused before its synapses are drawn', () => {
  // Of each projection a quarter of a billion, which nobody draws in a test.
  const [size, inDegree] = [250_000, 1000]
  const vast = defineNetwork({
    groups: { a: lif(size, neuron), b: lif(size, neuron) },
    projections: [
      connect('a', 'b', fixedInDegree(inDegree, 1)),
      connect('b', 'a', fixedInDegree(inDegree, 1), { delay: 1 }),
    ],
  })
  it.each([
    ['too many neurons', mesh(60, 60, 128), 'network', 'at least 3,907 cores of mesh:60x60'],
    [
      'too many axons in',
      chipProfile('loihi'),
      'a',
      expect.stringMatching(/^a\[0:32\], a block that is not cut, with 30,\d{3} axons in$/),
    ],
  ])('%s', (_, profile, field, found) => {
    const onProgress = () => {
      throw new Error('It has begun.')
    }
    const place = () => placeOnChip(vast, profile, { seed: 1, onProgress })
    expect(place).toThrow(expect.objectContaining({ code: 'PLACEMENT_CAPACITY' }))
    expect(place).toThrow(expect.objectContaining({ mistake: expect.objectContaining({ field, found }) }))
  })
})

it('finds the cores that dead links leave together, wherever they are', () => {
  const north = (x: number, y: number) => ({ x, y, towards: 'north' as const })
  const deadLinks = Array.from({ length: 6 }, (_, x) => [0, 1, 2].map((y) => north(x, y))).flat()
  const rows = defineChipProfile({ ...mesh(6, 4, 64), deadLinks })
  const { cores } = placeOnChip(denseLayers(128, 128, 64), rows, { seed: 1 })
  expect(new Set(cores.map(({ core }) => Math.floor(core / 6))).size).toBe(1)
  expect(cores).toHaveLength(5)
})

it('costs nothing for cores that are far away', () => {
  const placed = (columns: number, rows: number) =>
    placeOnChip(smallConvolution(), mesh(columns, rows, 64), quick).cores.map(({ core, slices }) => {
      return { x: core % columns, y: Math.floor(core / columns), slices }
    })
  expect(placed(8000, 9000)).toEqual(placed(80, 90))
})

it('takes cores in order beyond 4096 of them', () => {
  const network = defineNetwork({
    groups: { a: lif(4097 * 32, neuron) },
    projections: [connect('a', 'a', fixedInDegree(1, 1), { delay: 1 })],
  })
  const { cores } = placeOnChip(network, mesh(70, 70, 32), { seed: 1 })
  expect(cores.map(({ core }) => core)).toEqual(Array.from({ length: 4097 }, (_, core) => core))
  expect(cores.map(({ slices }) => slices[0]?.start)).toEqual(cores.map((_, k) => 32 * k))
})

it('keeps chips within reach however dear it is to cross from one to the next', () => {
  const chips = withChips(mesh(2, 2, 64), { columns: 4, rows: 1 })
  const figure = { unit: 'pJ', provenance: 'assumed', source: 'a test', kind: 'marginal' } as const
  const dear = (crossing: number) =>
    defineChipProfile({
      ...chips,
      energy: {
        ...chips.energy,
        hopX: { ...figure, value: 1 },
        hopY: { ...figure, value: 1 },
        chipCrossing: { ...figure, value: crossing },
      },
    })
  const placed = (crossing: number) => placeOnChip(smallConvolution(), dear(crossing), quick)
  expect(placed(1e100)).toEqual(placed(1e6))
  expect(placed(1e100)).not.toEqual(placed(0.1))
})
