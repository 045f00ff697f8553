import type { Network } from '../../network/description/network.js'
import { blocksOf } from '../../network/slices/blocks.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { slicesOfBlocks } from '../chip-placement/slices-of-blocks.js'
import type { CoreMeter, CoreNeed } from '../reach/core-meter.js'
import { heardBy } from '../reach/reach.js'
import type { SlicesPerCore } from '../require-slices.js'
import { isEnough, type ResourceUse } from './core-limits.js'
import { createUnions } from './create-unions.js'

/** What lies together on cores, and what had to and is too large for one. */
export interface PackedTogether {
  readonly cores: SlicesPerCore
  readonly tooLarge: readonly (readonly GroupSlice[])[]
}

/**
 * Packs a network for a chip whose units address few cores: blocks that hear a unit in common lie on one core, so that no
 * unit has targets on two. What is too large gets a core of its own.
 */
export function packTogether(
  { groups }: Network,
  meter: CoreMeter,
  usesOf: (need: CoreNeed) => readonly ResourceUse[],
): PackedTogether {
  const blocks = groups.flatMap(({ name: group, size }) => blocksOf(size).map((slice) => ({ group, ...slice })))
  const cores: GroupSlice[][] = []
  const tooLarge: (readonly GroupSlice[])[] = []
  const hasRoom = (slices: readonly GroupSlice[]) => {
    meter.reset()
    for (const slice of slices) meter.add(slice)
    return usesOf(meter.need()).every(isEnough)
  }
  for (const set of hearingInCommon(groups, blocks, meter)) {
    const slices = slicesOfBlocks({ blocks }, set)
    const open = cores.at(-1)
    if (open !== undefined && hasRoom([...open, ...slices])) open.push(...slices)
    else {
      if (!hasRoom(slices)) tooLarge.push(slices)
      cores.push([...slices])
    }
  }
  return { cores, tooLarge }
}

function hearingInCommon(
  groups: Network['groups'],
  blocks: readonly GroupSlice[],
  meter: CoreMeter,
): readonly (readonly number[])[] {
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  const unions = createUnions(blocks.length)
  /** The first block that hears each unit. */
  const first = new Map(groups.map(({ name, size }) => [name, new Int32Array(size).fill(-1)]))
  blocks.forEach((block, k) => {
    meter.reset()
    meter.add(block)
    for (const [source, units] of heardBy(meter, sizes)) {
      const known = first.get(source) as Int32Array
      for (const unit of units)
        if (known[unit] === -1) known[unit] = k
        else unions.join(known[unit] as number, k)
    }
  })
  return unions.sets()
}
