import type { Session, StepOptions } from '../../dist/index.js'
import { miniBatch } from '../../dist/learning/mini-batch.js'
import type { Settings } from '../suite.js'
import type { Workload } from '../workloads.js'
import { median } from './median.js'
import { ownSeconds } from './processor-time.js'

/** What a trained sample costs, everything included: encoding, forward, backward, optimiser. */
export interface TrainingCost {
  /** Microseconds of processor time of this process, all its threads together. */
  readonly processorTime: number
  /** Microseconds by the wall clock. */
  readonly wallTime: number
  /** Microseconds in kernels and optimisers by the wall clock; 0 if nobody counts them. */
  readonly kernelTime: number
}

/** Weights alone; so slowly that the spikes stay as many as they are. */
export const SLOW_ADAM: Omit<StepOptions, 'loss'> = {
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rates: { weights: 1e-9 },
  bounds: {},
  clipNorm: Infinity,
  silentLabelHinge: 0,
  silentHinge: {},
  silentWeightStep: {},
}

const SLICES = 9
/** Most seconds of warm-up, and how many in a row have to be no better than those before. */
const WARM_UP = { most: 16, steady: 3 }

/**
 * Trains for a while and takes the medians of several slices of time.
 *
 * @param kernelSeconds seconds that the session has spent in kernels and optimisers so far
 */
export async function trainingCost(
  session: Session,
  workload: Workload,
  { quick }: Settings,
  kernelSeconds: () => Promise<number> = async () => 0,
): Promise<TrainingCost> {
  const { task, batch } = workload
  const step: StepOptions = { ...SLOW_ADAM, loss: task.loss }
  let next = 0
  const trainFor = async (seconds: number): Promise<TrainingCost> => {
    const inKernels = await kernelSeconds()
    const [cpu, wall] = [ownSeconds(), performance.now()]
    let samples = 0
    while (samples === 0 || performance.now() < wall + 1000 * seconds) {
      const chosen = Uint32Array.from({ length: batch }, (_, trial) => (next + trial) % task.train.size)
      await session.train(miniBatch(task.train, chosen, task.until), step)
      next += batch
      samples += batch
    }
    const processorTime = (1e6 * (ownSeconds() - cpu)) / samples
    const wallTime = (1000 * (performance.now() - wall)) / samples
    return { processorTime, wallTime, kernelTime: (1e6 * ((await kernelSeconds()) - inKernels)) / samples }
  }
  // The engine compiles what has run for a while, and goes on improving it.
  let best = Number.POSITIVE_INFINITY
  for (let second = 0, steady = 0; !quick && second < WARM_UP.most && steady < WARM_UP.steady; second++) {
    const { processorTime } = await trainFor(1)
    steady = processorTime > 0.98 * best ? steady + 1 : 0
    best = Math.min(best, processorTime)
  }
  const slices: TrainingCost[] = []
  for (let slice = 0; slice < (quick ? 1 : SLICES); slice++) slices.push(await trainFor(quick ? 0 : 0.5))
  const typical = (field: keyof TrainingCost) => median(slices.map((slice) => slice[field]))
  return { processorTime: typical('processorTime'), wallTime: typical('wallTime'), kernelTime: typical('kernelTime') }
}
