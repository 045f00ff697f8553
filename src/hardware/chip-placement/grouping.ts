import type { GroupBlocks } from '../block-table.js'
import type { SpikeNets } from './spike-nets.js'

/** In which order the blocks of a group go to cores. */
export interface Grouping {
  /** A new core, which holds nothing. */
  begin(): void
  /** The block that suits the core best, given those that it took; of equal ones the first. */
  next(): number | null
  taken(block: number): void
}

/** A grouping that tells how many blocks were taken. */
export function toldGrouping(grouping: Grouping, tell: (taken: number) => void): Grouping {
  let count = 0
  return {
    ...grouping,
    taken: (block) => {
      grouping.taken(block)
      tell(++count)
    },
  }
}

/** Blocks in their order. */
export function inOrderGrouping({ first, end }: Pick<GroupBlocks, 'first' | 'end'>): Grouping {
  let next = first
  return {
    begin: () => undefined,
    next: () => (next < end ? next : null),
    taken: () => {
      next++
    },
  }
}

/**
 * Blocks of neurons suit a core by the spikes that they share with it as inputs, each of which then needs one packet in
 * the place of two; blocks of sources by the blocks of targets that they share.
 */
export function grownGrouping(group: GroupBlocks, nets: SpikeNets): Grouping {
  const scores = new Float64Array(group.end - group.first)
  const left = new Set(scores.keys())
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
  const share = group.isSource ? shareTargets : shareInputs
  return {
    begin: () => {
      scores.fill(0)
      met.clear()
    },
    next: () => {
      let [found, most]: [number | null, number] = [null, -1]
      for (const place of left) {
        const score = scores[place] as number
        if (score > most) [found, most] = [place, score]
      }
      return found === null ? null : group.first + found
    },
    taken: (block) => {
      left.delete(block - group.first)
      share(block)
    },
  }
}
