import type { Network } from '../../network/description/network.js'
import type { BlockTable } from '../block-table.js'
import { incomingOf } from '../reach/incoming.js'
import { type Reach, reachOf } from '../reach/reach.js'
import { type TellReach, tellStage } from '../reach/reach-progress.js'
import { rowOf, rowsOf, transposed } from '../reach/rows.js'

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
  targetsOf(net: number): Uint32Array
  /** The nets with a target in a block, and those of the units of a block; ascending. */
  into(block: number): Uint32Array
  outOf(block: number): Uint32Array
}

export interface NetOptions {
  readonly spikesOf: SpikesOf
  readonly seed: number
  readonly tell?: TellReach
}

/**
 * The nets of a network. A unit has a target in a block where there is a synapse, whatever its weight; the synapses of
 * rules are those drawn by the seed.
 */
export function spikeNets(
  network: Network,
  { blocks }: BlockTable,
  { spikesOf, seed, tell = () => undefined }: NetOptions,
): SpikeNets {
  const incoming = incomingOf(network, seed, tellStage('synapses', tell))
  const parts = blocks.map((block) => [block])
  const reach = reachOf(network, parts, incoming, tellStage('spikes', tell))
  const [source, units, spikes]: [number[], number[], number[]] = [[], [], []]
  const targets: Uint32Array[] = []
  blocks.forEach(({ group, start, end }, block) => {
    const { fanOf, partsOf } = reach.get(group) as Reach
    const known = new Map<number, number>()
    for (let unit = start; unit < end; unit++) {
      const fan = fanOf[unit] as number
      if (fan === 0) continue
      const net = known.get(fan) ?? targets.length
      if (net === targets.length) {
        known.set(fan, net)
        source.push(block)
        targets.push(partsOf(fan))
      }
      units[net] = (units[net] ?? 0) + 1
      spikes[net] = (spikes[net] ?? 0) + spikesOf(group, unit)
    }
  })
  const into = transposed(targets, blocks.length)
  const outOf = rowsOf(blocks.length, source, (net) => net)
  return {
    count: targets.length,
    source: Int32Array.from(source),
    units: Int32Array.from(units),
    spikes: Float64Array.from(spikes),
    targetsOf: (net) => targets[net] as Uint32Array,
    into: (block) => rowOf(into, block),
    outOf: (block) => rowOf(outOf, block),
  }
}
