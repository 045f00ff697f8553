import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { createPartition } from '../../../src/actors/partition/wiring/create-partition.js'
import { createSession } from '../../../src/actors/session/create-session.js'
import { createDeferred } from '../../../src/events/deferred.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { Link } from '../../../src/streams/link.js'
import { openLinkPair } from '../../support/link-pair.js'
import { NETWORK, TRIALS } from '../layered-network.js'

const PLACEMENT = placeOnCores(NETWORK, 2)
/** On core 0. */
const KERNELS = PLACEMENT.cores[0]?.slices.filter(({ group }) => group !== 'in').length ?? 0
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test.each(['a neighbour', 'the coordinator'])('nothing is computed while %s has not been sent all', async (peer) => {
  const held = createDeferred<void>()
  let isHeld = true
  const flushed = () => (isHeld ? held.promise : null)
  const { low, high } = await openLinkPair()
  const link: Link = peer === 'a neighbour' ? { ...low, flushed } : low
  let seconds = 0
  const partitions = [
    createPartition({
      network: NETWORK,
      seed: 7,
      placement: PLACEMENT,
      core: 0,
      links: new Map([[1, link]]),
      // Kernels ask for the time before and after they compute.
      seconds: () => seconds++,
      ...(peer === 'a neighbour' ? {} : { flushed }),
    }),
    createPartition({ network: NETWORK, seed: 7, placement: PLACEMENT, core: 1, links: new Map([[0, high]]) }),
  ]
  await using session = createSession({ network: NETWORK, placement: PLACEMENT, partitions }, { seed: 7 })
  await using whole = await open(NETWORK, { seed: 7 })
  const found = session.simulate(TRIALS)
  for (let turn = 0; turn < 5; turn++) await nextTurn()
  const begun = seconds
  // Whatever it was, nobody waits for ever.
  isHeld = false
  held.resolve()
  // Its kernels have begun the run, and no more.
  expect(begun).toBe(2 * KERNELS)
  expect(await found).toStrictEqual(await whole.simulate(TRIALS))
  expect(seconds).toBeGreaterThan(begun)
})
