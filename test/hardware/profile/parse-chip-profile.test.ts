import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseChip } from '../../../src/hardware/chip-file.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile, parseChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { mistakeOf } from '../../network/mistake-of.js'

const FILE = readFileSync(new URL('../../../chips/loihi.json', import.meta.url), 'utf8')
const LOIHI = JSON.parse(FILE)
const SOURCED = { provenance: 'assumed', source: 'a test' }
const SMALL = {
  ...{ format: 'antidrome-chip', version: 1, name: 'small' },
  chip: { topology: 'mesh', columns: 2, rows: 1, ...SOURCED },
  chips: { topology: 'mesh', ...SOURCED },
  routing: { order: 'xy', multicast: false, ...SOURCED },
  time: { mode: 'continuous' },
}

/** The value at `path`, such as `core.neurons`, replaced; undefined: removed. */
function changed(record: object, path: string, value: unknown): string {
  const copy = structuredClone(record) as Record<string, unknown>
  const names = path.split('.')
  const last = names.pop() as string
  let part = copy
  for (const name of names) part = part[name] as Record<string, unknown>
  part[last] = value
  return JSON.stringify(copy)
}

test('what is left out is unknown', () => {
  const profile = parseChipProfile(JSON.stringify(SMALL))
  expect(profile.chip).toMatchObject({ coresPerTile: 1, tileOrder: 'row-major', sharedSynapseBits: null })
  expect(profile.chips).toMatchObject({ columns: 1, rows: 1 })
  expect(profile.core).toEqual({
    ...{ neurons: null, synapses: null, axonsIn: null, axonsOut: null, axonsOutPerUnit: null },
  })
  expect(profile.energy.synapse).toBe(null)
  expect(profile.time).toEqual({
    mode: 'continuous',
    tick: null,
    speedup: null,
    step: null,
    barrier: [],
    tileBarrier: [],
  })
  expect(defineChipProfile(profile)).toEqual(profile)
})

