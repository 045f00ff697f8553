import type { SpikeNets } from './spike-nets.js'

/** What one core has room for; Infinity where nothing is known, or there is no limit. */
export interface CoreCapacity {
  /** Neurons and source units together: on a chip each needs a place to spike from. */
  readonly units: number
  readonly synapses: number
  /** Distinct source units with a target on the core. */
  readonly axonsIn: number
}

/** A core that is being filled. */
export interface OpenCore {
  readonly blocks: readonly number[]
  /** Takes a block if there is room for it. */
  take(block: number): boolean
}

/** What blocks take up. */
export interface BlockNeeds {
  unitsOf(block: number): number
  synapsesOf(block: number): number
  readonly nets: SpikeNets
}

/** Opens an empty core. */
export function openCore(room: CoreCapacity, needs: BlockNeeds): OpenCore {
  const blocks: number[] = []
  const heard = new Set<number>()
  let [units, synapses, axonsIn] = [0, 0, 0]
  return {
    blocks,
    take(block) {
      const isLimited = room.axonsIn < Number.POSITIVE_INFINITY
      const more = isLimited ? [...needs.nets.into(block)].filter((net) => !heard.has(net)) : []
      const next = {
        units: units + needs.unitsOf(block),
        synapses: synapses + needs.synapsesOf(block),
        axonsIn: more.reduce((sum, net) => sum + (needs.nets.units[net] as number), axonsIn),
      }
      if (next.units > room.units || next.synapses > room.synapses || next.axonsIn > room.axonsIn) return false
      ;({ units, synapses, axonsIn } = next)
      for (const net of more) heard.add(net)
      blocks.push(block)
      return true
    },
  }
}
