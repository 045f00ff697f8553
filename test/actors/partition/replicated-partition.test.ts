import { describe, expect, test } from 'vitest'
import type { Partition, PreparedTask, RunReport } from '../../../src/actors/partition/partition.js'
import { replicated } from '../../../src/actors/partition/replicated-partition.js'
import { createPartition } from '../../../src/actors/partition/wiring/create-partition.js'
import { singleCore } from '../../../src/hardware/single-core.js'
import type { TaskFingerprint } from '../../../src/learning/task.js'
import { createLocalLinks } from '../../../src/streams/links/local-link.js'
import { createMicrotaskMailbox } from '../../../src/streams/mailbox.js'
import { repeatTrains } from '../../support/repeat-trains.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { COUNT, step } from '../small-networks.js'

const COUNT_OF_TRIALS = 64
const LEARNING = { ...step(), rates: { weights: 0.01 } }

function order(number: number, gradients = true) {
  return {
    number,
    run: {
      trials: { ...TRIALS, count: COUNT_OF_TRIALS, inputs: { in: repeatTrains(TRIALS.inputs.in, COUNT_OF_TRIALS) } },
      loss: { loss: COUNT, labels: new Uint8Array(COUNT_OF_TRIALS), silentLabelHinge: 0, silentHinge: {} },
      ...{ gradients, inputTimes: false, biasGradient: false, stopAfterFirst: false, undefinedSlope: 'ignore' },
    },
    ...{ record: [], report: gradients ? 'squares' : 'nothing', learned: gradients ? ['weights'] : [] },
    // biome-ignore lint/suspicious/noThenProperty: a step that follows
    ...(gradients ? { then: { step: LEARNING, scale: 1, undoable: false } } : {}),
  } as Parameters<Partition['run']>[0]
}

/** Two replicas of a core in this process. */
function opened(): readonly [Partition, Partition] {
  const deliver = createMicrotaskMailbox()
  const { low, high } = createLocalLinks(0, 1, deliver, () => 'shared')
  const shared = { network: NETWORK, seed: 1, placement: singleCore(NETWORK), core: 0, links: new Map(), deliver }
  return [
    createPartition({ ...shared, among: { own: 0, cores: 1, links: [null, low] } }),
    createPartition({ ...shared, among: { own: 1, cores: 1, links: [high, null] } }),
  ]
}

describe('replicas that differ', () => {
  test.each([
    ['its sums', (report: RunReport) => ({ ...report, squares: report.squares.map(doubled) })],
    ['numbers that are none', (report: RunReport) => ({ ...report, largest: Number.NaN })],
    ['no step', (report: RunReport) => ({ ...report, step: 'declined' as const })],
    ['fewer sums', (report: RunReport) => ({ ...report, squares: [] })],
  ])('by %s are named, and compute nothing more until they are put back', async (_, forge) => {
    const [first, second] = opened()
    let isForged = true
    const other: Partition = {
      ...second,
      run: async (given) => (isForged ? forge(await second.run(given)) : second.run(given)),
    }
    const both = replicated([first, other])
    const before = await both.save([])
    const named = { message: expect.stringContaining('Replica 1 has another gradient'), details: { replica: 1 } }
    await expect(both.run(order(1))).rejects.toMatchObject(named)
    isForged = false
    for (const gradients of [true, false]) await expect(both.run(order(2, gradients))).rejects.toMatchObject(named)
    await both.restore(before)
    expect((await both.run(order(3))).step).toBe('taken')
    await both.close()
  })
})

function doubled(part: RunReport['squares'][number]): RunReport['squares'][number] {
  return { ...part, sums: part.sums.map((sum) => 2 * sum) }
}

describe('a task that replicas make', () => {
  const split = { size: 3, labels: 'a', inputs: 'b' }
  const print: TaskFingerprint = { train: split, validation: split, test: split }
  const other: TaskFingerprint = { ...print, test: { ...split, size: 4 } }
  const making = (...tasks: readonly PreparedTask[]) =>
    replicated(tasks.map((task) => ({ prepare: async () => task }) as unknown as Partition)).prepare!(1, {
      module: 'file:///task.js',
      name: 'task',
    } as never)

  test('is that of all', async () => {
    expect(await making({ fingerprint: print }, { fingerprint: print })).toEqual({ fingerprint: print })
  })

  test.each([
    ['the first', [{ fingerprint: other }, { fingerprint: print }], 1, '3 samples, not 4'],
    ['another', [{ fingerprint: print }, { fingerprint: print }, { fingerprint: other }], 2, '4 samples, not 3'],
  ])('is refused where it is another one in %s', async (_, tasks, replica, difference) => {
    const made = (await making(...tasks)) as { reason: string }
    expect(made.reason).toContain(`replica ${replica} makes another one than replica 0`)
    expect(made.reason).toContain(difference)
  })

  test('is refused with the reason of the one that cannot make it', async () => {
    expect(await making({ fingerprint: print }, { reason: 'no such file' })).toEqual({ reason: 'no such file' })
    expect(await making({ reason: 'no such file' }, { fingerprint: print })).toEqual({ reason: 'no such file' })
  })
})