type Refused = readonly [path: string, value: unknown, code: string, field: string, words?: string]
const REFUSED: readonly Refused[] = [
  ['format', 'antidrome-network', 'CHIP_FORMAT', 'format'],
  ['format', undefined, 'FIELD_MISSING', 'format'],
  ['version', 2, 'CHIP_VERSION', 'version', 'The file is for a later antidrome: update this one.'],
  ['version', '1', 'CHIP_VERSION', 'version'],
  ['version', undefined, 'FIELD_MISSING', 'version'],
  ['name', undefined, 'FIELD_MISSING', 'name'],
  ['name', '', 'CHIP_INVALID', 'name'],
  [
    'name',
    'a\u001b[2Jb',
    'CHIP_INVALID',
    'name',
    'found "a\\u001b[2Jb", expected words of characters that can be seen',
  ],
  ['name', 'a\nb', 'CHIP_INVALID', 'name', 'found "a\\nb"'],
  ['name', 'a\u202eb', 'CHIP_INVALID', 'name', 'found "a\\u202eb"'],
  ['name', 'x'.repeat(65), 'CHIP_INVALID', 'name', 'found a name of 65 characters, expected at most 64'],
  ['enrgy', {}, 'FIELD_UNKNOWN', 'enrgy', 'Did you mean "energy"?'],
  ['energy.synapze', null, 'FIELD_UNKNOWN', 'energy.synapze', 'Did you mean "synapse"?'],
  ['chip', undefined, 'FIELD_MISSING', 'chip'],
  ['chip.columns', 0, 'CHIP_INVALID', 'chip.columns'],
  ['chip.coresPerTile', 0, 'CHIP_INVALID', 'chip.coresPerTile', 'an integer from 1'],
  ['chip.rows', '4', 'FIELD_TYPE', 'chip.rows'],
  ['chip.columns', 2 ** 52, 'CHIP_CONTRADICTION', 'chip'],
  ['chip.source', undefined, 'FIELD_MISSING', 'chip.source'],
  ['chip.topology', 'ring', 'OPTION_OUT_OF_RANGE', 'chip.topology'],
  ['chip.topology', 'crossbar', 'CHIP_CONTRADICTION', 'chip'],
  ['routing.order', 'longestFirst', 'CHIP_CONTRADICTION', 'routing.order'],
  ['routing.multicast', 1, 'FIELD_TYPE', 'routing.multicast'],
  ['energy.synapse', 23.6, 'FIELD_TYPE', 'energy.synapse', 'a figure, {"value": …, "unit": "pJ"'],
  ['energy.synapse.unit', undefined, 'FIELD_MISSING', 'energy.synapse.unit', 'expected "pJ"'],
  ['energy.synapse.unit', 'fJ', 'CHIP_UNIT', 'energy.synapse.unit', '23.6 fJ is 0.0236 pJ.'],
  ['energy.synapse.unit', 'nJ', 'CHIP_UNIT', 'energy.synapse.unit', '23.6 nJ is 23600 pJ.'],
  ['energy.synapse.unit', 'J', 'CHIP_UNIT', 'energy.synapse.unit', '23.6 J is 23600000000000 pJ.'],
  ['energy.synapse.unit', 'ns', 'CHIP_UNIT', 'energy.synapse.unit', 'Give the figure in pJ.'],
  ['noise.jitter', { value: 0.01, unit: 'ms', ...SOURCED }, 'CHIP_UNIT', 'noise.jitter.unit'],
  ['noise.spikeLoss', { value: 1.5, unit: '1', ...SOURCED }, 'CHIP_INVALID', 'noise.spikeLoss.value'],
  ['noise.weightMismatch', { value: -1, unit: '1', ...SOURCED }, 'CHIP_INVALID', 'noise.weightMismatch.value'],
  ['latency.hopX', { value: 1e308, unit: 'ns', ...SOURCED }, 'CHIP_INVALID', 'latency.hopX.value', 'from 0 to 1e100'],
  ['noise.jiter', null, 'FIELD_UNKNOWN', 'noise.jiter'],
  ['latency.hopX.unit', 'ms', 'CHIP_UNIT', 'latency.hopX.unit', '4.1 ms is 4100000 ns.'],
  ['core.synapses.bits.unit', 'kbit', 'CHIP_UNIT', 'core.synapses.bits.unit', '1048576 kbit is 1048576000 bit.'],
  ['core.neurons.unit', 'axons', 'CHIP_UNIT', 'core.neurons.unit', 'Give the figure in neurons.'],
  ['energy.synapse.value', undefined, 'FIELD_MISSING', 'energy.synapse.value'],
  ['energy.synapse.value', null, 'FIELD_TYPE', 'energy.synapse.value'],
  ['energy.synapse.value', -1, 'CHIP_INVALID', 'energy.synapse.value', 'give null'],
  ['core.neurons.value', 0, 'CHIP_INVALID', 'core.neurons.value'],
  ['core.neurons.value', 1.5, 'CHIP_INVALID', 'core.neurons.value'],
  ['energy.synapse.provenance', undefined, 'FIELD_MISSING', 'energy.synapse.provenance'],
  ['energy.synapse.provenance', 'guessed', 'OPTION_OUT_OF_RANGE', 'energy.synapse.provenance'],
  ['energy.synapse.stage', undefined, 'FIELD_MISSING', 'energy.synapse.stage'],
  ['energy.synapse.kind', undefined, 'FIELD_MISSING', 'energy.synapse.kind'],
  ['energy.synapse.kind', 'peak', 'OPTION_OUT_OF_RANGE', 'energy.synapse.kind'],
  ['energy.synapse.bound', 'above', 'OPTION_OUT_OF_RANGE', 'energy.synapse.bound'],
  ['energy.synapse.secondary', false, 'FIELD_TYPE', 'energy.synapse.secondary'],
  ['energy.synapse.source', ' ', 'CHIP_INVALID', 'energy.synapse.source'],
  ['core.neurons.kind', 'marginal', 'FIELD_UNKNOWN', 'core.neurons.kind'],
  [
    'energy.synapse',
    { ...LOIHI.energy.synapse, bound: 'atLeast', range: [20, 30] },
    'CHIP_CONTRADICTION',
    'energy.synapse',
    'a bound and a range',
  ],
  ['energy.synapse.range', [30, 20], 'CHIP_CONTRADICTION', 'energy.synapse.range'],
  ['energy.synapse.range', [30, 40], 'CHIP_CONTRADICTION', 'energy.synapse.value'],
  ['energy.synapse.range', [20], 'FIELD_TYPE', 'energy.synapse.range'],
  ['energy.synapse.range', [-1, 40], 'CHIP_INVALID', 'energy.synapse.range[0]'],
  [
    'energy.spikeOut',
    { includedIn: 'packetOut', source: 'a test' },
    'CHIP_CONTRADICTION',
    'energy.spikeOut.includedIn',
  ],
  ['energy.spikeOut', { includedIn: 'spikeOut', source: 'a test' }, 'CHIP_CONTRADICTION', 'energy.spikeOut.includedIn'],
  ['energy.spikeOut', { includedIn: 'synapse' }, 'FIELD_MISSING', 'energy.spikeOut.source'],
  ['energy.spikeOut', { includedIn: 'synapse', value: 3 }, 'FIELD_UNKNOWN', 'energy.spikeOut.value'],
  ['core.neurons', { includedIn: 'synapses', source: 'a test' }, 'FIELD_UNKNOWN', 'core.neurons.includedIn'],
  ['core.synapses.kind', 'table', 'OPTION_OUT_OF_RANGE', 'core.synapses.kind'],
  ['core.synapses.kind', undefined, 'FIELD_MISSING', 'core.synapses.kind'],
  ['core.synapses.rows', null, 'FIELD_UNKNOWN', 'core.synapses.rows'],
  ['formats.delayMinTicks.value', 63, 'CHIP_CONTRADICTION', 'formats.delayMinTicks'],
  // 6 bits tell 64 delays apart, from 1 tick on.
  ['formats.delayMaxTicks.value', 65, 'CHIP_CONTRADICTION', 'formats.delayMaxTicks', 'at most 64 ticks'],
  [
    'core.axonsOutPerUnit',
    { value: 4097, unit: 'axons', ...SOURCED },
    'CHIP_CONTRADICTION',
    'core.axonsOutPerUnit',
    'at most 4096',
  ],
  ['formats.weightLevels.value', 513, 'CHIP_CONTRADICTION', 'formats.weightLevels'],
  ['time.tick', null, 'CHIP_CONTRADICTION', 'time.tick'],
  ['time.mode', 'continuous', 'CHIP_CONTRADICTION', 'time.tick'],
  ['time.tick.value', 0, 'CHIP_INVALID', 'time.tick.value'],
  ['time.barrier.1.chips', 1, 'CHIP_CONTRADICTION', 'time.barrier[1].chips'],
  [
    'time.tileBarrier',
    [
      { tiles: 2, time: null },
      { tiles: 2, time: null },
    ],
    'CHIP_CONTRADICTION',
    'time.tileBarrier[1].tiles',
    '2 after 2',
  ],
  ['deadCores', [{ chip: 0, core: 128 }], 'CHIP_CONTRADICTION', 'deadCores[0].core'],
  ['deadCores', [{ chip: 1, core: 0 }], 'CHIP_CONTRADICTION', 'deadCores[0].chip'],
  [
    'deadCores',
    [
      { chip: 0, core: 1 },
      { chip: 0, core: 1 },
    ],
    'CHIP_CONTRADICTION',
    'deadCores[1]',
  ],
  ['deadLinks', [{ x: 8, y: 0, towards: 'east' }], 'CHIP_CONTRADICTION', 'deadLinks[0].x'],
  ['deadLinks', [{ x: 0, y: 0, towards: 'northeast' }], 'CHIP_CONTRADICTION', 'deadLinks[0].towards'],
  ['deadLinks', [{ x: 0, y: 0, towards: 'west' }], 'OPTION_OUT_OF_RANGE', 'deadLinks[0].towards'],
]

