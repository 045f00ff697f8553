import { expect, test } from 'vitest'
import { Arrivals } from '../../../src/dynamics/inputs/arrivals.js'
import { kernelInputs } from '../../../src/dynamics/inputs/kernel-input.js'
import { SpikeBuffer } from '../../../src/dynamics/inputs/spike-buffer.js'
import { parameterLayout } from '../../../src/dynamics/parameters/parameter-layout.js'
import { initialParameters } from '../../../src/dynamics/parameters/parameter-vector.js'
import { combinePartialSums, partialSumsOf } from '../../../src/dynamics/parameters/shared-delays.js'
import { Synapses } from '../../../src/dynamics/parameters/synapses.js'
import { InternalError } from '../../../src/events/errors.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { lif, source } from '../../../src/network/description/groups.js'
import { connect, dense, perSource, perSynapse } from '../../../src/network/description/projections.js'
import type { LifValues } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
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

test('the gradients of a batch return once nothing earlier than its first possible arrival is left, the last one first', () => {
  const spikeBuffer = new SpikeBuffer(wiring, kernelInputs(wiring.afferents), 1)
  spikeBuffer.followDelays(delays)
  spikeBuffer.begin({ until: 50, whole: false, gradients: true })
  const batches = [
    batchOf([[{ time: 2, unit: 0 }]], [0, 10], 0),
    batchOf(
      [
        [
          { time: 11, unit: 0 },
          { time: 12, unit: 1 },
        ],
      ],
      [10, 20],
      1,
    ),
  ]
  for (const batch of batches) spikeBuffer.receive(1, batch)
  expect(spikeBuffer.spikes(1)).toBe(3)
  const queue = new Arrivals(wiring)
  spikeBuffer.fillForward(queue, 0, delays)
  expect(queue.to - queue.from).toBe(3 * SIZE)
  spikeBuffer.markQueued()
  spikeBuffer.fillForward(queue, 0, delays)
  expect(queue.to - queue.from).toBe(3 * SIZE)

  spikeBuffer.beginBackward(50)
  expect(spikeBuffer.takeReturnable(0)).toBeNull()
  expect(spikeBuffer.takeReturnable(1)).toBeNull()

  queue.clear()
  spikeBuffer.fillBackward(queue, 0, 25, delays)
  expect(queue.to - queue.from).toBe(0)
  spikeBuffer.fillBackward(queue, 0, 24, delays)
  expect(queue.to - queue.from).toBe(2 * SIZE)
  spikeBuffer.markUndone(24)
  queue.clear()
  spikeBuffer.fillBackward(queue, 0, 0, delays)
  expect(queue.to - queue.from).toBe(SIZE)

  spikeBuffer.markUndone(12)
  expect(spikeBuffer.takeReturnable(1)).toBeNull()
  spikeBuffer.markUndone(11)
  expect(spikeBuffer.takeReturnable(1)).toMatchObject({ batch: batches[1], first: 1 })
  spikeBuffer.markUndone(2)
  expect(spikeBuffer.takeReturnable(1)).toBeNull()
  spikeBuffer.markUndone(0)
  expect(spikeBuffer.takeReturnable(1)).toMatchObject({ batch: batches[0], first: 0 })
  expect(spikeBuffer.takeReturnable(1)).toBeNull()
})

test('the gradients of a batch that only arrives after the end return before anything is undone', () => {
  const spikeBuffer = new SpikeBuffer(wiring, kernelInputs(wiring.afferents), 1)
  spikeBuffer.followDelays(delays)
  spikeBuffer.begin({ until: 11, whole: false, gradients: true })
  const batches = [batchOf([[]], [0, 10], 0), batchOf([[{ time: 10.5, unit: 0 }]], [10, 11], 1)]
  for (const batch of batches) spikeBuffer.receive(1, batch)
  spikeBuffer.beginBackward(11)
  expect(spikeBuffer.takeAllReturnable()).toMatchObject([{ input: 1, entry: { batch: batches[1] } }])
})

test('of batches that are known late, gradients and what is undone wait for the latencies, too', () => {
  const slices = () => [{ start: 0, end: 2, latencies: Float64Array.of(2, 5) }]
  const spikeBuffer = new SpikeBuffer(wiring, kernelInputs(wiring.afferents, slices), 1)
  spikeBuffer.followDelays(delays)
  spikeBuffer.begin({ until: 50, whole: false, gradients: true })
  const spikes = [
    { time: 11, unit: 0 },
    { time: 12, unit: 1 },
  ]
  const batches = [batchOf([[{ time: 2, unit: 0 }]], [0, 10], 0), batchOf([spikes], [10, 20], 1)]
  for (const batch of batches) spikeBuffer.receive(1, batch)
  spikeBuffer.beginBackward(50)
  const queued = (start: number) => {
    const queue = new Arrivals(wiring)
    spikeBuffer.fillBackward(queue, 0, start, delays)
    return queue.to - queue.from
  }
  // The last spike of the second window could arrive at (20 + 5) + 4, the first one of the first at (0 + 2) + 1.
  expect(queued(29.1)).toBe(0)
  expect(queued(29)).toBe(2 * SIZE)
  expect(queued(19)).toBe(3 * SIZE)
  spikeBuffer.markUndone(29)
  expect(queued(19)).toBe(SIZE)
  const undone = (start: number) => {
    spikeBuffer.markUndone(start)
    return spikeBuffer.takeReturnable(1)
  }
  expect(undone(13.1)).toBeNull()
  expect(undone(13)).toMatchObject({ batch: batches[1], first: 1 })
  expect(undone(3.1)).toBeNull()
  expect(undone(3)).toMatchObject({ batch: batches[0], first: 0 })
})
