import { leastLatency } from '../../hardware/least-latency.js'
import type { Placement } from '../../hardware/placement.js'
import type { Parameters, SessionState } from '../../learning/session.js'
import { readParameters } from '../../learning/state/read-parameters.js'
import { readState } from '../../learning/state/read-state.js'
import type { Network } from '../../network/description/network.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import { instantiate } from '../../network/instance/instantiate.js'
import type { Partition, RestoredSlice, SliceState } from '../partition/partition.js'
import { splitState } from './merge-state.js'
import type { RememberedArrays } from './remembered-arrays.js'

export interface GivenStateOptions {
  readonly network: Network
  readonly placement: Placement
  /** With which the partitions have drawn their numbers. */
  readonly seed: number
  /** One per core. */
  readonly partitions: readonly Partition[]
  readonly remembered: Pick<RememberedArrays, 'replace'>
}

/** Hands what a user gives a session to its partitions, each slice its part. */
export interface GivenState {
  /** Puts parameters and optimisers back to a state that was saved. */
  restore(state: SessionState): Promise<void>
  /** Replaces the parameters; the optimisers remember what they did. */
  setParameters(parameters: Parameters): Promise<void>
}

/** Both check all of what they are given before any slice gets its part. */
export function createGivenState({ network, placement, seed, partitions, remembered }: GivenStateOptions): GivenState {
  const latencyOf = leastLatency(
    placement.cores.map(({ slices }) => slices),
    placement.latencies,
  )
  let begun: NetworkInstance | null = null

  /** What parameters are checked against. */
  function beginning(): NetworkInstance {
    begun ??= instantiate(network, seed)
    return begun
  }

  async function handOut(state: SessionState, partOf: (slice: SliceState) => RestoredSlice): Promise<void> {
    const held = await Promise.all(partitions.map((partition) => partition.parameters()))
    const slices = splitState(network, state, held.flat()).map(partOf)
    let next = 0
    await Promise.all(
      partitions.map((partition, k) => {
        const first = next
        next += held[k]?.length ?? 0
        return partition.restore(slices.slice(first, next))
      }),
    )
  }

  return {
    restore: async (state) => {
      const plain = readState(beginning(), state, 'state', latencyOf)
      // Where it fails midway, nothing is known of them any more.
      remembered.replace([])
      await handOut(plain, ({ parameters, memories }) => ({ parameters, memories }))
      remembered.replace(plain.memories)
    },
    setParameters: async (given) => {
      const parameters = readParameters(beginning(), given, 'parameters', latencyOf)
      await handOut({ parameters, memories: [] }, (slice) => ({ parameters: slice.parameters, memories: null }))
    },
  }
}
