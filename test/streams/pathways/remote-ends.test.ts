import { describe, expect, test } from 'vitest'
import { MOST_MICRO_BATCHES } from '../../../src/events/trial-range.js'
import type { Deliver } from '../../../src/streams/deliver.js'
import type { LinkError } from '../../../src/streams/link-error.js'
import { createMicrotaskMailbox } from '../../../src/streams/mailbox.js'
import { createRemoteEnds } from '../../../src/streams/pathways/remote-ends.js'
import { type LinkPairOptions, openLinkPair } from '../../support/link-pair.js'
import { gradientBatch, spikeBatch } from '../batches.js'

const settle = () => new Promise((resolve) => setTimeout(resolve))

/** A pathway on stream 3 and a vector stream on stream 4, from a spiking core to a listening one, and what is heard. */
async function openEnds({ deliver, ...options }: LinkPairOptions & { readonly deliver?: Deliver } = {}) {
  const links = await openLinkPair(options)
  const endsOf = (link: typeof links.low) =>
    createRemoteEnds({ links: [link], linkOf: () => link, deliver: deliver ?? createMicrotaskMailbox() })
  const [spiking, listening] = [endsOf(links.low), endsOf(links.high)]
  const [sender, receiver] = [spiking.pathway(3), listening.pathway(3)]
  const [asking, returning] = [spiking.vectorStream(4), listening.vectorStream(4)]
  const heard: string[] = []
  receiver.spikes$.subscribe(({ sequence }) => heard.push(`spikes ${sequence}`))
  sender.gradients$.subscribe(({ sequence }) => heard.push(`gradients ${sequence}`))
  sender.opened$.subscribe(() => heard.push('opened'))
  returning.values$.subscribe((values) => heard.push(`values ${values.join()}`))
  asking.returned$.subscribe((values) => heard.push(`returned ${values.join()}`))
  return { links, spiking, listening, sender, receiver, asking, returning, heard }
}

const batch = (sequence: number) => spikeBatch(sequence, sequence, sequence + 1)

