import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { chipFormats } from '../../../src/hardware/formats/chip-formats.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { chipProfile, chipProfileNames } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { tallyOf } from '../../../src/hardware/tally/tally-of.js'
import { readDeviceNoise } from '../../../src/learning/noise/read-noise.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { mistakeOf } from '../../network/mistake-of.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const network = defineNetwork({
  groups: { in: source(3), a: lif(4, LIF), out: lif(2, LIF) },
  projections: [
    connect('in', 'a', dense(4), { delay: 70 }),
    connect('a', 'out', dense(-2), { delay: 1.4 }),
    connect('in', 'out', dense(1.5)),
  ],
})
const RANGES = { 'in->a': 4, 'a->out': 2, 'in->out': 1.5 }
const recurrent = defineNetwork({
  groups: { in: source(1), a: lif(4, LIF) },
  projections: [connect('in', 'a', dense(4), { delay: 2 }), connect('a', 'a', dense(-1), { delay: 3 })],
})
const formatsOf = (name: string) => chipFormats(network, chipProfile(name))

function withFigures(name: string, figures: Readonly<Record<string, number | null>>): ChipProfile {
  const chip = chipProfile(name)
  const changed = Object.entries(figures).map(([field, value]) => {
    const unit = { weightLevels: 'levels', delayMaxTicks: 'ticks', delayMinTicks: 'ticks' }[field] ?? 'bit'
    return [field, value === null ? null : { value, unit, provenance: 'assumed', source: 'for a test' }]
  })
  return defineChipProfile({ ...chip, formats: { ...chip.formats, ...Object.fromEntries(changed) } })
}

const THRESHOLDS = { format: 'thresholds', why: 'unknown' }

test.each([
  ['loihi', { weightLevels: 511, delayStep: 1, delayMin: 1, delayMax: 62, tick: 1 }, ['weights', 'delays', 'ticks']],
  [
    'spinnaker',
    { weightLevels: 65536, delayStep: 1, delayMin: 1, delayMax: 16, tick: 1 },
    ['weights', 'delays', 'ticks'],
  ],
  [
    'truenorth',
    { weightLevels: 512, delayStep: 1, delayMin: 1, delayMax: 15, tick: 1 },
    ['9-bit weights, not the four per neuron', 'delays', 'ticks'],
  ],
  ['brainscales2', { weightLevels: 127, delayMax: 0 }, ['weights', 'delays']],
  ['seneca', { weightBits: 8, delayMax: 0 }, ['weights', 'delays']],
])('the formats of %s are those of its profile', (name, noise, applied) => {
  const found = formatsOf(name)
  expect(found.noise).toEqual({ ...noise, weightRange: RANGES })
  expect(found.applied).toEqual(applied)
  expect(found.notApplied).toEqual([THRESHOLDS])
  expect(Object.assign({}, ...found.formats.map((each) => each.noise))).toEqual(noise)
})

test('what a profile does not know is named', () => {
  expect(formatsOf('spinnaker2')).toMatchObject({ noise: { tick: 1 }, applied: ['ticks'] })
  expect(formatsOf('spinnaker2').notApplied.map(({ format }) => format)).toEqual(['weights', 'delays', 'thresholds'])
  expect(formatsOf('loihi2').notApplied.map(({ format }) => format)).toEqual(['delays', 'thresholds'])
  expect(chipFormats(network, chipProfile('mesh:2x2'))).toEqual({
    ...{ noise: {}, applied: [], formats: [] },
    notApplied: ['weights', 'delays', 'thresholds'].map((format) => ({ format, why: 'unknown' })),
  })
})

