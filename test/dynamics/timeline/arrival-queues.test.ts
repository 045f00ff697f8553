import { expect, test } from 'vitest'
import { gradientViews, type LayoutPart, parameterLayout } from '../../../src/dynamics/parameters/parameter-layout.js'
import { initialParameters } from '../../../src/dynamics/parameters/parameter-vector.js'
import { combinePartialSums, partialSumsOf } from '../../../src/dynamics/parameters/partial-sums.js'
import { Synapses } from '../../../src/dynamics/parameters/synapses.js'
import { Pulse } from '../../../src/dynamics/pulse.js'
import { ArrivalQueues } from '../../../src/dynamics/timeline/arrival-queues.js'
import type { Arrivals } from '../../../src/dynamics/timeline/arrivals.js'
import { kernelInputs, type SourceSlices } from '../../../src/dynamics/timeline/kernel-input.js'
import { InternalError } from '../../../src/events/errors.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, perSource, perSynapse } from '../../../src/network/description/projections.js'
import type { LifValues } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'
import { batchOf } from '../kernels/kernel-for.js'

const SIZE = 34
const instance = instantiate(
  defineNetwork({
    groups: { in: source(2), x: lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: 1, adaptStep: 0.25, bias: 0.5 }) },
    projections: [
      connect('in', 'x', dense(1), { delay: 3 }),
      connect('in', 'x', dense(2), { delay: perSource([1, 4]) }),
      connect('in', 'x', dense(3), { delay: perSynapse(2) }),
      connect('in', 'x', dense(4)),
    ],
  }),
  0,
)
const wiring = new Synapses(instance.projections)
const group = instance.groups[1] as LifValues
const layout = parameterLayout(wiring, group)
const parameters = initialParameters(group, instance.projections, layout)
const delays = parameters.subarray(layout.delays, layout.bias)
wiring.followDelays(delays)

test('weights, delays, bias, threshold and adaptStep lie behind one another, partial sums of shared delays block by block behind all', () => {
  const count = 2 * SIZE
  expect(layout).toMatchObject({ weights: 0, delays: 4 * count, bias: 5 * count + 3, blocks: 2 })
  expect(layout).toMatchObject({ sharedCount: 4, sharedBase: [0, 2, -1, -1], shared: layout.length })
  expect(layout).toMatchObject({ groupBlocks: 2, nodes: [{ from: 0, to: 2 }] })
  expect(layout.gradientLength - layout.length).toBe(8)
  expect([parameters[0], parameters[count], parameters[3 * count]]).toEqual([1, 2, 4])
  expect([...delays.subarray(0, 4)]).toEqual([3, 1, 4, 2])
  expect([parameters[layout.bias], parameters[layout.threshold], parameters[layout.length - 1]]).toEqual([0.5, 1, 0.25])
})

test('what the gradients of some kinds are made of is a part of the gradient vector, each number of it once', () => {
  const taus = [
    { field: 'tauMem', isCommon: true },
    { field: 'tauSyn', isCommon: false },
  ] as const
  const learned = parameterLayout(wiring, group, taus)
  const vector = Float64Array.from({ length: learned.gradientLength }, (_, place) => place)
  const placesOf = (...parts: readonly LayoutPart[]) =>
    gradientViews(learned, vector, parts).flatMap((view) => [...view])
  const range = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k)
  const shared = range(learned.shared, 8)
  expect(placesOf('weights')).toEqual(range(0, learned.delays))
  expect(placesOf('delays')).toEqual([...range(learned.delays, 2 * SIZE + 3), ...shared])
  expect(placesOf('taus')).toEqual(range(learned.shared + 8, 2 * SIZE))
  const neurons = placesOf('bias', 'threshold', 'adaptStep')
  expect(neurons).toEqual(range(learned.bias, 3 * SIZE))
  // The places of time constants among the parameters are filled in from those of single neurons.
  const every = placesOf('weights', 'delays', 'bias', 'threshold', 'adaptStep', 'taus').sort((a, b) => a - b)
  expect(every).toEqual([...vector].filter((place) => place < learned.adaptStep + SIZE || place >= learned.shared))
})

