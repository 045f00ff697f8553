import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkChipPlacement } from '../../../src/hardware/chip-placement/check-chip-placement.js'
import { formatChipPlacement, parseChipPlacement } from '../../../src/hardware/chip-placement/chip-placement-file.js'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import { executionPlacement } from '../../../src/hardware/chip-placement/execution-placement.js'
import { placeOnChip } from '../../../src/hardware/chip-placement/place-on-chip.js'
import { definePlacement } from '../../../src/hardware/define-placement.js'
import type { PlacedCore } from '../../../src/hardware/placement.js'
import { chipLayoutHash, chipPlacementHash } from '../../../src/hardware/placement-hash.js'
import { meshProfile } from '../../../src/hardware/profile/mesh-profile.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { blockNetwork } from '../arbitrary-placed.js'
import { denseLayers } from './small-networks.js'

const network = denseLayers(40, 100, 3)
const profile = withChips(meshProfile({ columns: 2, rows: 2 }), { columns: 2, rows: 1 })
const slice = (group: string, start: number, end: number) => ({ group, start, end })
const at = (chip: number, core: number, ...slices: PlacedCore['slices'][number][]): PlacedCore => ({
  chip,
  core,
  slices,
})
const cores = [
  at(1, 2, slice('g1', 64, 100)),
  at(0, 3, slice('g2', 0, 3), slice('g1', 32, 64), slice('g0', 0, 40)),
  at(0, 1, slice('g1', 0, 32)),
]
const placement = defineChipPlacement(network, profile, cores)

describe('a placement on chips by hand', () => {
  it('is put in order and frozen', () => {
    expect(placement).toEqual({
      profile: 'mesh:2x2',
      chips: { columns: 2, rows: 1 },
      cores: [
        at(0, 1, slice('g1', 0, 32)),
        at(0, 3, slice('g0', 0, 40), slice('g1', 32, 64), slice('g2', 0, 3)),
        at(1, 2, slice('g1', 64, 100)),
      ],
    })
    expect(Object.isFrozen(placement.cores[0]?.slices)).toBe(true)
  })

  it('may hold two slices of a group on a core, which is two partitions in a run', () => {
    const both = [at(0, 0, slice('g1', 64, 100), slice('g1', 0, 32)), at(0, 1, ...(cores[1] as PlacedCore).slices)]
    const twice = defineChipPlacement(network, profile, both)
    const slices = [[slice('g1', 0, 32)], [slice('g1', 64, 100)], (cores[1] as PlacedCore).slices]
    expect(executionPlacement(network, twice)).toEqual(definePlacement(network, slices))
  })

  it('is executed with a partition for each core that holds something', () => {
    const slices = placement.cores.map((core) => core.slices)
    expect(executionPlacement(network, placement)).toEqual(definePlacement(network, slices))
  })

  it.each<readonly [string, readonly PlacedCore[], string, string]>([
    ['no such chip', [at(2, 0, slice('g0', 0, 40))], 'PLACEMENT_CORE_UNKNOWN', 'cores[0].chip'],
    ['no such core', [at(0, 4, slice('g0', 0, 40))], 'PLACEMENT_CORE_UNKNOWN', 'cores[0].core'],
    ['a core twice', [...cores, at(0, 3, slice('g0', 0, 40))], 'PLACEMENT_CORE_TWICE', 'cores[3]'],
    ['nothing at all', [], 'PLACEMENT_CORE_EMPTY', 'cores'],
    ['an empty core', [...cores, at(1, 0)], 'PLACEMENT_CORE_EMPTY', 'cores[3].slices'],
    ['a stranger', [...cores, at(1, 0, slice('g9', 0, 4))], 'PLACEMENT_GROUP_UNKNOWN', 'cores[3].slices[0].group'],
    ['units that are not', [...cores, at(1, 0, slice('g2', 0, 4))], 'PLACEMENT_SLICE_INVALID', 'cores[3].slices[0]'],
    ['part of a block', [at(1, 0, slice('g1', 0, 40))], 'PLACEMENT_CUT', 'cores[0].slices[0]'],
    ['units twice', [...cores, at(1, 0, slice('g1', 32, 64))], 'PLACEMENT_OVERLAP', 'g1'],
    ['units nowhere', cores.slice(1), 'PLACEMENT_GAP', 'g1'],
  ])('is refused: %s', (_, given, code, field) => {
    expect(mistakeOf(() => defineChipPlacement(network, profile, given))).toEqual({ code, field })
  })

  it('is refused on dead cores and on other chips', () => {
    const dead = defineChipProfile({ ...profile, deadCores: [{ chip: 1, core: 2 }] })
    expect(mistakeOf(() => checkChipPlacement(network, dead, placement))).toEqual({
      code: 'PLACEMENT_CORE_DEAD',
      field: 'cores[2]',
    })
    const more = withChips(profile, { columns: 3, rows: 1 })
    expect(mistakeOf(() => checkChipPlacement(network, more, placement)).field).toBe('chips')
    expect(mistakeOf(() => checkChipPlacement(network, chipProfile('loihi'), placement)).field).toBe('profile')
  })
})