describe('a profile of one’s own', () => {
  test('may know bits of thresholds, and none of levels', () => {
    const chip = withFigures('loihi', { thresholdBits: 12, weightLevels: null, weightBits: 4, decayBits: 12 })
    const { noise, applied, notApplied } = chipFormats(network, chip)
    expect(noise).toMatchObject({ thresholdBits: 12, weightBits: 4, thresholdRange: { a: 1, out: 1 } })
    expect(noise).not.toHaveProperty('weightLevels')
    expect(applied).toEqual(['weights', 'delays', 'thresholds', 'ticks'])
    expect(notApplied).toEqual([{ format: 'decays', why: expect.stringContaining('12 bits') }])
  })

  test('may know the shortest delay alone', () => {
    const { noise, applied } = chipFormats(network, withFigures('loihi', { delayMinTicks: 2, delayMaxTicks: null }))
    expect(noise).toMatchObject({ delayStep: 1, delayMin: 2 })
    expect(noise).not.toHaveProperty('delayMax')
    expect(applied).toContain('delays (the longest one is unknown)')
    const none = chipFormats(network, withFigures('loihi', { delayMinTicks: null, delayMaxTicks: null }))
    expect(none.notApplied).toContainEqual({ format: 'delays', why: 'unknown' })
  })

  test.each([
    [{ weightLevels: null, weightBits: 64 }, 'weights (32 bits of 64)', { weightBits: 32 }],
    [{ weightBits: null, weightLevels: 2 ** 40 }, 'weights (32 bits of 40)', { weightLevels: 2 ** 32 }],
    [{ weightLevels: null, weightBits: 32 }, 'weights', { weightBits: 32 }],
    [{ thresholdBits: 48 }, 'thresholds (32 bits of 48)', { thresholdBits: 32 }],
  ])('with %o says how much of it is applied', (figures, label, noise) => {
    const found = chipFormats(network, withFigures('loihi', figures))
    expect(found.applied).toContain(label)
    expect(found.noise).toMatchObject(noise)
    expect(() => readDeviceNoise(network, { seed: 0, ...found.noise })).not.toThrow()
  })

  test('may have so few bits that they are none', () => {
    const { notApplied } = chipFormats(network, withFigures('loihi', { thresholdBits: 1, decayBits: 1 }))
    expect(notApplied).toEqual([
      { format: 'thresholds', why: '1 bit leaves every threshold at 0' },
      { format: 'decays', why: '1 bit; time constants stay as they are' },
    ])
  })

  test('has delays from one tick on where it does not say from how many', () => {
    const shortest = (ticks: number | null) =>
      chipFormats(network, withFigures('loihi', { delayMinTicks: ticks })).noise
    expect([null, 0, 3].map((ticks) => shortest(ticks).delayMin)).toEqual([1, 0, 3])
  })

  test.each([
    ['loihi', { thresholdBits: 1 }, 'thresholds', '1 bit leaves every threshold at 0'],
    [
      'brainscales2',
      { delayBits: null, delayMinTicks: 1, delayMaxTicks: 15 },
      'delays',
      'from 1 to 15 ticks, which have no length',
    ],
  ] as const)('of %s with %o has %s that are not applied', (name, figures, format, why) => {
    const { formats, notApplied } = chipFormats(network, withFigures(name, figures))
    expect(notApplied).toContainEqual({ format, why: expect.stringContaining(why) })
    expect(formats.map((each) => each.format)).not.toContain(format)
  })

  test.each([
    [{ weightLevels: null, weightBits: 1 }, 'formats.weightBits'],
    [{ weightLevels: 2 }, 'formats.weightLevels'],
  ])('with %o is refused, for it leaves no weights', (figures, field) => {
    expect(mistakeOf(() => chipFormats(network, withFigures('loihi', figures)))).toEqual({
      code: 'FORMAT_LEVELS',
      field,
    })
  })
})

test('a chip without delays is refused for cycles that have some', () => {
  const refused = () => chipFormats(recurrent, chipProfile('brainscales2'))
  expect(mistakeOf(refused)).toEqual({ code: 'CHIP_DELAYS', field: 'projections.a->a.delays' })
  expect(refused).toThrow('3 ms')
  expect(refused).toThrow('brainscales2')
  expect(chipFormats(recurrent, chipProfile('loihi')).applied).toContain('delays')
  const varied = defineNetwork({
    groups: { in: source(1), a: lif(2, LIF) },
    projections: [
      connect('in', 'a', dense(4)),
      connect('a', 'a', dense(-1), {
        delay: perSynapse([
          [0, 0],
          [0, 2],
        ]),
      }),
    ],
  })
  expect(() => chipFormats(varied, chipProfile('brainscales2'))).toThrow('delays of up to 2 ms on a cycle')
  const direct = defineNetwork({
    groups: { in: source(1), a: lif(4, LIF) },
    projections: [connect('in', 'a', dense(4), { delay: 2 }), connect('a', 'a', dense(-1))],
  })
  expect(chipFormats(direct, chipProfile('brainscales2')).noise.delayMax).toBe(0)
})

test.each(chipProfileNames())('a device may have the formats of %s', (name) => {
  expect(() => readDeviceNoise(network, { seed: 0, ...formatsOf(name).noise })).not.toThrow()
})

test('spikes arrive in the steps that a tally counts', async () => {
  const chip = chipProfile('loihi')
  const quick = defineNetwork({
    groups: { in: source(1), a: lif(1, LIF) },
    projections: [connect('in', 'a', dense(30), { delay: 1.4 })],
  })
  await using session = await open(quick, { seed: 1 })
  const trials = { count: 1, until: 30, inputs: { in: trainsOf([[{ time: 2.3, unit: 0 }]]) } }
  const { spikes } = await session.simulate(trials, { noise: { seed: 0, ...chipFormats(quick, chip).noise } })
  // Sent in step 3, it arrives one step later, and the neuron spikes behind that.
  const first = spikes.a?.times[0] as number
  expect(first).toBeGreaterThan(4)
  expect(first).toBeLessThan(5)
  const tally = tallyOf({ ...trials.inputs, a: trainsOf([[]]) }, quick, { tickMs: 1, until: 30 })
  expect(tally.activeSteps.a).toEqual(Float64Array.of(1))
})
