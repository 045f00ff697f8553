import { readdirSync } from 'node:fs'
import type { Restart } from '../../dist/index.js'
import { built } from '../built.js'
import { comesTrue } from '../comes-true.js'
import type { Course } from '../course.js'
import { createKiller } from '../killer.js'
import { partitionProcesses } from '../partition-processes.js'
import { type Finding, type Grid, requireEqual, type Scenario } from '../scenario.js'

/** One scenario for each grid, with its share of the kills. */
export const PARTITION_KILLS: readonly Scenario[] = [
  partitionKills({ replicas: 1, cores: 3, processes: 2 }, 0.5),
  partitionKills({ replicas: 2, cores: 2 }, 0.3),
  partitionKills({ replicas: 3, cores: 1 }, 0.2),
]

/** Partitions in processes are killed while they train, and while they are restarted. */
function partitionKills(grid: Grid, share: number): Scenario {
  return async (settings, { createCourse }) => {
    const kills = Math.ceil(share * settings.kills)
    const course = createCourse(3 * kills, grid.replicas)
    const findings = await killPartitions(grid, course, kills, settings.seed)
    return findings.map(({ what, ...found }) => ({ ...found, what: `${grid.replicas} × ${grid.cores}: ${what}` }))
  }
}

async function killPartitions(grid: Grid, course: Course, kills: number, seed: number): Promise<readonly Finding[]> {
  const expected = await undisturbedDigest(course)
  const descriptors = countDescriptors()
  const start = performance.now()
  const { digest, restarts, fallen } = await disturbedDigest(grid, course, kills, seed)
  requireEqual('digest after kills of partitions', digest, expected)
  if (fallen < kills) throw new Error(`only ${fallen} of ${kills} partitions were killed`)
  requireEqual('partitions left', partitionProcesses().length, 0)
  // Sockets are closed by the event loop, a moment after their ends.
  await comesTrue(() => countDescriptors() <= descriptors)
  const leaked = countDescriptors() - descriptors
  if (leaked > 0) throw new Error(`${leaked} file descriptors are left`)
  return [
    { what: 'partitions killed', value: fallen, unit: '' },
    { what: 'restarts', value: restarts.length, unit: '' },
    { what: 'steps trained', value: course.steps, unit: '' },
    { what: 'steps repeated', value: restarts.reduce((sum, { repeated }) => sum + repeated, 0), unit: '' },
    { what: 'file descriptors left', value: Math.max(0, leaked), unit: '' },
    { what: 'time', value: (performance.now() - start) / 1000, unit: 's' },
  ]
}

export async function undisturbedDigest(course: Course): Promise<string> {
  await using session = await built.open(course.task.network, { seed: course.seed })
  return await course.run(session)
}

/** Trains while partitions are killed; kills that are left after the training fall before its end is looked at. */
export async function disturbedDigest(grid: Grid, course: Course, kills: number, seed: number) {
  const { replicas, cores, processes = replicas * cores } = grid
  const { network } = course.task
  const restarts: Restart[] = []
  const killer = createKiller({ seed, kills, steps: course.steps })
  await using session = await built.openCluster(network, built.placeOnCores(network, cores), {
    seed: course.seed,
    replicas,
    processes,
    microBatch: 8,
    restarts: Number.POSITIVE_INFINITY,
    onRestart: (restart) => void restarts.push(restart),
  })
  let step = 0
  const digest = await course.run(session, () => killer.afterStep(++step))
  await killer.settled()
  while (killer.kills < kills) {
    await killer.strike()
    await session.save()
  }
  return { digest, restarts, fallen: killer.kills }
}

export function countDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}