describe('the hash', () => {
  it('is that of what is where, whatever the order it was said in', () => {
    const hash = chipPlacementHash(placement)
    expect(chipPlacementHash(defineChipPlacement(network, profile, [...cores].reverse()))).toBe(hash)
    const moved = cores.map((each) => (each.chip === 1 ? { ...each, core: 3 } : each))
    expect(chipPlacementHash(defineChipPlacement(network, profile, moved))).not.toBe(hash)
  })

  it('of a layout heeds what a core number means, and no figure', () => {
    const hash = chipLayoutHash(profile)
    const dead = defineChipProfile({ ...profile, deadCores: [{ chip: 1, core: 2 }] })
    const columnMajor = defineChipProfile({ ...profile, chip: { ...profile.chip, tileOrder: 'column-major' } })
    expect(new Set([dead, columnMajor, chipProfile('loihi'), profile].map(chipLayoutHash)).size).toBe(4)
    const limited = meshProfile({ columns: 2, rows: 2, neuronsPerCore: 7 })
    expect(chipLayoutHash(withChips(limited, { columns: 2, rows: 1 }))).toBe(hash)
  })
})

describe('a placement file', () => {
  const text = formatChipPlacement(network, profile, placement)

  it('is read back as it was written', () => {
    expect(parseChipPlacement(text, network, profile)).toEqual(placement)
    expect(text.split('\n').slice(0, 3)).toEqual(['{', '  "format": "antidrome-chip-placement",', '  "version": 1,'])
    const mesh = meshProfile({ columns: 8, rows: 8, neuronsPerCore: 96 })
    fc.assert(
      fc.property(blockNetwork, (network) => {
        const placed = placeOnChip(network, mesh, { seed: 1, effort: 'none' })
        expect(parseChipPlacement(formatChipPlacement(network, mesh, placed), network, mesh)).toEqual(placed)
      }),
      { numRuns: 20, seed: 74 },
    )
  })

  it.each<readonly [string, string, string, string]>([
    ['"antidrome-chip-placement"', '"antidrome-network"', 'PLACEMENT_FORMAT', 'format'],
    ['"version": 1', '"version": 2', 'PLACEMENT_VERSION', 'version'],
    ['"columns":2', '"columns":1', 'PLACEMENT_PROFILE', 'chips'],
    ['"name":"mesh:2x2"', '"name":"loihi"', 'PLACEMENT_PROFILE', 'profile.name'],
    ['"chip":1,', '"chip":"1",', 'FIELD_TYPE', 'cores[2].chip'],
    ['"chip":1,', '', 'FIELD_MISSING', 'cores[2].chip'],
    ['"start":64', '"start":96', 'PLACEMENT_GAP', 'g1'],
    ['"cores"', '"core"', 'FIELD_UNKNOWN', 'core'],
    ['{', '', 'JSON_INVALID', 'line 2, column 11'],
  ])('with %s changed to %s is refused', (from, to, code, field) => {
    const changed = text.replace(from, to)
    expect(mistakeOf(() => parseChipPlacement(changed, network, profile, 'p.json'))).toEqual({ code, field })
    expect(() => parseChipPlacement(changed, network, profile, 'p.json')).toThrow(`p.json: ${field}: found `)
  })

  it('of another network, or of other chips, is refused', () => {
    const other = denseLayers(40, 101, 3)
    expect(mistakeOf(() => parseChipPlacement(text, other, profile))).toEqual({
      code: 'PLACEMENT_NETWORK',
      field: 'network',
    })
    const columnMajor = defineChipProfile({ ...profile, chip: { ...profile.chip, tileOrder: 'column-major' } })
    expect(mistakeOf(() => parseChipPlacement(text, network, columnMajor))).toEqual({
      code: 'PLACEMENT_PROFILE',
      field: 'profile.layout',
    })
  })
})
