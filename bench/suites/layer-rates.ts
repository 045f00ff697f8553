import { definePlacement, openCluster, type Placement, placeOnCores } from '../../dist/index.js'
import { type Contestant, contest } from '../measure/contest.js'
import { SEED } from '../measure/count-spikes.js'
import { SLOW_ADAM } from '../measure/training-cost.js'
import { figuresOfTurns } from '../measure/turn-figures.js'
import type { Finding, Settings } from '../suite.js'
import { deepWorkload } from '../workloads.js'

const WORKLOAD = deepWorkload({ batch: 128 })
const { network } = WORKLOAD.task

/** One hidden layer on each of two cores. */
const APART = definePlacement(network, [
  [
    { group: 'input', start: 0, end: 784 },
    { group: 'hidden1', start: 0, end: 256 },
  ],
  [
    { group: 'hidden2', start: 0, end: 256 },
    { group: 'output', start: 0, end: 10 },
  ],
])

const WAYS: readonly { readonly name: string; readonly placement: Placement; readonly microBatch: 'auto' | number }[] =
  [
    { name: 'all trials at once', placement: APART, microBatch: Number.POSITIVE_INFINITY },
    { name: 'in micro-batches', placement: APART, microBatch: 'auto' },
    {
      name: 'every layer on both, all trials at once',
      placement: placeOnCores(network, 2),
      microBatch: Number.POSITIVE_INFINITY,
    },
  ]

/** What micro-batches bring where each layer is on a core of its own, in threads; all train in turns. */
export async function* layerRates(settings: Settings): AsyncGenerator<Finding> {
  const contestants = WAYS.map(({ placement, microBatch }): Contestant => {
    return {
      workload: WORKLOAD,
      step: { ...SLOW_ADAM, loss: WORKLOAD.task.loss },
      async open() {
        const options = { seed: SEED, transport: 'thread', microBatch } as const
        return { sessions: [await openCluster(network, placement, options)], processes: [] }
      },
    }
  })
  const turns = await contest(contestants, settings)
  const [first] = turns
  for (const [k, { name }] of WAYS.entries()) {
    const opponents = k === 0 ? [] : [{ name: WAYS[0]?.name ?? '', turns: first ?? [] }]
    yield* figuresOfTurns(`${WORKLOAD.name}, a layer a core: ${name}`, turns[k] ?? [], opponents)
  }
}
