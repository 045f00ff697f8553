import type { Network } from '../network/description/network.js'
import type { GroupSlice } from '../network/slices/group-slice.js'

/** The slices of every core. */
export type SlicesPerCore = readonly (readonly GroupSlice[])[]

/** `hidden[0:64]` */
export function describeSlice({ group, start, end }: GroupSlice): string {
  return `${group}[${start}:${end}]`
}

/** Slices with those joined that continue the one before. */
export function joinSlices(slices: readonly GroupSlice[]): readonly GroupSlice[] {
  const joined: GroupSlice[] = []
  for (const { group, start, end } of slices) {
    const last = joined.at(-1)
    if (last?.group === group && last.end === start) joined[joined.length - 1] = { group, start: last.start, end }
    else joined.push({ group, start, end })
  }
  return joined
}

/** Copies slices in the order of the network's groups, then of their units. */
export function inNetworkOrder({ groups }: Network): (slices: readonly GroupSlice[]) => readonly GroupSlice[] {
  const order = new Map(groups.map(({ name }, index) => [name, index]))
  const placeOf = ({ group }: GroupSlice) => order.get(group) as number
  return (slices) =>
    slices
      .map(({ group, start, end }): GroupSlice => ({ group, start, end }))
      .sort((a, b) => placeOf(a) - placeOf(b) || a.start - b.start)
}

/**
 * The core of every unit, by group; of every block, if an entry stands for as many units as a block has.
 *
 * @param unitsPerEntry divides the start of every slice
 */
export function coresOfUnits(
  { groups }: Pick<Network, 'groups'>,
  cores: SlicesPerCore,
  unitsPerEntry = 1,
): ReadonlyMap<string, Int32Array> {
  const coreOf = new Map(groups.map(({ name, size }) => [name, new Int32Array(Math.ceil(size / unitsPerEntry))]))
  cores.forEach((slices, core) => {
    for (const { group, start, end } of slices)
      coreOf.get(group)?.fill(core, start / unitsPerEntry, Math.ceil(end / unitsPerEntry))
  })
  return coreOf
}
