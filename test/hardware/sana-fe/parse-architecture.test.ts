import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { InputError } from '../../../src/events/errors.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import { figureValue } from '../../../src/hardware/profile/figure.js'
import { formatChipProfile } from '../../../src/hardware/profile/format-chip-profile.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { parseChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { chipReport } from '../../../src/hardware/report/report-chip.js'
import { parseSanaFeArchitecture } from '../../../src/hardware/sana-fe/parse-architecture.js'
import { tallyOf } from '../../../src/hardware/tally/tally-of.js'
import { chipTiming } from '../../../src/hardware/timing/simple-timing.js'
import { casesOf } from '../../support/cases-of.js'
import { scriptedCase } from '../counts/scripted-case.js'
import { architectureText } from './architecture-text.js'

const LOIHI = chipProfile('loihi-silicon')
const TEXT = architectureText()

describe('an architecture of SANA-FE', () => {
  it('gives the layout, energies, latencies and barriers of Loihi', () => {
    const { profile, notExpressed } = parseSanaFeArchitecture(TEXT, 'arch.yaml')
    const valuesOf = (part: object) => Object.entries(part).map(([name, each]) => [name, figureValue(each)])
    expect(profile.name).toBe('a_chip')
    expect(profile.chip).toMatchObject({ columns: 8, rows: 4, coresPerTile: 4, tileOrder: 'column-major' })
    expect(valuesOf(profile.energy)).toEqual(valuesOf(LOIHI.energy))
    expect(valuesOf(profile.latency)).toEqual(valuesOf(LOIHI.latency))
    expect(profile.core.neurons?.value).toBe(1024)
    expect(profile.time.tileBarrier.map(({ tiles, time }) => [tiles, time?.value])).toEqual(
      LOIHI.time.tileBarrier.map(({ tiles, time }) => [tiles, time?.value]),
    )
    expect(notExpressed).toEqual(['architecture.attributes.link_buffer_size (line 4): 16 has no place in a profile'])
    expect(parseChipProfile(formatChipProfile(profile))).toEqual(profile)
  })

  it('has a run cost and take there what it does on the profile of the package', () => {
    const script = {
      core: { i: 0, a: 21, b: 59, c: 1 },
      edges: ['i>a', 'a>b', 'b>c'],
      steps: 8,
      inputs: { i: [1, 3, 4] },
    }
    const [own, packaged] = [parseSanaFeArchitecture(TEXT).profile, LOIHI].map((profile) => {
      const { network, placement, raster, until } = scriptedCase(script, profile)
      const counts = chipCounts(network, placement, profile, tallyOf(raster, network, { tickMs: 1, until }))
      const timing = chipTiming(raster, network, placement, profile, { until })
      return [chipReport(counts, profile).energy.byPhase.forward.dynamic.value, timing?.total.value]
    })
    expect(own).toEqual(packaged)
  })

  it('adds what a message costs where it comes in, and a dendrite where it is updated', () => {
    const costs = { message_in: [9, 16], update: [2, 1] } as const
    const at = (position: string, isInside = false) => {
      const buffer = `buffer_position: ${position}, buffer_inside_unit: ${isInside}, max_neurons_supported: 8`
      const { energy, latency } = parseSanaFeArchitecture(architectureText({ costs, buffer })).profile
      return [energy.synapse, energy.idle, latency.synapse, latency.idle, energy.packetOut].map(figureValue)
    }
    expect(at('dendrite')).toEqual([35.5, 53.2, 3.8, 7, 120])
    expect(at('dendrite', true)).toEqual([37.5, 53.2, 4.8, 7, 120])
    expect(at('soma')).toEqual([37.5, 51.2, 4.8, 6, 120])
  })

  it('has ranges where units or directions differ, and says so', () => {
    const synapse = `            - name: other
              attributes: {model: some, energy_process_spike: 20.0e-12, latency_process_spike: 4.7e-9}`
    const { profile, notExpressed } = parseSanaFeArchitecture(
      architectureText({ costs: { west_hop: [2.5, 4.1] }, more: { synapse } }),
    )
    expect(profile.energy.synapse).toMatchObject({ value: 35.5, range: [20, 35.5] })
    expect(profile.latency.synapse).toMatchObject({ value: 3.8, range: [3.8, 4.7] })
    expect(profile.energy.hopX).toMatchObject({ value: 3, range: [2.5, 3] })
    expect(notExpressed.filter((each) => each.includes('of the first unit'))).toEqual([
      'energy.synapse is 35.5 pJ, of the first unit; others have from 20 to 35.5 pJ',
      'energy.hopX is 3 pJ, of the first unit; others have from 2.5 to 3 pJ',
      'latency.synapse is 3.8 ns, of the first unit; others have from 3.8 to 4.7 ns',
    ])
  })

  it('names all that it has no place for', () => {
    const soma = `            - name: inputs[0..9]
              attributes: {model: input, noise: file.csv, energy_access_neuron: 1.0e-12, energy_update_neuron: 0.0, energy_spike_out: 0.0}`
    const axon_in = `            - name: second
              attributes: {energy_message_in: 0.0, latency_message_in: 0.0}`
    const { notExpressed } = parseSanaFeArchitecture(
      architectureText({
        attributes: 'topology: torus, width: 9, height: 4',
        more: { soma, axon_in, top: 'notes: [1, 2]' },
      }),
    )
    for (const words of [
      'topology: "torus", which SANA-FE takes for a mesh',
      '9 x 4 places for tiles, of which the profile has the 32 with a tile',
      'soma[1].attributes.energy_access_neuron (line 29): 1e-12 of an input',
      'soma[1].attributes.noise (line 29): "file.csv" has no place',
      'axon_in[1].name (line 15): "second" has no place',
      'notes (line 34): a list has no place',
    ])
      expect(notExpressed.join('\n')).toContain(words)
  })

  it.each([
    ['0.5e-6', [[1, 500]]],
    [
      '[0.1e-6, 0.2e-6, 0.3e-6]',
      [
        [1, 200],
        [2, 300],
      ],
    ],
    [
      '{0: 1.0e-6, 8: 2.0e-6}',
      [
        [1, 1000],
        [8, 2000],
      ],
    ],
  ])('closes steps by the table %s', (table, expected) => {
    const attributes = `width: 8, height: 4, sync_model: table, latency_sync: ${table}`
    const { tileBarrier } = parseSanaFeArchitecture(architectureText({ attributes })).profile.time
    expect(tileBarrier.map(({ tiles, time }) => [tiles, time?.value])).toEqual(expected)
  })

  it('has dead cores where the last column is not full', () => {
    const { chip, deadCores } = parseSanaFeArchitecture(
      architectureText({ tiles: 'tile[0..4]', cores: 'core[0..1]' }),
    ).profile
    expect(chip).toMatchObject({ columns: 2, rows: 4, coresPerTile: 2 })
    expect(deadCores.map(({ core }) => core)).toEqual([10, 11, 12, 13, 14, 15])
  })
})

