import { expect, test } from 'vitest'
import { createReplicaEnds } from '../../../../src/actors/partition/learning/replica-links.js'
import { mostVectors } from '../../../../src/actors/partition/learning/replica-sums.js'
import type { RunOrder } from '../../../../src/actors/partition/partition.js'
import { replicaStream } from '../../../../src/actors/partition/pathways/neighbours.js'
import { createLocalLinks } from '../../../../src/streams/links/local-link.js'
import { createMicrotaskMailbox } from '../../../../src/streams/mailbox.js'
import { TRIALS } from '../../layered-network.js'

const order = (part: Partial<RunOrder>): RunOrder => ({
  number: 1,
  run: {
    trials: TRIALS,
    loss: null,
    ...{ gradients: true, inputTimes: false, biasGradient: false, stopAfterFirst: false, undefinedSlope: 'ignore' },
  },
  ...{ record: [], report: 'squares', learned: [] },
  ...part,
})
const MOST = mostVectors(2)
const SHARE = {
  chunks: 2,
  nodes: [
    { from: 0, to: 1 },
    { from: 1, to: 2 },
  ],
}

test.each([
  [
    'a vector too many in one run',
    order({ share: SHARE }),
    MOST + 1,
    `${MOST + 1} vectors in one run in place of ${MOST}`,
  ],
  ['a vector in a run that is not shared', order({}), 1, 'vector where nothing may come'],
])('%s ends the link to the replica that sent it', async (_, given, count, fault) => {
  const deliver = createMicrotaskMailbox()
  const { low, high } = createLocalLinks(0, 1, deliver, () => 'shared')
  const ends = createReplicaEnds({ own: 0, cores: 1, links: [null, low] }, deliver)
  let failed: Error | null = null
  high.messages$.subscribe({
    error(error: Error) {
      failed = error
    },
  })
  ends.begin(given)
  for (let k = 0; k < count; k++)
    high.send({ kind: 'vector', stream: replicaStream(0, 1, 2), run: 1, values: Float64Array.of(1) })
  await new Promise(setImmediate)
  expect(failed).toMatchObject({ message: expect.stringContaining(fault) })
})
