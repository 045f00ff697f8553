import { expect, test } from 'vitest'
import { Arrivals } from '../../src/dynamics/arrivals.js'
import { Inbox } from '../../src/dynamics/inbox.js'
import { parameterLayout } from '../../src/dynamics/parameter-layout.js'
import { initialParameters, sumSharedDelays } from '../../src/dynamics/parameter-vector.js'
import { Synapses } from '../../src/dynamics/synapses.js'
import { defineNetwork } from '../../src/network/define-network.js'
import { lif, source } from '../../src/network/groups.js'
import type { LifValues } from '../../src/network/instance.js'
import { instantiate } from '../../src/network/instantiate.js'
import { connect, dense, perSource, perSynapse } from '../../src/network/projections.js'
import { batchOf } from './kernel-for.js'

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
const layout = parameterLayout(wiring, SIZE)
const parameters = initialParameters(instance.groups[1] as LifValues, instance.projections, layout)
const delays = parameters.subarray(layout.delays, layout.bias)
wiring.followDelays(delays)

test('weights, delays, bias, threshold and adaptStep lie behind one another, shared delays block by block behind all', () => {
  const count = 2 * SIZE
  expect(layout).toMatchObject({ weights: 0, delays: 4 * count, bias: 5 * count + 3, blocks: 2 })
  expect(layout).toMatchObject({ sharedCount: 3, sharedBase: [0, 1, -1, -1], shared: layout.length })
  expect(layout.gradientLength - layout.length).toBe(6)
  expect([parameters[0], parameters[count], parameters[3 * count]]).toEqual([1, 2, 4])
  expect([...delays.subarray(0, 4)]).toEqual([3, 1, 4, 2])
  expect([parameters[layout.bias], parameters[layout.threshold], parameters[layout.length - 1]]).toEqual([0.5, 1, 0.25])
})

test('the blocks of a shared delay are added into its place', () => {
  const gradient = new Float64Array(layout.gradientLength)
  gradient.set([1, 2, 4, 8, 16, 32], layout.shared)
  sumSharedDelays(gradient, layout, wiring)
  expect([...gradient.subarray(layout.delays, layout.delays + 4)]).toEqual([9, 18, 36, 0])
})

test('a batch is answered once nothing earlier than its first possible arrival is left, the last one first', () => {
  const inbox = new Inbox(wiring)
  inbox.begin({ until: 50, whole: false, gradients: true })
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
  for (const batch of batches) inbox.receive(1, batch)
  expect(inbox.spikes(1)).toBe(3)
  const queue = new Arrivals(wiring)
  inbox.fillForward(queue, 0, delays)
  expect(queue.to - queue.from).toBe(3 * SIZE)
  inbox.markQueued()
  inbox.fillForward(queue, 0, delays)
  expect(queue.to - queue.from).toBe(3 * SIZE)

  inbox.beginBackward()
  expect(inbox.takeAnswerable(0, 0)).toBeNull()
  expect(inbox.takeAnswerable(1, 12)).toBeNull()
  expect(inbox.takeAnswerable(1, 11)).toMatchObject({ batch: batches[1], first: 1 })
  expect(inbox.takeAnswerable(1, 2)).toBeNull()
  expect(inbox.takeAnswerable(1, 0)).toMatchObject({ batch: batches[0], first: 0 })
  expect(inbox.takeAnswerable(1, 0)).toBeNull()

  queue.clear()
  inbox.fillBackward(queue, 0, 25, delays)
  expect(queue.to - queue.from).toBe(0)
  inbox.fillBackward(queue, 0, 24, delays)
  expect(queue.to - queue.from).toBe(2 * SIZE)
  inbox.markUndone(24)
  queue.clear()
  inbox.fillBackward(queue, 0, 0, delays)
  expect(queue.to - queue.from).toBe(SIZE)
})
