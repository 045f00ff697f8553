import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files below test that take longest, the longest first. */
export const LONGEST: readonly string[] = [
  'dynamics/kernels/fused.test.ts',
  'dynamics/kernels/window-learned.test.ts',
  'actors/fleet/fleet.test.ts',
  'dynamics/kernels/window.test.ts',
  'dynamics/kernels/window-listed.test.ts',
  'cluster/kills.test.ts',
  'cluster/stale-coordinator.test.ts',
  'cluster/parted.test.ts',
  'cli/cores.test.ts',
  'laws/clusters.test.ts',
  'chaos.test.ts',
  'actors/open-cluster.test.ts',
  'learning/surrogate/learning.test.ts',
  'scripts/build.test.ts',
  'cli/train/checkpoints.test.ts',
  'actors/open-cluster-failures.test.ts',
  'laws/noise-placements.test.ts',
  'laws/gradients/cycles.test.ts',
  'laws/gradients/targets.test.ts',
  'dynamics/wasm/near-threshold.test.ts',
  'public/public-calls.test.ts',
  'cli/process.test.ts',
  'cli/recording/record-simulation.test.ts',
]

/**
 * Starts with the longest files, so that none of them is left to one process while the other has nothing to do. Where
 * nothing is known of earlier runs, files would go by their size: many of the longest are short to read.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = LONGEST.findIndex((path) => moduleId.endsWith(`/test/${path}`))
      return rank < 0 ? LONGEST.length : rank
    }
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}
