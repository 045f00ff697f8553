import fc from 'fast-check'
import { expect, it } from 'vitest'
import { blockTable, type PlacedBlock } from '../../../src/hardware/block-table.js'
import { type BlockNeeds, type CoreCapacity, holdsAll } from '../../../src/hardware/chip-placement/core-capacity.js'
import { inOrderGrouping } from '../../../src/hardware/chip-placement/grouping.js'
import { type PackingRules, type Partition, packBlocks } from '../../../src/hardware/chip-placement/partitions.js'
import { casesOf } from '../../support/cases-of.js'
import { denseLayers } from './small-networks.js'

interface PackedGroup {
  readonly size: number
  readonly room: CoreCapacity
  readonly shares: boolean
}

const room = fc.record({ units: fc.integer({ min: 32, max: 160 }), synapses: fc.integer({ min: 32, max: 160 }) })
const someGroups: fc.Arbitrary<readonly PackedGroup[]> = fc.array(
  fc.record({
    size: fc.integer({ min: 1, max: 120 }),
    room: room.map((most) => ({ ...most, axonsIn: Number.POSITIVE_INFINITY })),
    shares: fc.constantFrom(true, true, true, false),
  }),
  { minLength: 2, maxLength: 5 },
)

/** As many synapses as units: two limits that different groups may set. */
function packed(groups: readonly PackedGroup[]) {
  const table = blockTable(denseLayers(...groups.map(({ size }) => size)))
  const unitsOf = (block: number) => {
    const { start, end } = table.blocks[block] as PlacedBlock
    return end - start
  }
  const needs = { unitsOf, synapsesOf: unitsOf, nets: null as never } satisfies BlockNeeds
  const ruleOf = (name: string) => groups[table.groups.findIndex((group) => group.name === name)] as PackedGroup
  const rules: PackingRules = { roomFor: (name) => ruleOf(name).room, sharesRest: (name) => ruleOf(name).shares }
  const groupOf = (block: number) => (table.blocks[block] as PlacedBlock).group
  return { table, needs, ruleOf, groupOf, partition: packBlocks(table, rules, needs, inOrderGrouping) as Partition }
}

it('a core has every block once, and keeps the limits of the group that began it and of each that joined', () => {
  let joined = 0
  fc.assert(
    fc.property(someGroups, (groups) => {
      const { table, needs, ruleOf, groupOf, partition } = packed(groups)
      expect(partition.flat().sort((a, b) => a - b)).toEqual([...table.blocks.keys()])
      for (const held of partition) {
        const first = groupOf(held[0] as number)
        const names = [...new Set(held.map(groupOf))]
        if (names.length > 1) for (const name of names) expect(ruleOf(name).shares).toBe(true)
        joined += names.length - 1
        for (const name of names) {
          const until = held.slice(0, held.findLastIndex((block) => groupOf(block) === name) + 1)
          for (const limits of [first, name]) expect(holdsAll(until, ruleOf(limits).room, needs)).toBe(true)
        }
      }
    }),
    { numRuns: casesOf({ short: 200, long: 2000 }), seed: 75 },
  )
  expect(joined).toBeGreaterThan(50)
})

it('the end of a group has a core of its own only where no core that is shared has room', () => {
  fc.assert(
    fc.property(someGroups, (groups) => {
      const { needs, ruleOf, groupOf, partition, table } = packed(groups.map((group) => ({ ...group, shares: true })))
      const lasts = new Map(table.groups.map(({ name, end }) => [name, end - 1]))
      const shared = partition.filter((held) => held.includes(lasts.get(groupOf(held[0] as number)) as number))
      shared.forEach((held, k) => {
        const name = groupOf(held[0] as number)
        const rest = held.filter((block) => groupOf(block) === name)
        for (const other of shared.slice(0, k)) {
          const before = other.filter((block) => block < (rest[0] as number))
          const rooms = [groupOf(other[0] as number), name].map((each) => ruleOf(each).room)
          expect(rooms.every((most) => holdsAll([...before, ...rest], most, needs))).toBe(false)
        }
      })
    }),
    { numRuns: casesOf({ short: 200, long: 2000 }), seed: 76 },
  )
})
