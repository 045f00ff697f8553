import {
  type MemoryTraffic,
  TRAFFIC_CATEGORIES,
  type TrafficCategory,
  totalTraffic,
} from '../../dist/dynamics/traffic/memory-traffic.js'
import { measureTraffic } from '../measure/memory-traffic.js'
import type { Finding, Settings } from '../suite.js'
import { IMAGES, imageWorkload } from '../workloads.js'

/** Neurons of the layers, and the bytes of a number of dense training. */
const [N0, N1, N2] = [IMAGES.inputs, 350, 10]
const BYTES = 4

/** Sums over categories. */
const SUMS = {
  'state and tape': ['state', 'tape'],
  total: TRAFFIC_CATEGORIES,
} as const satisfies Record<string, readonly TrafficCategory[]>

/**
 * Bytes read and written per trained sample of the shape of MNIST, counted by the running kernels: event by event, and
 * by surrogate gradients on a grid of T points; B samples a mini-batch.
 */
export async function* trafficSuite({ quick }: Settings): AsyncGenerator<Finding> {
  const samples = quick ? 8 : 128
  yield {
    note:
      'exact: doubles; clearing gradients, adding them up over trials and handing them over included. ' +
      'Surrogate: 32 bits, nothing of the kind included. Optimisers, constants of neurons and what an engine puts from ' +
      'registers onto its own stack: neither.',
  }
  for (const batch of [1, samples]) {
    const { task } = imageWorkload({ batch })
    const exact = await measureTraffic(task, { batch, samples, steps: null })
    for (const steps of quick ? [100] : [100, 1000]) {
      const grid = await measureTraffic(task, { batch, samples, steps })
      const counts = {
        ...{ T: steps, B: batch, 'input spikes': IMAGES.spikes },
        ...{ 'hidden spikes': exact.hidden, 'on the grid': grid.hidden },
      }
      const figure = (name: string, of: (traffic: MemoryTraffic) => number, dense: number | null = null): Finding => ({
        ...{ name: `${name}, T = ${steps}, B = ${batch}`, value: of(exact.traffic), unit: 'bytes/sample' },
        against: [
          { name: 'surrogate gradients', value: of(grid.traffic) },
          ...(dense === null ? [] : [{ name: 'dense time steps, by formula', value: dense }]),
        ],
        counts,
      })
      for (const category of TRAFFIC_CATEGORIES) yield figure(category, (traffic) => totalTraffic(traffic, [category]))
      yield figure('state and tape', (traffic) => totalTraffic(traffic, SUMS['state and tape']), denseState(steps))
      yield figure('total', (traffic) => totalTraffic(traffic, SUMS.total), denseTotal(steps, batch))
    }
  }
}

/** What dense training keeps, written and read once each, and its updates of states and adjoints: T steps of a sample. */
function denseState(steps: number): number {
  return 2 * BYTES * steps * (N0 + 3 * N1 + 2 * N2) + 8 * BYTES * steps * (N1 + N2)
}

/** With all weights and their gradients at every step, shared by the samples of a mini-batch. */
function denseTotal(steps: number, batch: number): number {
  const weights = N0 * N1 + N1 * N2
  return denseState(steps) + (BYTES * steps * (weights + N1 * N2 + 2 * weights)) / batch
}
