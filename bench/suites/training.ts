import { open } from '../../dist/index.js'
import { type Floors, openFloors } from '../floor/open-floors.js'
import { countSpikes, SEED, type SpikeCounts } from '../measure/count-spikes.js'
import { leastCost } from '../measure/least-cost.js'
import { openTimed } from '../measure/open-timed.js'
import { trainingCost } from '../measure/training-cost.js'
import type { Finding, Settings } from '../suite.js'
import { imageWorkload, type Workload, yinYangWorkload } from '../workloads.js'

/** What a trained sample costs, everything included, beside adding its weight rows once forward and once backward. */
export async function* trainingSuite(settings: Settings): AsyncGenerator<Finding> {
  const floors = await openFloors(settings)
  try {
    if (floors.missing !== null) yield { note: floors.missing }
    for (const workload of [yinYangWorkload(32), imageWorkload({ batch: 128 }), imageWorkload({ batch: 5 })])
      yield* figuresOf(workload, floors, settings)
  } finally {
    floors.close()
  }
}

async function* figuresOf(workload: Workload, floors: Floors, settings: Settings): AsyncGenerator<Finding> {
  const { name, task } = workload
  const spikes = await countSpikes(workload)
  const least = await leastCost(spikes, workload, floors)
  const session = await open(task.network, { seed: SEED })
  const { processorTime, wallTime } = await trainingCost(session, workload, settings)
  await session.close()
  const counts = namedCounts(spikes)
  yield { name: `${name}: processor time`, value: processorTime, unit: 'us/sample', against: least, counts }
  const most = least.map((rival) => ({ name: rival.name, value: 1e6 / rival.value }))
  yield { name: `${name}: training`, value: 1e6 / wallTime, unit: 'samples/s', against: most }
  const [outside, all] = await timeOutsideKernels(workload, settings)
  const against = [{ name: 'all of it', value: all }]
  yield { name: `${name}: outside kernels and optimiser`, value: outside, unit: 'us/sample', against }
}

/** Wall time in microseconds per sample: outside, and in all. */
async function timeOutsideKernels(workload: Workload, settings: Settings): Promise<readonly [number, number]> {
  const { session, kernelSeconds } = openTimed(workload.task.network, SEED)
  const { wallTime, kernelTime } = await trainingCost(session, workload, settings, kernelSeconds)
  await session.close()
  return [wallTime - kernelTime, wallTime]
}

function namedCounts({ input, hidden, output, synapticEvents }: SpikeCounts): Readonly<Record<string, number>> {
  return {
    'input spikes': input,
    'hidden spikes': hidden,
    'output spikes': output,
    'synaptic events a sample': synapticEvents,
  }
}
