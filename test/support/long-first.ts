import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files below test that compute longest, the longest first. */
const COMPUTING = [
  'dynamics/kernels/fused.test.ts',
  'laws/one-engine.test.ts',
  'dynamics/kernels/window.test.ts',
  'laws/unscaled-windows.test.ts',
  'dynamics/kernels/simd.test.ts',
  'dynamics/kernels/reference.test.ts',
  'public/public-calls.test.ts',
  'dynamics/kernels/window/maxima-in-intervals.test.ts',
  'dynamics/kernels/window/maxima.test.ts',
  'laws/gradients/cycles.test.ts',
  'laws/gradients/targets.test.ts',
  'laws/latencies.test.ts',
  'laws/near-miss-placements.test.ts',
  'operators/routed-session.test.ts',
  'laws/own-loss-gradients.test.ts',
  'structure/floating-promises.test.ts',
  'laws/watching.test.ts',
  'dynamics/kernels/window/learned-parameters.test.ts',
  'laws/noise-placements.test.ts',
] as const

/** Those that rather wait, for other processes or for time to pass. */
const WAITING = [
  'cluster/kills.test.ts',
  'demos/demos.test.ts',
  'actors/modules/hanging-modules.test.ts',
  'chaos/chaos.test.ts',
  'actors/fleet/fleet.test.ts',
  'cluster/stale-coordinator.test.ts',
  'cluster/parted.test.ts',
  'cli/cores.test.ts',
  'laws/clusters.test.ts',
  'cluster/by-way-of-nats.test.ts',
  'cluster/one-url.test.ts',
  'actors/open-cluster.test.ts',
  'cluster/refused.test.ts',
  'cli/process.test.ts',
  'cli/recording/record-simulation.test.ts',
  'actors/open-cluster-failures.test.ts',
  'actors/restarts.test.ts',
] as const

/** What to start with: of either kind in turn, so that some compute while others wait. */
export const LONGEST: readonly string[] = COMPUTING.flatMap((path, k) => [path, ...WAITING.slice(k, k + 1)])

/**
 * Starts with the longest files, so that none of them is left to one process while the others have nothing to do. Where
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
