import { type ClusterSession, openCluster, placeOnCores, type Task } from '../../dist/index.js'
import { miniBatch } from '../../dist/learning/mini-batch.js'
import type { Settings } from '../suite.js'
import { PRESET, PRESET_STEP } from '../workloads.js'
import { SEED } from './count-spikes.js'
import { ownSeconds, secondsOfProcess } from './processor-time.js'

/** What training costs on the wire and outside the kernels. */
export interface TrafficCost {
  readonly bytesPerSpike: number
  readonly bytesPerGradientEvent: number
  readonly messagesPerBatch: number
  /** Share of the partitions' wall time that they do not spend in kernels and optimisers, waiting included. */
  readonly outside: number
  /** Of all processes, in microseconds per sample. */
  readonly processorTime: number
  readonly samplesPerSecond: number
}

/** Trains Yin-Yang, 120 hidden, over websockets on partitions that are processes. */
export async function trafficCost(cores: number, { quick }: Settings): Promise<TrafficCost> {
  // Steps before the first one that counts: the engine compiles.
  const [warmUp, steps] = quick ? [1, 3] : [150, 300]
  const { task } = PRESET
  const session = await openCluster(task.network, placeOnCores(task.network, cores), {
    seed: SEED,
    transport: 'websocket',
  })
  try {
    await trainSteps(session, task, warmUp)
    const before = await standOf(session)
    const started = performance.now()
    await trainSteps(session, task, steps)
    const seconds = (performance.now() - started) / 1000
    const after = await standOf(session)
    const grown = (of: keyof typeof after) => after[of] - before[of]
    return {
      bytesPerSpike: grown('forwardBytes') / grown('spikes'),
      bytesPerGradientEvent: grown('backwardBytes') / grown('gradientEvents'),
      messagesPerBatch: grown('messages') / steps,
      outside: 1 - grown('kernelSeconds') / (cores * seconds),
      processorTime: (1e6 * grown('processorSeconds')) / (steps * PRESET.batch),
      samplesPerSecond: (steps * PRESET.batch) / seconds,
    }
  } finally {
    await session.close()
  }
}

async function trainSteps(session: ClusterSession, { train, until }: Task, steps: number): Promise<void> {
  for (let k = 0; k < steps; k++) {
    const samples = Uint32Array.from({ length: PRESET.batch }, (_, sample) => (k * PRESET.batch + sample) % train.size)
    await session.train(miniBatch(train, samples, until), PRESET_STEP)
  }
}

/** Sums over all links and processes so far. Layers run one way, so that a link's direction carries spikes or gradients. */
async function standOf(session: ClusterSession) {
  const traffic = await session.traffic()
  const total = (of: (sent: (typeof traffic)[number]['sent']) => number) =>
    traffic.reduce((sum, { sent }) => sum + of(sent), 0)
  const kernelSeconds = (await session.kernelSeconds()).reduce((sum, seconds) => sum + seconds, 0)
  return {
    spikes: total(({ spikes }) => spikes),
    gradientEvents: total(({ gradientEvents }) => gradientEvents),
    forwardBytes: total(({ spikes, bytes }) => (spikes > 0 ? bytes : 0)),
    backwardBytes: total(({ gradientEvents, bytes }) => (gradientEvents > 0 ? bytes : 0)),
    messages: total(({ messages }) => messages),
    kernelSeconds,
    processorSeconds: session.workers.reduce((sum, { id }) => sum + secondsOfProcess(id), ownSeconds()),
  }
}
