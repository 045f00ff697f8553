import type { Group } from '../../network/description/network.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { BLOCK } from '../../numerics/block-sum.js'
import type { CoreMeter, CoreNeed } from '../reach/core-meter.js'
import { isEnough, type ResourceUse } from './core-limits.js'

/** The fewest cores that hold a group in order, cut between blocks of 32; or the first block that is too large for one. */
export type Packed =
  | { readonly kind: 'packed'; readonly slices: readonly GroupSlice[] }
  | { readonly kind: 'tooLarge'; readonly block: GroupSlice }

/** Needs that only grow with every block: filling one core after the other is best. */
export function packGroup(
  { name: group, size }: Pick<Group, 'name' | 'size'>,
  meter: CoreMeter,
  usesOf: (need: CoreNeed) => readonly ResourceUse[],
): Packed {
  const slices: GroupSlice[] = []
  const fits = () => usesOf(meter.need()).every(isEnough)
  let first = 0
  meter.reset()
  for (let start = 0; start < size; start += BLOCK) {
    const block = { group, start, end: Math.min(size, start + BLOCK) }
    meter.add(block)
    if (fits()) continue
    if (start > first) {
      slices.push({ group, start: first, end: start })
      first = start
      meter.reset()
      meter.add(block)
      if (fits()) continue
    }
    return { kind: 'tooLarge', block }
  }
  return { kind: 'packed', slices: [...slices, { group, start: first, end: size }] }
}
