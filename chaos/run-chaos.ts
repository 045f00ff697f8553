import { undisturbedMetrics } from './command.js'
import { createCourse } from './course.js'
import type { ChaosSettings, Finding, Scenario, Undisturbed } from './scenario.js'
import { badDisk } from './scenarios/bad-disk.js'
import { coordinatorKills } from './scenarios/coordinator-kills.js'
import { PARTITION_KILLS } from './scenarios/partition-kills.js'
import { soak } from './scenarios/soak.js'
import { splitFrames } from './scenarios/split-frames.js'

/** Every way to disturb a run, one after the other; rejects with the first thing that is not as it must be. */
export async function* runChaos(settings: ChaosSettings): AsyncGenerator<Finding> {
  const scenarios: readonly Scenario[] = [...PARTITION_KILLS, coordinatorKills, splitFrames, badDisk]
  let metrics: Promise<string> | null = null
  const undisturbed: Undisturbed = {
    createCourse: (least, replicas) => createCourse(settings.seed, least, replicas),
    metrics() {
      metrics ??= undisturbedMetrics()
      return metrics
    },
  }
  for (const scenario of settings.soak > 0 ? [...scenarios, soak] : scenarios)
    yield* await scenario(settings, undisturbed)
}
