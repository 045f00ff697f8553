import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files below test that compute longest, the longest first. */
const COMPUTING = [
  'dynamics/kernels/window-unscaled.long.test.ts',
  'demos/every-demo.ci.test.ts',
  'laws/one-engine.ci.test.ts',
  'dynamics/kernels/fused.test.ts',
  'laws/watching.ci.test.ts',
  'laws/spike-times.test.ts',
  'public/every-public-call.ci.test.ts',
  'structure/whole-program.ci.test.ts',
  'dynamics/kernels/window.test.ts',
  'operators/routed-session.test.ts',
  'dynamics/kernels/simd.test.ts',
  'laws/own-loss-gradients.ci.test.ts',
  'dynamics/kernels/reference.test.ts',
  'laws/latencies.ci.test.ts',
  'structure/layers.test.ts',
  'laws/gradients/targets.test.ts',
  'testing/actor/actor-suite.ci.test.ts',
  'laws/gradients/cycles.test.ts',
] as const

/** Those that rather wait, for other processes or for time to pass. */
const WAITING = [
  'cluster/kills.ci.test.ts',
  'cluster/guide.ci.test.ts',
  'cluster/stale-coordinator.ci.test.ts',
  'chaos/chaos.ci.test.ts',
  'demos/demos.test.ts',
  'actors/fleet/fleet.test.ts',
  'cli/cores.ci.test.ts',
  'scripts/build.ci.test.ts',
  'cli/worker/worker-process.ci.test.ts',
  'cluster/by-way-of-nats.ci.test.ts',
  'cli/cores.test.ts',
  'actors/open-cluster-failures.ci.test.ts',
  'actors/modules/hanging-modules.ci.test.ts',
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
