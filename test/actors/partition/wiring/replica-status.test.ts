import { expect, test } from 'vitest'
import { COMPUTATION_DEFAULTS } from '../../../../src/actors/computation-options.js'
import type { RunOrder } from '../../../../src/actors/partition/partition.js'
import type { Wait } from '../../../../src/actors/partition/status.js'
import { openLocalPartitions } from '../../../../src/actors/partition/wiring/open-local-partitions.js'
import { placeOnCores } from '../../../../src/hardware/place-on-cores.js'
import { eventually } from '../../../support/eventually.js'
import { NETWORK, TRIALS } from '../../layered-network.js'
import { COUNT, LABELS } from '../../small-networks.js'

const ORDER: RunOrder = {
  number: 1,
  run: {
    trials: TRIALS,
    isPart: true,
    loss: { loss: COUNT, labels: LABELS, silentLabelHinge: 0, silentHinge: {} },
    ...{ gradients: true, inputTimes: false, biasGradient: false, stopAfterFirst: false, undefinedSlope: 'ignore' },
  },
  ...{ record: [], report: 'squares', learned: ['weights'] },
  share: {
    chunks: 2,
    nodes: [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
    ],
  },
}

test('replicas say by their numbers as members what they wait for: spikes, and the sums of another replica', async () => {
  const placement = placeOnCores(NETWORK, 2)
  const held: (() => void)[] = []
  let isHeld = true
  const deliver = (message: () => void) => void (isHeld ? held.push(message) : queueMicrotask(message))
  const parts = { network: NETWORK, placement, replicas: 2, deliver }
  const { partitions: members, close } = await openLocalPartitions(parts, COMPUTATION_DEFAULTS)
  const numbers = members.map(({ core }) => core)
  expect(numbers).toEqual([0, 2, 1, 3])
  const runs = members.map((member) => member.run(ORDER).catch(() => undefined))
  async function waitedFor(member: number, holds: (wait: Wait) => boolean = () => true): Promise<readonly Wait[]> {
    let waits: readonly Wait[] = []
    const look = async () => {
      waits = (await members[numbers.indexOf(member)]!.status()).waits
      await new Promise(setImmediate)
    }
    await eventually(() => waits.some(holds), look)
    return waits
  }
  for (const member of [0, 2]) expect((await waitedFor(member)).map(({ core }) => core)).toContain(member)

  // Replica 1 is given up; replica 0 goes on until it needs what replica 1 would have sent.
  for (const member of members.filter(({ core }) => core >= 2)) member.abort(1)
  isHeld = false
  for (const message of held.splice(0)) queueMicrotask(message)
  const waits = await waitedFor(0, ({ actor }) => actor === 'learning')
  expect(waits).toMatchObject([{ core: 0, awaited: 'a vector', stream: 'sums over trials', sender: 'core 2' }])
  for (const member of members) member.abort(1)
  await Promise.all(runs)
  await close()
})
