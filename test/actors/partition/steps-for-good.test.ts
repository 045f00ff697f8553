import { expect, test } from 'vitest'
import type { Partition, RunOrder, StepOrder } from '../../../src/actors/partition/partition.js'
import { createPartition } from '../../../src/actors/partition/wiring/create-partition.js'
import { singleCore } from '../../../src/hardware/single-core.js'
import { createLocalLinks } from '../../../src/streams/links/local-link.js'
import { createMicrotaskMailbox } from '../../../src/streams/mailbox.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { LABELS, step } from '../small-networks.js'

const LEARNING = { ...step(), rates: { weights: 0.01 } }
const SHARE = {
  chunks: 2,
  nodes: [
    { from: 0, to: 1 },
    { from: 1, to: 2 },
  ],
}

function order(number: number, then: Partial<StepOrder>, more: Partial<RunOrder> = {}): RunOrder {
  const { loss } = LEARNING
  return {
    number,
    run: {
      trials: TRIALS,
      loss: { loss, labels: LABELS, silentLabelHinge: 0, silentHinge: {} },
      ...{ gradients: true, inputTimes: false, biasGradient: false, stopAfterFirst: false, undefinedSlope: 'ignore' },
      isPart: more.share !== undefined,
    },
    ...{ record: [], report: 'squares', learned: ['weights'] },
    // biome-ignore lint/suspicious/noThenProperty: a step that follows
    then: { step: LEARNING, scale: 1, undoable: false, ...then },
    ...more,
  }
}

const alone = () =>
  createPartition({ network: NETWORK, seed: 1, placement: singleCore(NETWORK), core: 0, links: new Map() })

test('a step that was taken for good cannot be undone, one that was kept can', async () => {
  await using kept = closing(alone())
  const before = await kept.parameters()
  await kept.run(order(1, { undoable: true }))
  await kept.undo(1)
  expect(await kept.parameters()).toEqual(before)
  await kept.run(order(2, {}))
  await kept.undo(3)
  await expect(kept.undo(2)).rejects.toThrow('The step of run 2 was taken for good')
})

/** Two replicas of a core in this process. */
function replicas(): readonly [Partition, Partition] {
  const deliver = createMicrotaskMailbox()
  const { low, high } = createLocalLinks(0, 1, deliver, () => 'shared')
  const open = (own: number) =>
    createPartition({
      ...{ network: NETWORK, seed: 1, placement: singleCore(NETWORK), core: 0, links: new Map(), deliver },
      among: { own, cores: 1, links: own === 0 ? [null, low] : [high, null] },
    })
  return [open(0), open(1)]
}

test.each([
  [false, 'is no longer a replica'],
  [true, 'remains one'],
])(
  'where all sums are there and the step fails in one replica, it could be undone: %s, the replica %s',
  async (undoable) => {
    const [good, failing] = replicas()
    const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
    const broken = { kind: 'no optimiser' } as unknown as typeof optimizer
    const stepped = good.run(order(1, { undoable, step: { ...LEARNING, optimizer } }, { share: SHARE }))
    const failed = failing.run(order(1, { undoable, step: { ...LEARNING, optimizer: broken } }, { share: SHARE }))
    await expect(failed).rejects.toThrow()
    expect((await stepped).step).toBe('taken')
    await Promise.allSettled([good, failing].map((each) => each.undo(2)))
    const next = failing.parameters()
    if (undoable) await expect(next).resolves.toBeDefined()
    else await expect(next).rejects.toThrow()
    await Promise.allSettled([good.close(), failing.close()])
  },
)

function closing(partition: Partition): Partition & AsyncDisposable {
  return { ...partition, [Symbol.asyncDispose]: () => partition.close() }
}
