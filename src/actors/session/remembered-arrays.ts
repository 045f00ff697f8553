import type { OptimizerMemory, ParameterKind } from '../../learning/session.js'
import type { Network } from '../../network/description/network.js'
import { memoryOf } from '../partition/learning/slice-parameters.js'
import type { ArrayName } from '../partition/partition.js'
import { learnableArrays } from './merge-state.js'

/** The arrays of which the optimisers of the partitions remember something, as their session knows from what it has ordered. */
export interface RememberedArrays {
  /** A step along these kinds was taken for good. */
  add(learned: readonly ParameterKind[]): void
  /** The optimisers were put back to these memories, and have no others. */
  replace(memories: readonly OptimizerMemory[]): void
  all(): readonly ArrayName[]
}

export function createRememberedArrays(network: Network): RememberedArrays {
  const learnable = learnableArrays(network)
  let known: ReadonlySet<ArrayName> = new Set()
  return {
    add(learned) {
      known = new Set(learnable.filter((array) => known.has(array) || learned.includes(array.kind)))
    },
    replace(memories) {
      known = new Set(learnable.filter((array) => memoryOf(memories, array) !== undefined))
    },
    all: () => [...known],
  }
}