test.each(REFUSED.map((refused) => ({ refused, path: refused[0], code: refused[2] })))(
  '$path: $code',
  ({ refused }) => {
    const [path, value, code, field, words = 'found'] = refused
    const text = changed(LOIHI, path, value)
    expect(mistakeOf(() => parseChipProfile(text, 'chip.json'))).toEqual({ code, field })
    expect(() => parseChipProfile(text, 'chip.json')).toThrow(`chip.json: ${field}: found `)
    expect(() => parseChipProfile(text)).toThrow(words)
  },
)

test('a number that JSON cannot hold is refused', () => {
  const endless = FILE.replace('"value": 23.6', '"value": 1e999')
  expect(mistakeOf(() => parseChipProfile(endless))).toEqual({
    code: 'NUMBER_NOT_FINITE',
    field: 'energy.synapse.value',
  })
  const none = FILE.replace('"value": 23.6', '"value": NaN')
  expect(mistakeOf(() => parseChipProfile(none)).code).toBe('JSON_INVALID')
  const loihi = chipProfile('loihi')
  const energy = { ...loihi.energy, synapse: { ...(loihi.energy.synapse as object), value: Number.NaN } }
  expect(mistakeOf(() => defineChipProfile({ ...loihi, energy } as never))).toEqual({
    ...{ code: 'NUMBER_NOT_FINITE', field: 'energy.synapse.value' },
  })
})

test('a mesh, read as such, does not take a whole profile for one', () => {
  expect(mistakeOf(() => parseChip(FILE))).toEqual({ code: 'CHIP_FORMAT', field: 'format' })
  expect(() => parseChip(FILE)).toThrow('parseChipProfile reads profiles of chips.')
})
