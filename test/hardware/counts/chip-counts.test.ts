import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import { placeOnChip } from '../../../src/hardware/chip-placement/place-on-chip.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import type { Tally } from '../../../src/hardware/tally/tally.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense, fixedInDegree, perSource, synapses } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { casesOf } from '../../support/cases-of.js'
import { denseLayers } from '../chip-placement/small-networks.js'
import { arbitraryRun } from './arbitrary-run.js'
import { walkRun } from './walked-counts.js'

const SEED = 5
const LOIHI = chipProfile('loihi-silicon')
const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

describe('the counts of a run', () => {
  it('are those of walking with every spike', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const { network, placement, profile, tally } = run
        const { forward, backward, update } = chipCounts(network, placement, profile, tally, { seed: SEED })
        expect({ forward, backward, update }).toMatchObject(walkRun(run, SEED))
      }),
      { numRuns: casesOf({ short: 20, long: 400 }), seed: 91 },
    )
  })

  it('of cores make up those of the chip', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ network, placement, profile, tally }) => {
        const { forward, cores } = chipCounts(network, placement, profile, tally, { seed: SEED })
        const sum = (count: (core: (typeof cores)[number]) => number) =>
          cores.reduce((all, core) => all + count(core), 0)
        expect(cores.map(({ chip, core }) => ({ chip, core }))).toEqual(
          placement.cores.map(({ chip, core }) => ({ chip, core })),
        )
        expect(sum((core) => core.synapticEvents)).toBe(forward.synapticEvents)
        expect(sum((core) => core.neuronSpikes)).toBe(forward.neuronSpikes)
        expect(sum((core) => core.packetsOut)).toBe(forward.sent)
        expect(sum((core) => core.packetsIn)).toBe(
          Object.values(forward.packets).reduce((all, count) => all + count, 0),
        )
        for (const { neurons, neuronSteps } of cores)
          expect(neuronSteps.active + neuronSteps.idle).toBe(neurons * tally.steps)
      }),
      { numRuns: 8, seed: 92 },
    )
  })

  it('double with the spikes', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ network, placement, profile, tally }) => {
        const doubled = Object.entries(tally.spikes).map(([name, own]) => [
          name,
          Array.from(own as number[], (n) => 2 * n),
        ])
        const once = chipCounts(network, placement, profile, tally, { seed: SEED })
        const twice = chipCounts(
          network,
          placement,
          profile,
          { ...tally, spikes: Object.fromEntries(doubled) },
          { seed: SEED },
        )
        expect(twice.forward.sent).toBe(2 * once.forward.sent)
        expect(twice.backward.hops.east).toBe(2 * once.backward.hops.east)
        expect(twice.forward.synapticEvents).toBe(2 * once.forward.synapticEvents)
      }),
      { numRuns: 8, seed: 93 },
    )
  })
})

/** Two blocks of hidden neurons on two cores, readouts with the first of them. */
function readoutCase(profile = LOIHI) {
  const network = defineNetwork({
    groups: { input: source(2), hidden: lif(64, NEURON), output: li(3, { tauMem: 20, tauSyn: 5 }) },
    projections: [connect('input', 'hidden', dense(1)), connect('hidden', 'output', dense(1), { delay: 2 })],
  })
  const placement = defineChipPlacement(network, profile, [
    { chip: 0, core: 0, slices: [{ group: 'input', start: 0, end: 2 }] },
    {
      chip: 0,
      core: 1,
      slices: [
        { group: 'hidden', start: 0, end: 32 },
        { group: 'output', start: 0, end: 3 },
      ],
    },
    { chip: 0, core: 4, slices: [{ group: 'hidden', start: 32, end: 64 }] },
  ])
  const tally = { trials: 4, steps: 40, spikes: { input: 5, hidden: 1 }, activeSteps: { hidden: 3, output: [1, 2, 3] } }
  return { network, placement, tally }
}

test('readouts send a maximum per trial to the loss, which returns one for each', () => {
  const { network, placement, tally } = readoutCase()
  const { loss } = chipCounts(network, placement, LOIHI, tally)
  expect(loss.groups).toEqual(['output'])
  expect(loss.spikes.sent).toBe(0)
  expect(loss.maxima).toMatchObject({ values: 12, packets: { inCore: 12, inTile: 0 } })
  expect(loss.gradients).toMatchObject({ values: 12, packets: { inCore: 12 } })
})

