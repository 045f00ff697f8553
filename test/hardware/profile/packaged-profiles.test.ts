import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { mesh } from '../../../src/hardware/chip.js'
import { chipCount, coresPerChip } from '../../../src/hardware/profile/chip-profile.js'
import { figureValue } from '../../../src/hardware/profile/figure.js'
import { formatChipProfile } from '../../../src/hardware/profile/format-chip-profile.js'
import { meshProfile } from '../../../src/hardware/profile/mesh-profile.js'
import { chipProfile, chipProfileNames, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { parseChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { mistakeOf } from '../../network/mistake-of.js'

const FOLDER = new URL('../../../chips/', import.meta.url)
const textOf = (name: string) => readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')

/** Numbers and words of a file that stand neither in a figure nor in a part that says where its facts come from. */
function unsourced(value: unknown, place: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [place]
  const record = value as Readonly<Record<string, unknown>>
  if (typeof record.source === 'string' && record.source.length > 5) {
    const isFact = 'includedIn' in record || typeof record.provenance === 'string'
    return isFact ? [] : [place]
  }
  return Object.entries(record).flatMap(([name, entry]) => (entry === null ? [] : unsourced(entry, `${place}.${name}`)))
}

/** What is no fact about a chip. */
const PLAIN =
  /^\$\.(format|version|name|comments\.\d+|core\.synapses\.kind|time\.mode|time\.(barrier\.\d+\.chips|tileBarrier\.\d+\.tiles))$/

test('the profiles of the package are the files of its folder', () => {
  const names = ['brainscales2', 'loihi', 'loihi-silicon', 'loihi2', 'seneca', 'spinnaker', 'spinnaker2', 'truenorth']
  expect(readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''))).toEqual(expect.arrayContaining(names))
  expect([...chipProfileNames()].sort()).toEqual(names.sort())
  for (const name of names) expect(chipProfile(name)).toEqual(parseChipProfile(textOf(name)))
})

describe.each(chipProfileNames())('the profile %s', (name) => {
  it('says of every figure where it comes from', () => {
    expect(unsourced(JSON.parse(textOf(name)), '$').filter((place) => !PLAIN.test(place))).toEqual([])
  })

  it('is frozen, and names itself', () => {
    const profile = chipProfile(name)
    expect(profile.name).toBe(name)
    expect(Object.isFrozen(profile.energy.synapse) && Object.isFrozen(profile.chip)).toBe(true)
  })

  it('leaves out no field: what is unknown is null in the file', () => {
    const { format: _, version: __, ...fields } = JSON.parse(textOf(name))
    expect(chipProfile(name)).toEqual({ ...fields, deadCores: [], deadLinks: [] })
  })

  it('is the same after it was written and read', () => {
    const other = { ...chipProfile(name), name: 'other', deadCores: [{ chip: 0, core: 0 }] }
    expect(parseChipProfile(formatChipProfile(other))).toEqual(other)
  })

  it('knows no energy of training', () => {
    const { synapseBackward, weightUpdate } = chipProfile(name).energy
    expect([synapseBackward, weightUpdate]).toEqual([null, null])
  })
})

test('a figure without a source would be found', () => {
  expect(unsourced({ energy: { synapse: { value: 1, unit: 'pJ', source: 'a paper' } }, size: 3 }, '$')).toEqual([
    '$.energy.synapse',
    '$.size',
  ])
})

test('published figures add up to what was measured of whole systems', () => {
  const value = (name: string, field: 'synapse' | 'staticPerChip' | 'staticPerActiveCore' | 'staticPerBoard') =>
    figureValue(chipProfile(name).energy[field]) as number
  // 2^20 neurons at 20 Hz with 128 synapses each; pJ per event and mW.
  const events = 2 ** 20 * 20 * 128
  const watts = value('truenorth', 'synapse') * 1e-12 * events + value('truenorth', 'staticPerChip')
  expect((watts / events) * 1e12).toBeCloseTo(26.3, 1)
  expect(watts * 1e3).toBeCloseTo(70.6, 1)
  const board = 48 * value('spinnaker', 'staticPerChip') + value('spinnaker', 'staticPerBoard')
  expect(board).toBeCloseTo(31.9, 6)
  expect(board + 806 * value('spinnaker', 'staticPerActiveCore')).toBeCloseTo(59.3, 1)
  expect(value('loihi2', 'synapse')).toBeCloseTo(2600 / 380, 1)
})

