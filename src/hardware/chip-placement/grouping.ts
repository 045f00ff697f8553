import type { GroupBlocks } from './block-table.js'
import type { SpikeNets } from './spike-nets.js'

/** How well blocks suit a core, given those that it took. */
export interface Grouping {
  /** A new core, which holds nothing. */
  begin(): void
  taken(block: number): void
  scoreOf(block: number): number
}

/** Blocks in their order. */
export const IN_ORDER: Grouping = Object.freeze({ begin: () => undefined, taken: () => undefined, scoreOf: () => 0 })

/**
 * Blocks of neurons suit a core by the spikes that they share with it as inputs, each of which then needs one packet in
 * the place of two; blocks of sources by the blocks of targets that they share.
 */
export function grownGrouping(group: GroupBlocks, nets: SpikeNets): Grouping {
  const scores = new Float64Array(group.end - group.first)
  const met = new Set<number>()
  const add = (block: number, score: number) => {
    if (block < group.first || block >= group.end) return
    const place = block - group.first
    scores[place] = (scores[place] as number) + score
  }
  const shareInputs = (block: number) => {
    for (const net of nets.into(block)) {
      if (met.has(net)) continue
      met.add(net)
      const spikes = nets.spikes[net] as number
      for (const target of nets.targetsOf(net)) add(target, spikes)
    }
  }
  const shareTargets = (block: number) => {
    for (const own of nets.outOf(block)) {
      for (const target of nets.targetsOf(own)) {
        if (met.has(target)) continue
        met.add(target)
        for (const net of nets.into(target)) add(nets.source[net] as number, nets.spikes[net] as number)
      }
    }
  }
  return {
    begin: () => {
      scores.fill(0)
      met.clear()
    },
    taken: group.isSource ? shareTargets : shareInputs,
    scoreOf: (block) => scores[block - group.first] as number,
  }
}
