import { open, openCluster, placeOnCores, type Session } from '../../dist/index.js'
import { SEED } from '../measure/count-spikes.js'
import { trainingCost } from '../measure/training-cost.js'
import type { Figure, Finding, Settings } from '../suite.js'
import { imageWorkload } from '../workloads.js'

const WORKLOAD = imageWorkload({ batch: 128 })
const { network } = WORKLOAD.task
const COUNTS = [1, 2]

/** Trained samples per second on 1 and 2 threads, and on 1 and 2 partitions over websockets. */
export async function* scalingSuite(settings: Settings): AsyncGenerator<Finding> {
  yield* rates('threads', settings, (threads) => open(network, { seed: SEED, threads }))
  yield* rates('partitions over websockets', settings, (cores) =>
    openCluster(network, placeOnCores(network, cores), { seed: SEED }),
  )
}

async function* rates(
  name: string,
  settings: Settings,
  openOn: (count: number) => Promise<Session>,
): AsyncGenerator<Figure> {
  let one = Number.NaN
  for (const count of COUNTS) {
    const session = await openOn(count)
    const { wallTime } = await trainingCost(session, WORKLOAD, settings)
    await session.close()
    const value = 1e6 / wallTime
    if (count === 1) one = value
    const against = [{ name: 'as fast as 1', value: one }]
    yield { name: `${WORKLOAD.name}: ${count} ${name}`, value, unit: 'samples/s', against }
  }
}
