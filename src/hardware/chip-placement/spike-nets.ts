import type { Network, Projection } from '../../network/network.js'
import { visitRule } from '../../network/rule-synapses.js'
import { BLOCK } from '../../numerics/block-sum.js'
import type { BlockTable, GroupBlocks } from './block-table.js'

/** How often each unit of a group spikes; whole numbers. */
export type SpikesOf = (group: string, unit: number) => number

/**
 * Where spikes go, block by block. A net are the units of one block that have targets in the same blocks: on whichever cores
 * these lie, each of their spikes needs a packet per core.
 */
export interface SpikeNets {
  readonly count: number
  /** By net: the block of its units, how many they are, and their spikes together. */
  readonly source: Int32Array
  readonly units: Int32Array
  readonly spikes: Float64Array
  /** The blocks that a net has targets in, ascending. */
  targetsOf(net: number): Int32Array
  /** The nets with a target in a block, and those of the units of a block; ascending. */
  into(block: number): Int32Array
  outOf(block: number): Int32Array
}

interface Net {
  readonly source: number
  readonly targets: readonly number[]
  units: number
  spikes: number
}

/**
 * The nets of a network. A unit has a target in a block where there is a synapse, whatever its weight; the synapses of
 * rules are those drawn by the seed.
 */
export function spikeNets(network: Network, table: BlockTable, spikesOf: SpikesOf, seed: number): SpikeNets {
  const nets = table.groups.flatMap((group) => {
    const reach = reachOf(network, table, group, seed)
    return Array.from({ length: group.end - group.first }, (_, k) => netsOfBlock(group, k, reach, spikesOf)).flat()
  })
  const targets = listsOf(nets.map((net) => net.targets))
  const blocks = table.blocks.length
  const into: number[][] = Array.from({ length: blocks }, () => [])
  const outOf: number[][] = Array.from({ length: blocks }, () => [])
  nets.forEach((net, n) => {
    outOf[net.source]?.push(n)
    for (const block of net.targets) into[block]?.push(n)
  })
  return {
    count: nets.length,
    source: Int32Array.from(nets, ({ source }) => source),
    units: Int32Array.from(nets, ({ units }) => units),
    spikes: Float64Array.from(nets, ({ spikes }) => spikes),
    targetsOf: targets,
    into: listsOf(into),
    outOf: listsOf(outOf),
  }
}

function netsOfBlock(group: GroupBlocks, block: number, reach: Reach, spikesOf: SpikesOf): readonly Net[] {
  const nets = new Map<string, Net>()
  for (let unit = block * BLOCK; unit < Math.min(group.size, (block + 1) * BLOCK); unit++) {
    const key = reach.keyOf(unit)
    const net = nets.get(key) ?? { source: group.first + block, targets: reach.targetsOf(unit), units: 0, spikes: 0 }
    nets.set(key, net)
    net.units++
    net.spikes += spikesOf(group.name, unit)
  }
  return [...nets.values()].filter(({ targets }) => targets.length > 0)
}

/** Many short lists in one array. */
function listsOf(lists: readonly (readonly number[])[]): (index: number) => Int32Array {
  const start = new Int32Array(lists.length + 1)
  lists.forEach(({ length }, k) => {
    start[k + 1] = (start[k] as number) + length
  })
  const entries = new Int32Array(start[lists.length] as number)
  lists.forEach((list, k) => {
    entries.set(list, start[k])
  })
  return (index) => entries.subarray(start[index], start[index + 1])
}

interface Reach {
  /** The same for units that reach the same blocks. */
  keyOf(unit: number): string
  targetsOf(unit: number): readonly number[]
}

/** Which blocks hold targets of each unit of a group: a bit per unit and block. */
function reachOf(network: Network, { groups }: BlockTable, group: GroupBlocks, seed: number): Reach {
  const projections = network.projections.filter(({ source }) => source === group.name)
  const byName = new Map(groups.map((each) => [each.name, each]))
  const reached = [...new Set(projections.map(({ target }) => target))].map((name) => byName.get(name) as GroupBlocks)
  const offsets = new Map<string, number>()
  let width = 0
  for (const { name, first, end } of reached) {
    offsets.set(name, width)
    width += end - first
  }
  const words = Math.ceil(width / 32)
  const bits = new Uint32Array(words * group.size)
  for (const projection of projections) {
    const offset = offsets.get(projection.target) as number
    const mark = (unit: number, block: number) => {
      const bit = offset + block
      const word = unit * words + (bit >>> 5)
      bits[word] = (bits[word] as number) | (1 << (bit & 31))
    }
    markTargets(projection, group, byName.get(projection.target) as GroupBlocks, seed, mark)
  }
  const blocks = reached.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, k) => first + k))
  const rowOf = (unit: number) => bits.subarray(unit * words, (unit + 1) * words)
  return {
    keyOf: (unit: number) => rowOf(unit).join(),
    targetsOf: (unit: number) => {
      const row = rowOf(unit)
      return blocks.filter((_, bit) => ((row[bit >>> 5] as number) & (1 << (bit & 31))) !== 0).sort((a, b) => a - b)
    },
  }
}

/** Marks every pair of a source unit and a block of the target that a synapse joins. */
function markTargets(
  { key, connectivity }: Projection,
  source: GroupBlocks,
  target: GroupBlocks,
  seed: number,
  mark: (unit: number, block: number) => void,
): void {
  const blockOf = (unit: number) => Math.floor(unit / BLOCK)
  if (connectivity.kind === 'synapses') {
    const { sources, targets } = connectivity
    sources.forEach((unit, s) => {
      mark(unit, blockOf(targets[s] as number))
    })
    return
  }
  if (connectivity.kind === 'rule') {
    const shape = { sources: source.size, targets: target.size, isRecurrent: source === target }
    const origin = { seed, stream: `${key}/connect` }
    visitRule(connectivity.rule, shape, origin, { start: 0, end: target.size }, (unit, neuron) => {
      mark(unit, blockOf(neuron))
    })
    return
  }
  // Pairs without a synapse, by source unit and block: where as many as the block has neurons, there is no target.
  const absent = new Map<number, number>()
  const blocks = target.end - target.first
  for (const pair of connectivity.absent) {
    const place = (pair % source.size) * blocks + blockOf(Math.floor(pair / source.size))
    absent.set(place, (absent.get(place) ?? 0) + 1)
  }
  for (let unit = 0; unit < source.size; unit++) {
    for (let block = 0; block < blocks; block++) {
      const size = Math.min(target.size, (block + 1) * BLOCK) - block * BLOCK
      if ((absent.get(unit * blocks + block) ?? 0) < size) mark(unit, block)
    }
  }
}
