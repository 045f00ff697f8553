import { expect, test } from 'vitest'
import type { RunOrder } from '../../../../src/actors/partition/partition.js'
import { openLocalPartitions } from '../../../../src/actors/partition/wiring/open-local-partitions.js'
import { FORWARD } from '../../../../src/actors/session/orders.js'
import { DEFAULT_SPIKE_LIMIT } from '../../../../src/dynamics/models/spike-limit.js'
import { definePlacement } from '../../../../src/hardware/define-placement.js'
import { trainsOf } from '../../../learning/trains.js'
import { shuffledDelivery } from '../../../support/shuffled-delivery.js'
import { twoLayers } from '../../small-networks.js'

const network = twoLayers()
const apart = definePlacement(network, [
  [
    { group: 'in', start: 0, end: 2 },
    { group: 'hidden', start: 0, end: 3 },
  ],
  [{ group: 'out', start: 0, end: 2 }],
])

function orderOf(number: number): RunOrder {
  const { record, report, learned, ...rest } = FORWARD
  const spikes = [1, 2, 3, 4].map((time) => ({ time, unit: time % 2 }))
  const trials = { count: 1, until: 30, inputs: { in: trainsOf([spikes]) } }
  return { number, record, report, learned, run: { trials, loss: null, ...rest } }
}

test.each([
  ['in the order sent', {}],
  ['in any order', { deliver: shuffledDelivery(1) }],
])('a partition that waits for what no other will send says so, with messages %s', async (_, delivery) => {
  const options = {
    network,
    seed: 1,
    placement: apart,
    kernel: 'simd',
    threads: 1,
    spikeLimit: DEFAULT_SPIKE_LIMIT,
    ...delivery,
  } as const
  const { partitions, close } = await openLocalPartitions(options, options)
  const [hidden, out] = partitions
  // The other one is not told to run.
  await expect(out!.run(orderOf(1))).rejects.toMatchObject({
    code: 'RUN_STALLED',
    message: expect.stringContaining('on core 1 "out" (forward)'),
    details: { run: 1, core: 1, actor: 'out' },
  })
  const reports = await Promise.all([hidden!.run(orderOf(2)), out!.run(orderOf(2))])
  for (const { emitted } of reports) expect(emitted).toBeGreaterThan(0)
  await Promise.all(partitions.map((partition) => partition.close()))
  await close()
})
