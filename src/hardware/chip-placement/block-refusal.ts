import { InputError } from '../../events/errors.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { BlockTable, PlacedBlock } from '../block-table.js'
import { slicesOfBlocks } from '../block-table.js'
import { enumerate } from '../fit/fit-words.js'
import { grouped, many } from '../fit/percent.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { describeSlice } from '../slices.js'
import type { BlockNeeds, CoreCapacity } from './core-capacity.js'
import { HEAR_APART } from './remedies.js'

/** What a block needs more of than a core has. */
interface Shortage {
  readonly what: 'units' | 'synapses' | 'axons in' | 'axons out'
  readonly need: number
  readonly most: number
}

/** The first block that does not fit a core by itself, and all that it needs too much of: PLACEMENT_CAPACITY. */
export function blockTooLarge(
  profile: ChipProfile,
  { blocks }: BlockTable,
  room: CoreCapacity,
  needs: BlockNeeds,
): InputError {
  const shortages = blocks.map((_, block) => shortagesOf([block], room, needs))
  const at = shortages.findIndex((each) => each.length > 0)
  const largest = blocks.reduce((most, _, block) => Math.max(most, needs.unitsOf(block)), 0)
  const remedy =
    largest > room.units
      ? `Let a core have room for ${largest} neurons and source units at least.`
      : `Choose a chip with larger cores, or let neurons have ${fewerOf(shortages[at] ?? [])}.`
  return refusal(profile, blocks[at] as PlacedBlock, shortages[at] ?? [], remedy)
}

/** A block whose units have targets on more cores than its own has axons for: PLACEMENT_CAPACITY. */
export function tooManyAxonsOut(profile: ChipProfile, block: PlacedBlock, need: number, most: number): InputError {
  const remedy = 'Choose a chip with larger cores, or let its units have targets on fewer cores.'
  return refusal(profile, block, [{ what: 'axons out', need, most }], remedy)
}

/** Blocks that have to lie on one core, for they hear units that address few cores, and do not fit it: PLACEMENT_CAPACITY. */
export function togetherTooLarge(
  profile: ChipProfile,
  table: BlockTable,
  held: readonly number[],
  room: CoreCapacity,
  needs: BlockNeeds,
): InputError {
  const shortages = shortagesOf(held, room, needs)
  const slices = slicesOfBlocks(table, held)
  const perUnit = figureValue(profile.core.axonsOutPerUnit) ?? 0
  return new InputError({
    code: 'PLACEMENT_CAPACITY',
    field: (slices[0] as GroupSlice).group,
    found: `${enumerate(slices.map(describeSlice))} with units heard in common, and ${needsOf(shortages)}`,
    expected:
      `at most ${limitsOf(shortages)} on a core of ${profile.name}, ` +
      `for each unit there addresses ${many(perUnit, 'core')}`,
    remedy: HEAR_APART,
  })
}

function shortagesOf(
  held: readonly number[],
  room: CoreCapacity,
  { nets, unitsOf, synapsesOf }: BlockNeeds,
): readonly Shortage[] {
  const sumOf = (countOf: (block: number) => number) => held.reduce((sum, block) => sum + countOf(block), 0)
  const axonsIn = () => {
    const heard = new Set(held.flatMap((block) => Array.from(nets.into(block))))
    return [...heard].reduce((sum, net) => sum + (nets.units[net] as number), 0)
  }
  const uses: readonly Shortage[] = [
    { what: 'units', need: sumOf(unitsOf), most: room.units },
    { what: 'synapses', need: sumOf(synapsesOf), most: room.synapses },
    { what: 'axons in', need: room.axonsIn < Number.POSITIVE_INFINITY ? axonsIn() : 0, most: room.axonsIn },
  ]
  return uses.filter(({ need, most }) => need > most)
}

function fewerOf(shortages: readonly Shortage[]): string {
  const isOfSynapses = shortages.some(({ what }) => what === 'synapses')
  return isOfSynapses ? 'fewer synapses' : 'synapses from fewer units'
}

function refusal(profile: ChipProfile, block: PlacedBlock, shortages: readonly Shortage[], remedy: string): InputError {
  return new InputError({
    code: 'PLACEMENT_CAPACITY',
    field: block.group,
    found: `${describeSlice(block)}, a block that is not cut, with ${needsOf(shortages)}`,
    expected: `at most ${limitsOf(shortages)} on a core of ${profile.name}`,
    remedy,
  })
}

function needsOf(shortages: readonly Shortage[]): string {
  return enumerate(shortages.map(({ what, need }) => `${grouped(need)} ${what}`))
}

function limitsOf(shortages: readonly Shortage[]): string {
  return enumerate(shortages.map(({ what, most }) => `${grouped(most)} ${what}`))
}
