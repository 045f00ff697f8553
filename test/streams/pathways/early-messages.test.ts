import { expect, test } from 'vitest'
import type { Link } from '../../../src/streams/link.js'
import type { StreamMessage } from '../../../src/streams/message.js'
import { type Arrived, createEarlyMessages } from '../../../src/streams/pathways/early-messages.js'
import { openLinkPair } from '../../support/link-pair.js'
import { spikeBatch } from '../batches.js'

const spikesOf = (link: Link, run: number): Arrived => ({
  link,
  message: { kind: 'spikes', stream: 3, run, batch: spikeBatch(0, 0, 1) } satisfies StreamMessage,
})

test('of each link the latest run waits, also if something of an earlier one comes behind it', async () => {
  const { low, high } = await openLinkPair()
  const dropped: Arrived[] = []
  const early = createEarlyMessages((arrived) => dropped.push(arrived))
  const [latest, earlier, other] = [spikesOf(low, 3), spikesOf(low, 2), spikesOf(high, 2)]
  for (const arrived of [latest, earlier, other]) expect(early.keep(arrived)).toBeNull()
  expect(dropped).toEqual([earlier])
  expect(early.take()).toEqual([latest, other])
  expect(early.take()).toEqual([])
})