test('figures are what their sources say', () => {
  const { core } = chipProfile('truenorth')
  expect([core.axonsOut?.value, core.axonsOutPerUnit?.value]).toEqual([256, 1])
  expect(chipProfile('seneca').energy.synapse).toMatchObject({ value: 2.8, stage: 'pre-silicon' })
  const { delayBits, delayMinTicks, delayMaxTicks } = chipProfile('spinnaker').formats
  expect([delayBits?.value, delayMinTicks?.value, delayMaxTicks?.value]).toEqual([4, 1, 16])
  const { latency, time } = chipProfile('loihi-silicon')
  const { synapse, ...rest } = latency
  expect(synapse).toMatchObject({ value: 3.8, range: [3.8, 4.7] })
  expect(Object.fromEntries(Object.entries(rest).map(([name, figure]) => [name, figureValue(figure)]))).toEqual({
    ...{ idle: 6, neuronUpdate: 3.7, spikeOut: 30, packetOut: 5.1, packetIn: 16 },
    ...{ spikeInTile: 0, hopX: 4.1, hopY: 6.5, chipCrossing: null },
  })
  expect(time.tileBarrier.map(({ tiles, time: each }) => [tiles, each?.value])).toEqual([
    ...[
      [1, 600],
      [2, 1000],
      [4, 1400],
      [29, 1800],
    ],
  ])
})

describe('a mesh as a profile', () => {
  it('has the limits of the mesh and knows nothing else', () => {
    const profile = meshProfile(mesh({ columns: 3, rows: 2, neuronsPerCore: 64, synapsesPerCore: 500 }))
    expect(profile.name).toBe('mesh:3x2')
    expect([coresPerChip(profile), chipCount(profile)]).toEqual([6, 1])
    expect(profile.core).toMatchObject({
      ...{ neurons: { value: 64, unit: 'neurons' }, axonsIn: null, axonsOut: null, axonsOutPerUnit: null },
      synapses: { kind: 'count', synapses: { value: 500, unit: 'synapses' } },
    })
    expect(new Set(Object.values(profile.energy))).toEqual(new Set([null]))
    const file = '{"columns":3,"rows":2,"neuronsPerCore":64,"synapsesPerCore":500}'
    expect(parseChipProfile(file)).toEqual(profile)
  })

  it('has no limits where none are given', () => {
    expect(chipProfile('mesh:4x5')).toEqual(meshProfile(mesh({ columns: 4, rows: 5 })))
    expect(chipProfile('mesh:4x5').core).toEqual({
      ...{ neurons: null, synapses: null, axonsIn: null, axonsOut: null, axonsOutPerUnit: null },
    })
  })
})

it('puts as many chips beside each other as one asks for', () => {
  const board = withChips(chipProfile('loihi'), { columns: 4, rows: 2 })
  expect([coresPerChip(board), chipCount(board)]).toEqual([128, 8])
  expect(board.chips).toMatchObject({ columns: 4, rows: 2, topology: 'mesh' })
  expect(mistakeOf(() => withChips(board, { columns: 0, rows: 1 }))).toEqual({
    code: 'CHIP_INVALID',
    field: 'chips.columns',
  })
})

test.each(['toString', 'mesh:0x1', 'mesh:2', '', 'Loihi3'])(
  '"%s" is no chip, and those that are, are named',
  (name) => {
    expect(mistakeOf(() => chipProfile(name))).toEqual({ code: 'CHIP_UNKNOWN', field: 'chip' })
    expect(() => chipProfile(name)).toThrow('one of brainscales2, loihi, loihi-silicon, loihi2, seneca')
  },
)

test('a name that is nearly one is told with the one that was meant', () => {
  expect(() => chipProfile('spinaker2')).toThrow('Did you mean "spinnaker2"?')
})
