import { open } from '../../dist/index.js'
import { countSpikes, SEED } from '../measure/count-spikes.js'
import { trainingCost } from '../measure/training-cost.js'
import { missingForSurrogate, runSurrogate } from '../rivals/run-surrogate.js'
import type { Finding, Settings } from '../suite.js'
import { imageWorkload, yinYangWorkload } from '../workloads.js'

/** Processor time per trained sample beside a surrogate-gradient trainer in PyTorch of the same shape. */
export async function* rivalsSuite(settings: Settings): AsyncGenerator<Finding> {
  const missing = missingForSurrogate()
  if (missing !== null) {
    yield { note: missing }
    return
  }
  for (const workload of [yinYangWorkload(32), imageWorkload({ batch: 128 })]) {
    const session = await open(workload.task.network, { seed: SEED })
    const { processorTime } = await trainingCost(session, workload, settings)
    await session.close()
    const surrogate = runSurrogate(workload, settings)
    const { hidden } = await countSpikes(workload)
    yield {
      name: `${workload.name}: processor time`,
      value: processorTime,
      unit: 'us/sample',
      against: [{ name: `surrogate gradients in ${surrogate.versions}`, value: surrogate.processorTime }],
      counts: { 'hidden spikes a sample': hidden, 'hidden spikes a sample of the rival': surrogate.hiddenSpikes },
    }
  }
}
