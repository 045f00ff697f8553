import { open } from '../../dist/index.js'
import { SEED } from '../measure/count-spikes.js'
import { trainingCost } from '../measure/training-cost.js'
import type { Finding, Settings } from '../suite.js'
import { imageWorkload } from '../workloads.js'
import { layerRates } from './layer-rates.js'
import { partitionRates } from './partition-rates.js'

const WORKLOAD = imageWorkload({ batch: 128 })
const COUNTS = [1, 2]

/** Trained samples per second on 1 and 2 threads of one process, and on 1, 2 and 4 partitions, and with a layer on each of two. */
export async function* scalingSuite(settings: Settings): AsyncGenerator<Finding> {
  let one = Number.NaN
  for (const threads of COUNTS) {
    const session = await open(WORKLOAD.task.network, { seed: SEED, threads })
    const { wallTime } = await trainingCost(session, WORKLOAD, settings)
    await session.close()
    const value = 1e6 / wallTime
    if (threads === 1) one = value
    const against = [{ name: 'as fast as 1', value: one }]
    yield { name: `${WORKLOAD.name}: ${threads} threads`, value, unit: 'samples/s', against }
  }
  yield* partitionRates(settings)
  yield* layerRates(settings)
}