test('the partial sums of a shared delay are added over blocks, and over source units if all of them share it', () => {
  const gradient = new Float64Array(layout.gradientLength)
  gradient.set([1, 2, 4, 8, 16, 32, 64, 128], layout.shared)
  const [scalar, perUnit] = [partialSumsOf(gradient, layout, 0, 2), partialSumsOf(gradient, layout, 2, 2)]
  expect([[...scalar.values], [...perUnit.values]]).toEqual([
    [17, 34],
    [68, 136],
  ])
  expect([...combinePartialSums('scalar', 2, [scalar])]).toEqual([51])
  expect([...combinePartialSums('perSource', 2, [perUnit])]).toEqual([68, 136])
  expect(() => combinePartialSums('perSynapse', 2, [perUnit])).toThrow(InternalError)
})

/** Of a run in windows with gradients, which has received batches through the second input. */
function queuesOf(until: number, batches: readonly SpikeBatch[], sourceSlices?: SourceSlices): ArrivalQueues {
  const queues = new ArrivalQueues(wiring, kernelInputs(wiring.afferents, sourceSlices), 1)
  queues.followDelays(delays)
  queues.begin({ trials: 1, until, whole: false, gradients: true }, new Pulse())
  for (const batch of batches) queues.receive(1, batch)
  return queues
}

const queued = ({ from, to }: Arrivals) => to - from

/** What returns once everything from `start` on is undone, in ms: ordinals of the batches' first spikes. */
function undone(queues: ArrivalQueues, start: number): readonly unknown[] {
  const firsts: number[] = []
  queues.markUndone(start)
  const returned = queues.takeReturned((_, { first }) => void firsts.push(first))
  return returned.map(({ input, batch }, k) => ({ input, batch, first: firsts[k] }))
}

test('the gradients of a batch return once nothing earlier than its first possible arrival is left, the last one first', () => {
  const spikes = [
    { time: 11, unit: 0 },
    { time: 12, unit: 1 },
  ]
  const batches = [batchOf([[{ time: 2, unit: 0 }]], [0, 10], 0), batchOf([spikes], [10, 20], 1)]
  const queues = queuesOf(50, batches)
  expect(queues.spikes(1)).toBe(3)
  expect(queued(queues.forward(0))).toBe(3 * SIZE)
  queues.markQueued()
  expect(queued(queues.forward(0))).toBe(3 * SIZE)

  queues.beginBackward(50)
  expect(undone(queues, 50)).toEqual([])
  expect(queued(queues.backward(0, 25))).toBe(0)
  expect(queued(queues.backward(0, 24))).toBe(2 * SIZE)
  queues.markUndone(24)
  expect(queued(queues.backward(0, 0))).toBe(3 * SIZE)

  expect(undone(queues, 12)).toEqual([])
  expect(undone(queues, 11)).toEqual([{ input: 1, batch: batches[1], first: 1 }])
  expect(undone(queues, 2)).toEqual([])
  expect(undone(queues, 0)).toEqual([{ input: 1, batch: batches[0], first: 0 }])
  expect(undone(queues, 0)).toEqual([])
})

test('the gradients of a batch that only arrives after the end return before anything is undone', () => {
  const batches = [batchOf([[]], [0, 10], 0), batchOf([[{ time: 10.5, unit: 0 }]], [10, 11], 1)]
  const queues = queuesOf(11, batches)
  queues.beginBackward(11)
  expect(undone(queues, 11)).toEqual([{ input: 1, batch: batches[1], first: 0 }])
})

test('of batches that are known late, gradients and what is undone wait for the latencies, too', () => {
  const spikes = [
    { time: 11, unit: 0 },
    { time: 12, unit: 1 },
  ]
  const batches = [batchOf([[{ time: 2, unit: 0 }]], [0, 10], 0), batchOf([spikes], [10, 20], 1)]
  const queues = queuesOf(50, batches, () => [{ start: 0, end: 2, latencies: Float64Array.of(2, 5) }])
  queues.beginBackward(50)
  const queuedFrom = (start: number) => {
    const queue = queues.backward(0, start)
    const count = queued(queue)
    queue.clear()
    return count
  }
  // The last spike of the second window could arrive at (20 + 5) + 4, the first one of the first at (0 + 2) + 1.
  expect(queuedFrom(29.1)).toBe(0)
  expect(queuedFrom(29)).toBe(2 * SIZE)
  expect(queuedFrom(19)).toBe(3 * SIZE)
  expect(undone(queues, 29)).toEqual([])
  expect(queuedFrom(19)).toBe(SIZE)
  expect(undone(queues, 13.1)).toEqual([])
  expect(undone(queues, 13)).toEqual([{ input: 1, batch: batches[1], first: 1 }])
  expect(undone(queues, 3.1)).toEqual([])
  expect(undone(queues, 3)).toEqual([{ input: 1, batch: batches[0], first: 0 }])
})
