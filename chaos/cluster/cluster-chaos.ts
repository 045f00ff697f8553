import { createRandomStream } from '../../dist/numerics/random-stream.js'
import { openManyMachines } from '../../test/support/many-machines.js'
import { whyNoMachines } from '../../test/support/namespaces.js'
import type { Finding } from '../scenario.js'
import { clusterSoak } from './cluster-soak.js'
import { openFuzzer } from './fuzzer.js'
import type { Spread } from './small-training.js'
import { workerKills } from './worker-kills.js'
import { createWorkforce } from './workforce.js'

export interface ClusterChaosSettings extends Spread {
  readonly seed: number
  /** Of workers. */
  readonly kills: number
  /** In minutes. */
  readonly soak: number
}

/** The last machine is the fuzzer's. */
const WORKERS = 4

/**
 * Trainings on four workers, each on a machine of its own in a namespace of the network. Workers are killed, come and go,
 * and a stranger on another machine says anything at all to every port there is; all runs must come to the bits of one process.
 */
export async function* runClusterChaos({
  seed,
  kills,
  soak,
  ...spread
}: ClusterChaosSettings): AsyncGenerator<Finding> {
  const missing = whyNoMachines()
  if (missing !== null) throw new Error(`machines of one's own ${missing}`)
  await using machines = await openManyMachines({ workers: WORKERS + 1 })
  await using workforce = await createWorkforce(machines, WORKERS)
  await using fuzzer = await openFuzzer(machines, machines.places.workers[WORKERS], workforce.ports)
  const random = (name: string) => createRandomStream(seed, `chaos/cluster/${name}`)
  if (kills > 0) yield* await workerKills(machines, workforce, { random: random('kills'), kills, spread })
  if (soak > 0) yield* await clusterSoak(machines, workforce, { random: random('soak'), minutes: soak, spread })
  yield { what: 'connections of the fuzzer', value: await fuzzer.connections(), unit: '' }
}