test('spikes go to the loss on the core of the first slice of their group, and a value comes back for each', () => {
  const { network, placement, tally } = readoutCase()
  const { loss } = chipCounts(network, placement, LOIHI, tally, { loss: ['hidden'] })
  expect(loss.spikes).toMatchObject({ sent: 64, packets: { inCore: 32, betweenTiles: 32 }, hops: { south: 32 } })
  expect(loss.gradients).toMatchObject({ values: 64, hops: { north: 32 } })
  expect(loss.maxima.values).toBe(0)
})

test('a value takes as many packets as its 32 bits need payloads, and bytes are counted with them', () => {
  const figure = { unit: 'bit', provenance: 'assumed', source: 'a test' } as const
  const profile = defineChipProfile({
    ...LOIHI,
    formats: { ...LOIHI.formats, payloadBits: { ...figure, value: 16 } },
  })
  const { network, placement, tally } = readoutCase(profile)
  const { forward, backward } = chipCounts(network, placement, profile, tally)
  expect(forward.bytes).toEqual({ inCore: 128, inTile: 40, betweenTiles: 168, betweenChips: 0 })
  expect(backward).toMatchObject({ values: 64, sent: 128, packetBits: 48 })
  expect(backward.bytes).toEqual({ inCore: 384, inTile: 0, betweenTiles: 384, betweenChips: 0 })
  const unknown = chipCounts(
    network,
    placement,
    { ...profile, formats: { ...profile.formats, packetBits: null } },
    tally,
  )
  expect(unknown.forward.bytes.inCore).toBeNull()
})

test('a synapse of weight 0 is a target, a pair without one is not', () => {
  const weights = [
    [1, null],
    [0, 1],
    [1, 0],
  ]
  const network = defineNetwork({
    groups: { input: source(2), out: lif(3, NEURON) },
    projections: [
      connect('input', 'out', dense(weights)),
      connect(
        'input',
        'out',
        synapses([
          [0, 0, 0],
          [0, 1, 0],
          [0, 2, 0],
        ]),
      ),
    ],
  })
  const slices = network.groups.map(({ name: group, size: end }) => ({ group, start: 0, end }))
  const placement = defineChipPlacement(network, LOIHI, [{ chip: 0, core: 0, slices }])
  const tally = { trials: 1, steps: 10, spikes: { input: [3, 7], out: 0 }, activeSteps: { out: 3 } }
  const { forward, zeroEvents, network: size } = chipCounts(network, placement, LOIHI, tally)
  expect(forward).toMatchObject({ sent: 10, synapticEvents: 3 * 3 + 2 * 7 + 9, spikes: 10 })
  expect(zeroEvents).toBe(3 + 7 + 9)
  expect(size).toMatchObject({ synapses: 8, zeroWeights: 5, pairs: 12, neurons: 3, spiking: 3 })
})

test('a packet that is copied on its way leaves once, and takes links that its ways share once', () => {
  const profile = chipProfile('spinnaker2')
  const network = defineNetwork({
    groups: { a: source(1), b: lif(96, NEURON) },
    projections: [connect('a', 'b', dense(1))],
  })
  // Tiles 1, 2 and 21 = (2, 1), of 4 cores each in rows of 19.
  const placement = defineChipPlacement(network, profile, [
    { chip: 0, core: 0, slices: [{ group: 'a', start: 0, end: 1 }] },
    ...[4, 8, 84].map((core, k) => ({ chip: 0, core, slices: [{ group: 'b', start: 32 * k, end: 32 * k + 32 }] })),
  ])
  const tally = { trials: 1, steps: 10, spikes: { a: 5, b: 0 }, activeSteps: { b: 5 } }
  expect(chipCounts(network, placement, profile, tally).forward).toMatchObject({
    ...{ sent: 5, packets: { betweenTiles: 15 } },
    ...{ hops: { east: 25, north: 5 }, linkCrossings: { east: 10, north: 5 } },
  })
})

test('a core returns for a spike a value for each whole subtree of the blocks that it holds', () => {
  const network = defineNetwork({
    groups: { a: lif(1, NEURON), b: lif(128, NEURON) },
    projections: [connect('a', 'b', dense(1))],
  })
  // Of the four blocks the second, and the pair of the third and fourth.
  const placement = defineChipPlacement(network, LOIHI, [
    {
      chip: 0,
      core: 0,
      slices: [
        { group: 'a', start: 0, end: 1 },
        { group: 'b', start: 0, end: 32 },
      ],
    },
    { chip: 0, core: 4, slices: [{ group: 'b', start: 32, end: 128 }] },
  ])
  const tally = { trials: 1, steps: 10, spikes: { a: 5, b: 0 }, activeSteps: { a: 0, b: 5 } }
  const { backward } = chipCounts(network, placement, LOIHI, tally)
  expect(backward).toMatchObject({
    spikes: 5,
    values: 15,
    packets: { inCore: 5, betweenTiles: 10 },
    hops: { south: 10 },
  })
})

