import { describe, expect, it, test } from 'vitest'
import { mesh } from '../../../src/hardware/chip.js'
import { placeOnChip } from '../../../src/hardware/chip-placement/place-on-chip.js'
import { fitChip } from '../../../src/hardware/fit/fit-chip.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { meshProfile } from '../../../src/hardware/profile/mesh-profile.js'
import { chipProfile, chipProfileNames, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { GroupSpec } from '../../../src/network/description/network.js'
import {
  connect,
  dense,
  fixedInDegree,
  oneToOne,
  type Synapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../../network/mistake-of.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const LOIHI = chipProfile('loihi')

/** Dense layers. */
function layered(inputs: number, hidden: number, outputs: number) {
  return defineNetwork({
    groups: { input: source(inputs), hidden: lif(hidden, NEURON), output: lif(outputs, NEURON) },
    projections: [connect('input', 'hidden', dense(1)), connect('hidden', 'output', dense(1))],
  })
}

/** Loihi, or another chip, with one figure in the place of another. */
function withFigure(profile: ChipProfile, part: 'core' | 'formats', name: string, value: number | null): ChipProfile {
  const figure = (profile[part] as unknown as Record<string, object | null>)[name]
  const changed = value === null ? null : { ...figure, value, range: undefined }
  return defineChipProfile({ ...profile, [part]: { ...profile[part], [name]: changed } })
}

test('a layer of 350 neurons with 784 inputs does not fit one core of Loihi: why, and what would help', () => {
  const fit = fitChip(layered(784, 350, 10), LOIHI)
  expect(fit.groups[1]?.message).toBe(
    'hidden does not fit one loihi core: its 274,400 synapses of 25 bits take 6,860,000 bits, a core has 1,048,576 (654 %). ' +
      'Neurons 350 of 1,024 (34 %) and axons in 784 of 4,096 (19 %) fit.\n' +
      'It would fit on 11 cores (blocks of 32 neurons), or on 6 with 4-bit weights.',
  )
  expect(fit.groups[1]).toMatchObject({ group: 'hidden', cores: 11, narrower: { weightBits: 4, cores: 6 } })
  expect(fit.groups[1]?.uses).toEqual([
    { resource: 'neurons', need: 350, limit: 1024 },
    { resource: 'synapseBits', need: 6_860_000, limit: 1_048_576 },
    { resource: 'axonsIn', need: 784, limit: 4096 },
  ])
  // Every input goes to eleven cores.
  expect(fit.messages).toEqual([
    fit.groups[1]?.message,
    'input does not fit one loihi core: it has 8,624 axons out, a core has 4,096 (211 %).\n' +
      'It would fit on 3 cores (blocks of 32 units).',
  ])
  expect(fit).toMatchObject({ fits: true, profile: 'loihi', available: 128, unknown: [] })
  expect(fit.groups.map(({ cores }) => cores)).toEqual([1, 11, 1])
  expect(fit.cores.map(({ core }) => core)).toEqual(Array.from({ length: 13 }, (_, core) => core))
})

test('what narrower weights do is true of a chip that has them', () => {
  const loihi = withFigure(LOIHI, 'formats', 'weightLevels', null)
  const narrow = fitChip(layered(784, 350, 10), withFigure(loihi, 'formats', 'weightBits', 4))
  expect(narrow.groups[1]).toMatchObject({ cores: 6, narrower: null })
})

test('narrower weights are looked at down to the narrowest', () => {
  // Two blocks of 32 neurons with 950 inputs fit one core at 17 bits a synapse, with 1-bit weights, and not at 18.
  const fit = fitChip(layered(950, 64, 10), LOIHI)
  expect(fit.groups[1]).toMatchObject({ group: 'hidden', cores: 2, narrower: { weightBits: 1, cores: 1 } })
})

describe('what is said of', () => {
  it('a neuron that is larger than a core', () => {
    const fit = fitChip(layered(784, 200, 10), chipProfile('truenorth'))
    expect(fit.fits).toBe(false)
    expect(fit.groups[1]).toMatchObject({ cores: null, narrower: null })
    expect(fit.messages).toContain(
      'hidden fits no number of truenorth cores, for neuron 0 of hidden alone does not fit one: ' +
        'it has 784 axons in, a core has 256 (306 %).\n' +
        'Let a neuron have synapses from at most 256 units, or choose a chip with larger cores.',
    )
  })

  it('no number of chips where a group fits no number of cores', () => {
    const fit = fitChip(layered(2000, 200, 10), chipProfile('brainscales2'))
    expect(fit.groups.map(({ cores }) => cores === null)).toEqual([false, true, false])
    expect(fit.cores.length).toBeGreaterThan(fit.available)
    expect(fit.messages.filter((message) => message.includes('chip'))).toHaveLength(1)
  })

  it('a neuron with more inputs than a crossbar has rows, of BrainScaleS-2, too', () => {
    const { fits, messages } = fitChip(layered(784, 200, 10), chipProfile('brainscales2'))
    expect(fits).toBe(false)
    expect(messages.join('\n')).toContain('it has 784 axons in, a core has 256 (306 %).')
    const chips = withChips(chipProfile('brainscales2'), { columns: 3, rows: 1 })
    expect(fitChip(layered(256, 512, 10), chips).groups[1]).toMatchObject({ cores: 1 })
  })

  it('the neuron that is largest, though others are as well', () => {
    const many = Array.from({ length: 60 }, (_, k): Synapse => [k, 7, 1])
    const fewer = Array.from({ length: 50 }, (_, k): Synapse => [k, 3, 1])
    const network = defineNetwork({
      groups: { input: source(64), hidden: lif(40, NEURON) },
      projections: [connect('input', 'hidden', synapses([...fewer, ...many]))],
    })
    const { messages } = fitChip(network, withFigure(LOIHI, 'core', 'axonsIn', 40))
    expect(messages[0]).toContain(
      'neuron 7 of hidden alone does not fit one: it has 60 axons in, a core has 40 (150 %)',
    )
  })

  it('a block that is larger than a core, though its neurons are not', () => {
    const network = defineNetwork({
      groups: { input: source(100), hidden: lif(100, NEURON) },
      projections: [connect('input', 'hidden', oneToOne(1))],
    })
    const { fits, messages } = fitChip(network, withFigure(LOIHI, 'core', 'axonsIn', 31))
    expect([fits, messages[0]]).toEqual([
      false,
      'hidden fits no number of loihi cores, for the block hidden[0:32] alone does not fit one: ' +
        'it has 32 axons in, a core has 31 (103 %).\n' +
        'Blocks of 32 are not cut: let one have synapses from at most 31 units, or choose a chip with larger cores.',
    ])
  })

  it('weights that are too wide for any number of cores', () => {
    const { fits, groups } = fitChip(layered(2000, 32, 10), LOIHI)
    expect([fits, groups[1]?.message]).toEqual([
      false,
      'hidden fits no number of loihi cores, for the block hidden[0:32] alone does not fit one: ' +
        'its 64,000 synapses of 25 bits take 1,600,000 bits, a core has 1,048,576 (153 %).\n' +
        'Blocks of 32 are not cut: let one have at most 41,943 synapses, or choose a chip with larger cores.',
    ])
    const narrow = fitChip(layered(1500, 32, 10), LOIHI).groups[1]?.message
    expect(narrow).toMatch(/\nIt would fit on 1 core \(blocks of 32 neurons\) with 4-bit weights\.$/)
  })

  it('more cores than there are', () => {
    const network = defineNetwork({
      groups: { input: source(700), hidden: lif(32 * 140, NEURON) },
      projections: [connect('input', 'hidden', dense(1))],
    })
    const { fits, messages, cores } = fitChip(network, withFigure(LOIHI, 'core', 'axonsOut', null))
    expect([fits, cores.length]).toEqual([false, 140])
    expect(messages.at(-1)).toBe('The network takes 140 loihi cores, there are 128 (109 %).\nIt would fit on 2 chips.')
    const two = withChips(withFigure(LOIHI, 'core', 'axonsOut', null), { columns: 2, rows: 1 })
    expect(fitChip(network, two)).toMatchObject({ fits: true, available: 256 })
    expect(fitChip(network, two).cores.at(-1)).toMatchObject({ chip: 1, core: 11 })
  })

  it('a share that is just too large', () => {
    const chip = meshProfile(mesh({ columns: 1, rows: 1, neuronsPerCore: 1000 }))
    const network = defineNetwork({ groups: { all: lif(1001, NEURON) }, projections: [] })
    const text =
      'all does not fit one mesh:1x1 core: its 1,001 neurons need as many places, a core has 1,000 (over 100 %).'
    expect(fitChip(network, chip).messages[0]).toContain(text)
  })
})

test('what is unknown limits nothing, and is named', () => {
  const fit = fitChip(layered(784, 350, 10), chipProfile('loihi2'))
  expect(fit.fits).toBe(true)
  expect(fit.unknown).toEqual(['core.axonsIn', 'core.axonsOut', 'formats.delayBits', 'formats.targetBits'])
  expect(fit.messages).toEqual([
    'hidden does not fit one loihi2 core: its 274,400 synapses of at least 8 bits take at least 2,195,200 bits, ' +
      'a core has 1,572,864 (140 %). Neurons 350 of 8,192 (4.3 %) fit.\nIt would fit on 2 cores (blocks of 32 neurons).',
  ])
  expect(fitChip(layered(5000, 500, 10), chipProfile('mesh:1x1'))).toMatchObject({
    ...{ fits: true, messages: [] },
    unknown: ['core.neurons', 'core.synapses', 'core.axonsIn', 'core.axonsOut'],
  })
})

describe('a chip whose neurons address one axon each', () => {
  const CHIP = chipProfile('truenorth')
  const joined = (inputs: number, ...sizes: readonly number[]) =>
    defineNetwork<Record<string, GroupSpec>>({
      groups: { input: source(inputs), ...Object.fromEntries(sizes.map((size, k) => [`g${k}`, lif(size, NEURON)])) },
      projections: sizes.map((size, k) => connect('input', `g${k}`, size === inputs ? oneToOne(1) : dense(1))),
    })

  it.each([
    // 200 inputs have 400 axons out, 100 have 200: no more than a core has, but two of each.
    [200, 300],
    [100, 300],
    [32, 140, 140],
  ])('does not hold %i inputs that are heard by more neurons than a core has: %i', (inputs, ...sizes) => {
    const fit = fitChip(joined(inputs, ...sizes), CHIP)
    const neurons = sizes.reduce((sum, size) => sum + size, 0)
    expect(fit.fits).toBe(false)
    expect(fit.messages.at(-1)).toBe(
      `${sizes.length === 1 ? 'g0 hears' : 'g0 and g1 hear'} units in common, each of which addresses 1 truenorth core, ` +
        `and ${sizes.length === 1 ? 'does' : 'do'} not fit one: its ${neurons} neurons need as many places, a core has ` +
        `256 (${Math.round(neurons / 2.56)} %). Axons in ${inputs} of 256 (${Math.round(inputs / 2.56)} %) fit.\n` +
        'Let neurons of different cores hear different units, such as a copy of a layer for each core, or choose a chip ' +
        'whose units address more cores.',
    )
    expect(mistakeOf(() => placeOnChip(joined(inputs, ...sizes), CHIP, { seed: 1 }))).toEqual({
      ...{ code: 'PLACEMENT_CAPACITY', field: 'g0' },
    })
  })

  it('holds those whose targets have room on one core, though not in the order of the groups', () => {
    for (const network of [joined(100, 200), joined(100, 120, 130), joined(512, 512, 512)]) {
      const placement = placeOnChip(network, CHIP, { seed: 1 })
      for (const fit of [fitChip(network, CHIP), fitChip(network, CHIP, { placement })]) {
        expect(fit).toMatchObject({ fits: true })
        const needs = fit.cores.flatMap(({ uses }) => uses.filter(({ resource }) => resource === 'axonsOutPerUnit'))
        expect(needs.every(({ need, limit }) => need <= 1 && limit === 1)).toBe(true)
      }
    }
  })

  it('has no room for a placement by hand that sends a unit to two cores', () => {
    const slices = (start: number, end: number) => [{ group: 'g0', start, end }]
    const placement = {
      cores: [
        { chip: 0, core: 0, slices: [{ group: 'input', start: 0, end: 20 }] },
        ...[0, 32].map((start, k) => ({ chip: 0, core: k + 1, slices: slices(start, start + 32) })),
      ],
    }
    expect(fitChip(joined(20, 64), CHIP, { placement }).messages[0]).toContain(
      'input[0:20] does not fit core 0 of chip 0: a unit of it has targets on 2 cores, and addresses 1 at most.',
    )
  })
})

test('a convolution counts every synapse once, and every input of a core', () => {
  // 3x3 over 8x8 pixels without a border: 6x6 positions of 2 maps, map by map.
  const entries = Array.from({ length: 2 * 36 * 9 }, (_, k): Synapse => {
    const [target, tap] = [Math.floor(k / 9), k % 9]
    const [y, x] = [Math.floor((target % 36) / 6), target % 6]
    return [(y + Math.floor(tap / 3)) * 8 + x + (tap % 3), target, 1]
  })
  const network = defineNetwork({
    groups: { image: source(64), maps: lif(72, NEURON) },
    projections: [connect('image', 'maps', synapses(entries))],
  })
  const uses = fitChip(network, LOIHI).groups[1]?.uses.map(({ need }) => need)
  expect(uses).toEqual([72, 72 * 9 * 25, 64])
})

test('cores that hold what is left over of several groups are shared', () => {
  const fit = fitChip(layered(20, 30, 10), LOIHI)
  expect(fit.cores.map(({ slices }) => slices.map(({ group }) => group))).toEqual([['input', 'hidden', 'output']])
  expect(fit.messages).toEqual([])
})

test('dead cores are left out', () => {
  const chip = defineChipProfile({
    ...LOIHI,
    deadCores: [
      { chip: 0, core: 0 },
      { chip: 0, core: 2 },
    ],
  })
  const fit = fitChip(layered(784, 350, 10), chip)
  expect(fit.available).toBe(126)
  expect(fit.cores.slice(0, 3).map(({ core }) => core)).toEqual([1, 3, 4])
})

describe('chips to be added', () => {
  const alive = (cores: number) => {
    const deadCores = Array.from({ length: 128 - cores }, (_, k) => ({ chip: 0, core: 128 - 1 - k }))
    return defineChipProfile({ ...LOIHI, deadCores })
  }

  it.each([
    [0, 2, '13 loihi cores, there are 0.'],
    [1, 2, '13 loihi cores, there is 1 (1,300 %).'],
    [12, 2, '13 loihi cores, there are 12 (108 %).'],
  ])('are as many as it takes beside dead cores: %i alive', (cores, chips, words) => {
    const profile = alive(cores)
    const network = layered(784, 350, 10)
    const { messages } = fitChip(network, profile)
    expect(messages.at(-1)).toBe(`The network takes ${words}\nIt would fit on ${chips} chips.`)
    expect(fitChip(network, withChips(profile, { columns: chips, rows: 1 })).fits).toBe(true)
  })

  it('are told one by one', () => {
    const { messages } = fitChip(layered(4, 40, 10), alive(0))
    expect(messages).toEqual(['The network takes 1 loihi core, there are 0.\nIt would fit on 2 chips.'])
  })
})

describe('a chip with routing tables', () => {
  const slice = (group: string, start: number, end: number) => ({ group, start, end })
  const placed = (chips: readonly number[]) => ({
    cores: [slice('input', 0, 64), slice('hidden', 0, 32), slice('hidden', 32, 64), slice('output', 0, 10)].map(
      (each, k) => ({ chip: chips[k] as number, core: k, slices: [each] }),
    ),
  })
  const board = withChips(chipProfile('spinnaker'), { columns: 2, rows: 1 })
  const entriesOf = (chips: readonly number[]) =>
    fitChip(layered(64, 64, 10), board, { placement: placed(chips) }).chips.map(({ chip, uses }) => [
      chip,
      uses[0]?.need,
    ])

  it('has an entry for every core whose packets begin or end there', () => {
    expect(entriesOf([0, 0, 0, 0])).toEqual([[0, 3]])
    expect(entriesOf([0, 1, 1, 1])).toEqual([
      [0, 1],
      [1, 3],
    ])
    expect(entriesOf([0, 1, 0, 1])).toEqual([
      [0, 2],
      [1, 3],
    ])
  })

  it('is told when there are not as many', () => {
    const { tableEntries } = board.routing
    const small = defineChipProfile({
      ...board,
      routing: { ...board.routing, tableEntries: { ...tableEntries, value: 2 } as never },
    })
    const { fits, messages } = fitChip(layered(64, 64, 10), small, { placement: placed([0, 1, 0, 1]) })
    expect([fits, messages]).toEqual([
      false,
      [
        'Chip 1 has not enough for what lies on it: it needs at least 3 routing entries, a chip has 2 (150 %).\n' +
          'Spread the network over more chips.',
      ],
    ])
  })
})

describe('a placement', () => {
  const network = layered(784, 350, 10)
  const fits = (cores: unknown) => fitChip(network, LOIHI, { placement: { cores } as never })

  it('is told core by core what does not fit', () => {
    const { fits: all, messages } = fits([
      { chip: 0, core: 5, slices: [{ group: 'hidden', start: 0, end: 64 }] },
      { chip: 0, core: 6, slices: [{ group: 'hidden', start: 64, end: 96 }] },
    ])
    expect([all, messages]).toEqual([
      false,
      [
        'hidden[0:64] does not fit core 5 of chip 0: its 50,176 synapses of 25 bits take 1,254,400 bits, ' +
          'a core has 1,048,576 (120 %). Neurons 64 of 1,024 (6.3 %) and axons in 784 of 4,096 (19 %) fit.\n' +
          'Spread them over more cores.',
      ],
    ])
  })

  const slices = [{ group: 'hidden', start: 0, end: 32 }]
  it.each<readonly [string, unknown, string, string]>([
    ['no list', {}, 'FIELD_TYPE', 'options.placement.cores'],
    ['no core', [{ chip: 0, slices }], 'FIELD_MISSING', 'options.placement.cores[0].core'],
    [
      'a core beyond the chip',
      [{ chip: 0, core: 128, slices }],
      'PLACEMENT_CORE_UNKNOWN',
      'options.placement.cores[0].core',
    ],
    ['a chip too many', [{ chip: 1, core: 0, slices }], 'PLACEMENT_CORE_UNKNOWN', 'options.placement.cores[0].chip'],
    [
      'a core twice',
      [
        { chip: 0, core: 1, slices },
        { chip: 0, core: 1, slices: [] },
      ],
      ...(['PLACEMENT_CORE_UNKNOWN', 'options.placement.cores[1]'] as const),
    ],
    [
      'no such group',
      [{ chip: 0, core: 0, slices: [{ group: 'hiden', start: 0, end: 1 }] }],
      'PLACEMENT_GROUP_UNKNOWN',
      'options.placement.cores[0].slices[0].group',
    ],
    [
      'no such neurons',
      [{ chip: 0, core: 0, slices: [{ group: 'hidden', start: 0, end: 351 }] }],
      'PLACEMENT_SLICE_INVALID',
      'options.placement.cores[0].slices[0]',
    ],
    ['neurons twice', [{ chip: 0, core: 0, slices: [...slices, ...slices] }], 'PLACEMENT_OVERLAP', 'hidden'],
  ])('of %s is refused', (_, cores, code, field) => {
    expect(mistakeOf(() => fits(cores))).toEqual({ code, field })
  })

  it('is refused on a dead core; units that are on none are left out', () => {
    const cores = [
      { chip: 0, core: 4, slices: [{ group: 'hidden', start: 20, end: 40 }] },
      { chip: 0, core: 5, slices: [{ group: 'hidden', start: 0, end: 16 }] },
    ]
    expect(fits(cores).messages).toEqual([])
    const dead = { ...LOIHI, deadCores: [{ chip: 0, core: 5 }] }
    expect(mistakeOf(() => fitChip(network, dead, { placement: { cores } }))).toEqual({
      code: 'PLACEMENT_CORE_UNKNOWN',
      field: 'options.placement.cores[1]',
    })
  })

  it('says which cores hold the same neurons', () => {
    const cores = [
      { chip: 0, core: 4, slices },
      { chip: 0, core: 9, slices: [{ group: 'hidden', start: 30, end: 40 }] },
    ]
    expect(() => fits(cores)).toThrow(
      'hidden: found hidden[30:32] on core 4 of chip 0 and on core 9 of chip 0, expected every unit of hidden on at most one core',
    )
  })
})

test.each([...chipProfileNames(), 'mesh:4x4'])('%s says of any network whether it fits', (name) => {
  const recurrent = defineNetwork({
    groups: { all: lif(3000, NEURON) },
    projections: [connect('all', 'all', fixedInDegree(20, 1))],
  })
  for (const network of [layered(20, 30, 4), layered(300, 600, 300), recurrent]) {
    const { fits, messages, groups, cores, available } = fitChip(network, chipProfile(name))
    if (fits) expect(cores.length).toBeLessThanOrEqual(available)
    else expect(messages).not.toEqual([])
    for (const { cores: many, message } of groups) expect(message === null).toBe(many === 1)
  }
})
