import { open } from '../../dist/index.js'
import { countSpikes, SEED } from '../measure/count-spikes.js'
import { trainingCost } from '../measure/training-cost.js'
import { missingForSurrogate, runSurrogate } from '../rivals/run-surrogate.js'
import type { Finding, Settings } from '../suite.js'
import { imageWorkload, yinYangWorkload } from '../workloads.js'

/** Time steps of a trial. */
const STEPS = [100, 50, 25] as const

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
    const rivals = STEPS.map((steps) => ({ steps, ...runSurrogate(workload, steps, settings) }))
    const { hidden } = await countSpikes(workload)
    yield {
      name: `${workload.name}: processor time`,
      value: processorTime,
      unit: 'us/sample',
      against: rivals.map((rival) => ({
        name: `surrogate gradients in ${rival.steps} steps, ${rival.versions}`,
        value: rival.processorTime,
      })),
      counts: {
        'hidden spikes a sample': hidden,
        ...Object.fromEntries(
          rivals.map(({ steps, hiddenSpikes }) => [`of the rival in ${steps} steps`, hiddenSpikes] as const),
        ),
      },
    }
  }
}
