import type { Group, Network } from '../../network/description/network.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { BLOCK } from '../../numerics/block-sum.js'
import type { CoreMeter } from '../reach/core-meter.js'
import { describeSlice } from '../slices.js'
import { type AxonsOut, axonsOut } from './axons-out.js'
import { share } from './fit-words.js'
import { grouped, many } from './percent.js'

/** The slices of every group, each for a core of its own, none with more axons out than a core has. */
export interface SplitSlices {
  readonly groups: readonly (readonly GroupSlice[])[]
  /** False: some slice has too many, though it is a single block. */
  readonly fits: boolean
  readonly messages: readonly string[]
  readonly out: AxonsOut
}

/** A split slice adds a destination for the slices that send to it, so they may have to be split in turn. */
const MOST_ROUNDS = 8

/** Splits slices between blocks until none has more axons out than a core. */
export function splitByAxonsOut(
  network: Network,
  packed: readonly (readonly GroupSlice[])[],
  limit: number,
  meter: CoreMeter,
  chip: string,
): SplitSlices {
  const messages: string[] = []
  let groups = packed
  for (let round = 1; ; round++) {
    const flat = groups.flat()
    const out = axonsOut(
      network,
      flat.map((slice) => [slice]),
      meter,
    )
    const large = flat.filter((slice) => out.sumOf(slice) > limit)
    const isStuck = round > MOST_ROUNDS || large.some((slice) => splitSlice(slice, out, limit) === null)
    for (const slice of large) {
      const parts = isStuck ? null : splitSlice(slice, out, limit)
      messages.push(describe(network, slice, out.sumOf(slice), limit, parts, chip))
    }
    if (isStuck || large.length === 0) return { groups, fits: large.length === 0, messages, out }
    groups = groups.map((slices) => slices.flatMap((slice) => splitSlice(slice, out, limit) ?? [slice]))
  }
}

/** The slices that take the place of one; null if not even a block of it fits a core. */
function splitSlice({ group, start, end }: GroupSlice, out: AxonsOut, limit: number): readonly GroupSlice[] | null {
  if (out.sumOf({ group, start, end }) <= limit) return [{ group, start, end }]
  const slices: GroupSlice[] = []
  let [first, need] = [start, 0]
  for (let block = start; block < end; block += BLOCK) {
    const more = out.sumOf({ group, start: block, end: Math.min(end, block + BLOCK) })
    if (more > limit) return null
    if (need + more > limit) {
      slices.push({ group, start: first, end: block })
      ;[first, need] = [block, 0]
    }
    need += more
  }
  return [...slices, { group, start: first, end }]
}

function describe(
  { groups }: Network,
  slice: GroupSlice,
  need: number,
  limit: number,
  parts: readonly GroupSlice[] | null,
  chip: string,
): string {
  const group = groups.find(({ name }) => name === slice.group) as Group
  const name = slice.end - slice.start === group.size ? group.name : describeSlice(slice)
  const has = `it has ${grouped(need)} axons out, a core has ${grouped(limit)}${share({ need, limit })}`
  const units = group.kind === 'source' ? 'units' : 'neurons'
  const remedy =
    parts === null
      ? `Blocks of ${BLOCK} are not cut: let their ${units} have targets on fewer cores, or choose a chip with larger ones.`
      : `It would fit on ${many(parts.length, 'core')} (blocks of ${BLOCK} ${units}).`
  return `${name} does not fit one ${chip} core: ${has}.\n${remedy}`
}
