import { describe, expect, test } from 'vitest'
import type { Run } from '../../../src/actors/group/run.js'
import type { Partition, RunOrder } from '../../../src/actors/partition/partition.js'
import { createOrders, FORWARD, type Request } from '../../../src/actors/session/orders.js'
import { readRunNoise } from '../../../src/learning/noise/read-run-noise.js'
import { NETWORK, TRIALS } from '../layered-network.js'

const MERGER = {
  takesInputs: () => true,
  inputsOf: () => ({}),
  recordOn: (_: number, record: readonly string[]) => record,
  watchOn: () => null,
}

/** What two partitions are told of a run whose trials go through in parts of 8. */
function ordered(request: Partial<Request>, parts = () => 8 as number | undefined): readonly Run[] {
  const told: Run[] = []
  const partitions = [0, 1].map((core): Partition => {
    const partition: Pick<Partition, 'core' | 'run'> = {
      core,
      run({ run }: RunOrder) {
        told.push(run)
        return new Promise(() => undefined)
      },
    }
    return partition as Partition
  })
  createOrders(partitions, MERGER, parts).send({ ...TRIALS, count: 20 }, null, { ...FORWARD, ...request })
  return told
}

describe('a run goes through in micro-batches, on all cores alike,', () => {
  const sizes = (...given: Parameters<typeof ordered>) => ordered(...given).map(({ microBatch }) => microBatch)
  const noise = readRunNoise(NETWORK, { dropout: { seed: 0, rates: { in: 0.1 } } })!

  test('forward alone and with its gradient', () => {
    expect(sizes({})).toEqual([8, 8])
    expect(sizes({ gradients: true })).toEqual([8, 8])
  })

  test.each<[string, Partial<Request>]>([
    ['asks what moving the input would do', { gradients: true, inputTimes: true }],
    ['records spikes', { record: ['hidden'] }],
    ['perturbs spikes', { noise }],
  ])('but not if it %s', (_, request) => {
    expect(ordered(request).map((run) => Object.hasOwn(run, 'microBatch'))).toEqual([false, false])
  })

  test('but not where that does not pay', () => {
    expect(ordered({}, () => undefined).map((run) => Object.hasOwn(run, 'microBatch'))).toEqual([false, false])
  })
})
