import { type MemoryTraffic, TRAFFIC_CATEGORIES, trafficBetween } from '../../dist/dynamics/traffic/memory-traffic.js'
import { open, type Session, type StepOptions, type Task } from '../../dist/index.js'
import { openSurrogate } from '../../dist/learning/surrogate/open-surrogate.js'
import { SEED } from './count-spikes.js'

/** Bytes per trained sample, and hidden spikes of a sample. */
export interface TrafficPerSample {
  readonly traffic: MemoryTraffic
  readonly hidden: number
}

/** So small that the spikes stay as many as they are. */
const RATE = 1e-12

/** Trains samples of a task, `batch` at a time: event by event, or on a grid of `steps` points. */
export async function measureTraffic(
  { network, train, loss, until }: Task,
  { batch, samples, steps }: { readonly batch: number; readonly samples: number; readonly steps: number | null },
): Promise<TrafficPerSample> {
  await using session =
    steps === null ? await open(network, { seed: SEED }) : openSurrogate(network, { seed: SEED, dt: until / steps })
  const trialsFrom = (first: number, count: number) => {
    const numbers = Uint32Array.from({ length: count }, (_, k) => first + k)
    return { count, until, inputs: train.encode(numbers), labels: train.labels.slice(first, first + count) }
  }
  const { spikes } = await session.simulate(trialsFrom(0, samples))
  const step: StepOptions = {
    loss,
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    rates: { weights: RATE },
    bounds: {},
    clipNorm: Infinity,
    silentLabelHinge: 0,
    silentHinge: {},
    silentWeightStep: {},
  }
  // From here on every step finds weights that the step before has changed.
  await session.train(trialsFrom(0, batch), step)
  const before = await trafficOf(session)
  for (let first = 0; first < samples; first += batch) await session.train(trialsFrom(first, batch), step)
  const traffic = trafficBetween(before, await trafficOf(session))
  return { traffic: perSample(traffic, samples), hidden: (spikes.hidden?.times.length ?? 0) / samples }
}

async function trafficOf(session: Session): Promise<MemoryTraffic> {
  const traffic = await session.memoryTraffic?.()
  if (traffic === undefined) throw new Error('The session does not count its memory traffic.')
  return traffic
}

function perSample(traffic: MemoryTraffic, samples: number): MemoryTraffic {
  const shares = TRAFFIC_CATEGORIES.map((category) => {
    const { read, written } = traffic[category]
    return [category, { read: read / samples, written: written / samples }]
  })
  return Object.fromEntries(shares) as MemoryTraffic
}