test.each([
  ['a file that is no YAML', '{', 'YAML_INVALID', 'line 1, column 2'],
  ['a key twice', 'a: 1\na: 2\n', 'YAML_INVALID', 'line 2, column 1'],
  ['nothing', '', 'FIELD_MISSING', 'architecture (in line 1)'],
  ['a list', '- 1', 'FIELD_TYPE', 'line 1'],
  ['no width', TEXT.replace('width: 8, ', ''), 'FIELD_MISSING', 'architecture.attributes.width (in line 4)'],
  [
    'half a tile',
    TEXT.replace('width: 8', 'width: 7.5'),
    'OPTION_OUT_OF_RANGE',
    'architecture.attributes.width (line 4)',
  ],
  ['more tiles than places', TEXT.replace('0..31', '0..32'), 'ARCHITECTURE_TILES', 'architecture.tile (line 6)'],
  ['a range backwards', TEXT.replace('0..31', '31..0'), 'ARCHITECTURE_RANGE', 'architecture.tile[0].name (line 6)'],
  [
    'a negative energy',
    TEXT.replace('energy_process_spike: 35.5', 'energy_process_spike: -35.5'),
    'OPTION_OUT_OF_RANGE',
    'architecture.tile[0].core[0].synapse[0].attributes.energy_process_spike (line 18)',
  ],
  [
    'a text for a number',
    TEXT.replace('energy_message_out: 111e-12', 'energy_message_out: much'),
    'FIELD_TYPE',
    'architecture.tile[0].core[0].axon_out[0].attributes.energy_message_out (line 30)',
  ],
  [
    'one cost of a soma alone',
    TEXT.replace('energy_spike_out: 69.3e-12, ', ''),
    'FIELD_MISSING',
    'architecture.tile[0].core[0].soma[0].attributes.energy_spike_out (in line 26)',
  ],
  [
    'another buffer',
    TEXT.replace('buffer_position: soma', 'buffer_position: core'),
    'OPTION_OUT_OF_RANGE',
    'architecture.tile[0].core[0].attributes.buffer_position (line 10)',
  ],
  [
    'another model of synchronisation',
    TEXT.replace('sync_model: table', 'sync_model: tree'),
    'OPTION_OUT_OF_RANGE',
    'architecture.attributes.sync_model (line 4)',
  ],
])('%s is refused, with its line', (_, text, code, field) => {
  expect(() => parseSanaFeArchitecture(text, 'arch.yaml')).toThrow(`arch.yaml: ${field}: found`)
  try {
    parseSanaFeArchitecture(text)
  } catch (error) {
    expect((error as InputError).code).toBe(code)
  }
})

test('a damaged file is read, or refused with a place, and never ends otherwise', () => {
  const places = fc.record({
    at: fc.nat(TEXT.length - 1),
    length: fc.nat(30),
    put: fc.constantFrom('', ':', '&a ', '*a', '[', '\n', '1e999', ' '),
  })
  fc.assert(
    fc.property(places, ({ at, length, put }) => {
      const text = `${TEXT.slice(0, at)}${put}${TEXT.slice(at + length)}`
      try {
        parseSanaFeArchitecture(text, 'arch.yaml')
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
        expect((error as InputError).message).toMatch(/^arch\.yaml: .+: found /)
      }
    }),
    { numRuns: casesOf({ short: 100, long: 300 }), seed: 96 },
  )
  const bomb = `a: &a [x]\n${'bcdefghij'
    .split('')
    .map((name, k) => `${name}: &${name} [${`*${'abcdefghij'[k]},`.repeat(9)}]`)
    .join('\n')}\n`
  expect(parseSanaFeArchitecture(bomb + TEXT).notExpressed.length).toBeGreaterThan(9)
  expect(() => parseSanaFeArchitecture('architecture: &x {name: *x}')).toThrow(InputError)
})
