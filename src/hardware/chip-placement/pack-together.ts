import { createUnions } from '../fit/create-unions.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { togetherTooLarge } from './block-refusal.js'
import type { BlockTable } from './block-table.js'
import { type BlockNeeds, type CoreCapacity, type OpenCore, openCore } from './core-capacity.js'
import { type Partition, takesAll } from './partitions.js'

/**
 * Packs blocks that hear a unit in common onto one core, so that no unit has targets on two.
 *
 * Raises `InputError` PLACEMENT_CAPACITY where what lies together is too large.
 */
export function packTogether(
  profile: ChipProfile,
  table: BlockTable,
  room: CoreCapacity,
  needs: BlockNeeds,
): Partition {
  const { nets } = needs
  const unions = createUnions(table.blocks.length)
  for (let net = 0; net < nets.count; net++) {
    const targets = nets.targetsOf(net)
    for (const target of targets) unions.join(targets[0] as number, target)
  }
  const cores: OpenCore[] = []
  for (const set of unions.sets()) {
    const last = cores.at(-1)
    if (last !== undefined && takesAll(last, set, room, needs)) continue
    const core = openCore(room, needs)
    if (!takesAll(core, set, room, needs)) throw togetherTooLarge(profile, table, set, room, needs)
    cores.push(core)
  }
  return cores.map(({ blocks }) => [...blocks].sort((a, b) => a - b))
}