test('parameters are weights, delays and the numbers of neurons', () => {
  const network = defineNetwork({
    groups: { input: source(4), out: lif(3, NEURON), read: li(2, { tauMem: [1, 2], tauSyn: 5 }) },
    projections: [
      connect(
        'input',
        'out',
        synapses([
          [0, 0, 1],
          [1, 2, 1],
        ]),
        { delay: perSource(1) },
      ),
      connect('out', 'read', fixedInDegree(2, 1), { delay: 1 }),
    ],
  })
  const placement = defineChipPlacement(network, LOIHI, [
    { chip: 0, core: 0, slices: network.groups.map(({ name: group, size: end }) => ({ group, start: 0, end })) },
  ])
  const tally = { trials: 1, steps: 1, spikes: { input: 0, out: 0 }, activeSteps: { out: 0, read: 0 } }
  const taus = 3 + 3
  expect(chipCounts(network, placement, LOIHI, tally).network.parameters).toBe(2 + 4 + 4 + 1 + 9 + 2 + taus)
})

describe('a tally that cannot be', () => {
  const { network, placement, tally } = readoutCase()
  const counted = (changed: Partial<Tally>, options = {}) =>
    mistakeOf(() => chipCounts(network as Network, placement, LOIHI, { ...tally, ...changed } as Tally, options))

  it.each<[string, Partial<Tally>, string, string]>([
    ['leaves out a group', { spikes: { hidden: 1 } }, 'TALLY_GROUP', 'tally.spikes.input'],
    ['leaves out neurons', { activeSteps: { hidden: 1 } }, 'TALLY_GROUP', 'tally.activeSteps.output'],
    ['names a stranger', { spikes: { ...tally.spikes, other: 1 } }, 'GROUP_UNKNOWN', 'tally.spikes.other'],
    ['is of another size', { spikes: { input: [1], hidden: 1 } }, 'SHAPE_MISMATCH', 'tally.spikes.input'],
    ['is active without end', { activeSteps: { hidden: 41, output: 0 } }, 'TALLY_STEPS', 'tally.activeSteps.hidden'],
    ['has other steps than the chip', { tickMs: 0.5 }, 'TALLY_TICK', 'tally.tickMs'],
    ['has no steps', { steps: 0 }, 'OPTION_OUT_OF_RANGE', 'tally.steps'],
  ])('%s', (_, changed, code, field) => {
    expect(counted(changed)).toMatchObject({ code, field })
  })

  it('or a loss that looks at a source', () => {
    expect(counted({}, { loss: ['input'] })).toMatchObject({ code: 'LOSS_GROUP', field: 'options.loss[0]' })
  })
})

test('chips are told apart', () => {
  const profile = withChips(LOIHI, { columns: 2, rows: 1 })
  const network = defineNetwork({
    groups: { a: source(1), b: lif(1, NEURON) },
    projections: [connect('a', 'b', dense(1))],
  })
  const placement = defineChipPlacement(network, profile, [
    { chip: 0, core: 0, slices: [{ group: 'a', start: 0, end: 1 }] },
    { chip: 1, core: 0, slices: [{ group: 'b', start: 0, end: 1 }] },
  ])
  const tally = { trials: 1, steps: 5, spikes: { a: 2, b: 0 }, activeSteps: { b: 2 } }
  const { forward, placement: used } = chipCounts(network, placement, profile, tally)
  expect(forward).toMatchObject({ packets: { betweenChips: 2 }, hops: { east: 14, chip: 2 } })
  expect(used).toMatchObject({ coresUsed: 2, chipsUsed: 2 })
})

it('a value takes as much of a payload as it needs', () => {
  const network = denseLayers(40, 64, 3)
  const profile = chipProfile('spinnaker2')
  const placement = placeOnChip(network, profile, { seed: 1, neuronsPerCore: 64, effort: 'none' })
  const tally = { trials: 1, steps: 10, spikes: { g0: 1, g1: 1, g2: 1 }, activeSteps: { g1: 1, g2: 1 } }
  const { forward, backward } = chipCounts(network, placement, profile, tally)
  expect([profile.formats.payloadBits?.value, forward.packetBits, backward.packetBits]).toEqual([128, 40, 40 + 32])
})