describe('pathways over a link', () => {
  test('spikes run forward, gradients back', async () => {
    const { spiking, listening, sender, receiver, asking, returning, heard } = await openEnds()
    spiking.begin(1)
    listening.begin(1)
    sender.sendSpikes(batch(0))
    asking.sendValues(Float64Array.of(1, 2))
    await settle()
    receiver.sendGradients(gradientBatch(0, 7))
    returning.sendReturned(Float64Array.of(3))
    await settle()
    expect(heard).toEqual(['spikes 0', 'values 1,2', 'gradients 0', 'returned 3'])
  })

  test('what comes before its run begins waits for it', async () => {
    const { spiking, listening, sender, asking, heard } = await openEnds()
    listening.begin(1)
    spiking.begin(2)
    sender.sendSpikes(batch(0))
    asking.sendValues(Float64Array.of(5))
    await settle()
    expect(heard).toEqual([])
    listening.begin(2)
    await settle()
    expect(heard).toEqual(['spikes 0', 'values 5'])
  })

  test('what comes after its run is dropped, and its credits come back', async () => {
    const { links, spiking, listening, sender, heard } = await openEnds({ limits: { credits: 2 } })
    spiking.begin(1)
    listening.begin(2)
    sender.sendSpikes(batch(0))
    sender.sendSpikes(batch(1))
    expect(links.low.credit(3)).toBe(0)
    await settle()
    expect(heard).toEqual(['opened'])
    expect(links.low.credit(3)).toBe(2)
    expect(sender.isOpen()).toBe(true)
  })

  test('what waits to be delivered as the next run begins is dropped, and its credits come back', async () => {
    const held: (() => void)[] = []
    const { links, spiking, listening, sender, receiver, asking, returning, heard } = await openEnds({
      limits: { credits: 2 },
      deliver: (message) => held.push(message),
    })
    const deliverAll = () => {
      for (const message of held.splice(0)) message()
    }
    for (const ends of [spiking, listening]) ends.begin(1)
    sender.sendSpikes(batch(0))
    receiver.sendGradients(gradientBatch(0, 7))
    asking.sendValues(Float64Array.of(1))
    returning.sendReturned(Float64Array.of(2))
    await settle()
    expect(held.length).toBeGreaterThan(3)
    for (const ends of [spiking, listening]) ends.begin(2)
    deliverAll()
    await settle()
    expect(links.low.credit(3)).toBe(2)
    sender.sendSpikes(batch(0))
    await settle()
    deliverAll()
    expect(heard).toEqual(['spikes 0'])
  })

  test('what comes early of a run that is left behind is dropped, and its credits come back', async () => {
    const { links, spiking, listening, sender, asking, heard } = await openEnds({ limits: { credits: 2 } })
    spiking.begin(1)
    sender.sendSpikes(batch(0))
    sender.sendSpikes(batch(1))
    asking.sendValues(Float64Array.of(1))
    await settle()
    expect(links.low.credit(3)).toBe(0)
    spiking.begin(2)
    asking.sendValues(Float64Array.of(2))
    await settle()
    // Both may still begin here.
    expect(links.low.credit(3)).toBe(0)
    spiking.begin(3)
    asking.sendValues(Float64Array.of(3))
    await settle()
    expect(links.low.credit(3)).toBe(2)
    listening.begin(3)
    await settle()
    expect(heard).toEqual(['opened', 'values 3'])
  })

  test('two runs of a peer may be early, and each is heard in its own', async () => {
    const { spiking, listening, sender, asking, heard } = await openEnds()
    spiking.begin(1)
    sender.sendSpikes(batch(0))
    asking.sendValues(Float64Array.of(1))
    spiking.begin(2)
    sender.sendSpikes(batch(0))
    asking.sendValues(Float64Array.of(2))
    await settle()
    expect(heard).toEqual([])
    listening.begin(1)
    await settle()
    expect(heard).toEqual(['spikes 0', 'values 1'])
    listening.begin(2)
    await settle()
    expect(heard).toEqual(['spikes 0', 'values 1', 'spikes 0', 'values 2'])
  })

  test.each([
    {
      what: 'a vector more than there are micro-batches',
      send: (_: unknown, values: () => void) => Array.from({ length: MOST_MICRO_BATCHES + 1 }, values),
    },
    { what: 'gradients of what was not sent', send: (send: () => void) => [send()] },
  ])('early, $what ends the link', async ({ send }) => {
    const { links, spiking, listening, receiver, asking } = await openEnds()
    const errors: LinkError[] = []
    links.low.messages$.subscribe({ error: (error) => errors.push(error) })
    listening.begin(1)
    spiking.begin(1)
    // The one that returns gradients is in a later run than the one that asked.
    listening.begin(2)
    spiking.begin(2)
    listening.begin(3)
    send(
      () => receiver.sendGradients(gradientBatch(0, 7)),
      () => {
        spiking.begin(4)
        asking.sendValues(Float64Array.of(1))
      },
    )
    await settle()
    expect(errors.map(({ code }) => code)).toEqual([expect.stringMatching(/^LINK_(FAILED|PEER_FAILED)$/)])
  })

  test('a batch without a credit waits for one, and goes no further than its run', async () => {
    const { spiking, listening, sender, heard } = await openEnds({ limits: { credits: 2 } })
    spiking.begin(1)
    for (const sequence of [0, 1, 2]) sender.sendSpikes(batch(sequence))
    expect(sender.isOpen()).toBe(false)
    await settle()
    expect(heard).toEqual([])
    listening.begin(1)
    await settle()
    expect(heard).toEqual(['spikes 0', 'spikes 1', 'opened', 'spikes 2'])
    expect(sender.isOpen()).toBe(true)
    for (const sequence of [3, 4, 5]) sender.sendSpikes(batch(sequence))
    spiking.begin(2)
    listening.begin(2)
    await settle()
    expect(heard.filter((word) => word.startsWith('spikes'))).toEqual(['spikes 0', 'spikes 1', 'spikes 2'])
  })

  test('a value has no business on it: the link ends, and both sides know why', async () => {
    const { links } = await openEnds()
    const codes: unknown[] = []
    for (const link of [links.low, links.high])
      link.messages$.subscribe({ error: ({ code }: LinkError) => codes.push(code) })
    links.low.send({ kind: 'value', value: 1 })
    await settle()
    expect(codes.sort()).toEqual(['LINK_FAILED', 'LINK_PEER_FAILED'])
  })
})
