import fc from 'fast-check'
import type { Placement } from '../../src/hardware/placement.js'
import { singleCore } from '../../src/hardware/single-core.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import type { Network } from '../../src/network/description/network.js'
import { arbitraryPlacement } from './arbitrary-placement.js'
import { cutNetworkCase, denseNetworkCase } from './cut-network-case.js'
import { repeatTrains } from './repeat-trains.js'

/** A network on some cores, each with replicas, and a mini-batch with a chunk for every one of them. */
export interface DealtCase {
  readonly network: Network
  readonly seed: number
  readonly placement: Placement
  readonly replicas: number
  readonly trials: LabelledTrials
}

export const dealtCase: fc.Arbitrary<DealtCase> = fc.oneof(cutNetworkCase, denseNetworkCase).chain((sample) =>
  fc
    .record({
      placement: fc.oneof(fc.constant(singleCore(sample.network)), arbitraryPlacement(sample.network, 3)),
      replicas: fc.constantFrom(2, 3, 4),
      more: fc.integer({ min: 1, max: 40 }),
    })
    .map(({ placement, replicas, more }) => {
      const { network, seed, trials: few } = sample
      const count = 32 * (replicas - 1) + more
      const labels = Uint8Array.from({ length: count }, (_, k) => few.labels[k % few.count]!)
      const inputs = { in: repeatTrains(few.inputs.in!, count) }
      return { network, seed, placement, replicas, trials: { ...few, count, labels, inputs } }
    }),
)
