import { describe, expect, test } from 'vitest'
import { MOST_MICRO_BATCHES } from '../../../src/events/trial-range.js'
import type { LinkError } from '../../../src/streams/link-error.js'
import { createMicrotaskMailbox } from '../../../src/streams/microtask-mailbox.js'
import { createRemoteEnds } from '../../../src/streams/pathways/remote-ends.js'
import { type LinkPairOptions, openLinkPair } from '../../support/link-pair.js'
import { gradientBatch, spikeBatch } from '../batches.js'

const settle = () => new Promise((resolve) => setTimeout(resolve))

/** A pathway on stream 3 and an exchange on stream 4, from a spiking core to a listening one, and what is heard. */
async function openEnds(options: LinkPairOptions = {}) {
  const links = await openLinkPair(options)
  const endsOf = (link: typeof links.low) =>
    createRemoteEnds({ links: [link], linkOf: () => link, deliver: createMicrotaskMailbox() })
  const [spiking, listening] = [endsOf(links.low), endsOf(links.high)]
  const [outlet, inlet] = [spiking.pathway(3), listening.pathway(3)]
  const [asking, answering] = [spiking.exchange(4), listening.exchange(4)]
  const heard: string[] = []
  inlet.spikes$.subscribe(({ sequence }) => heard.push(`spikes ${sequence}`))
  outlet.gradients$.subscribe(({ sequence }) => heard.push(`gradients ${sequence}`))
  outlet.opened$.subscribe(() => heard.push('opened'))
  answering.values$.subscribe((values) => heard.push(`values ${values.join()}`))
  asking.answers$.subscribe((values) => heard.push(`answer ${values.join()}`))
  return { links, spiking, listening, outlet, inlet, asking, answering, heard }
}

const batch = (sequence: number) => spikeBatch(sequence, sequence, sequence + 1)

describe('pathways over a link', () => {
  test('spikes run forward, answers back', async () => {
    const { spiking, listening, outlet, inlet, asking, answering, heard } = await openEnds()
    spiking.begin(1)
    listening.begin(1)
    outlet.sendSpikes(batch(0))
    asking.sendValues(Float64Array.of(1, 2))
    await settle()
    inlet.sendGradients(gradientBatch(0, 7))
    answering.sendAnswer(Float64Array.of(3))
    await settle()
    expect(heard).toEqual(['spikes 0', 'values 1,2', 'gradients 0', 'answer 3'])
  })

  test('what comes before its run begins waits for it', async () => {
    const { spiking, listening, outlet, asking, heard } = await openEnds()
    listening.begin(1)
    spiking.begin(2)
    outlet.sendSpikes(batch(0))
    asking.sendValues(Float64Array.of(5))
    await settle()
    expect(heard).toEqual([])
    listening.begin(2)
    await settle()
    expect(heard).toEqual(['spikes 0', 'values 5'])
  })

  test('what comes after its run is dropped, and its credits come back', async () => {
    const { links, spiking, listening, outlet, heard } = await openEnds({ limits: { credits: 2 } })
    spiking.begin(1)
    listening.begin(2)
    outlet.sendSpikes(batch(0))
    outlet.sendSpikes(batch(1))
    expect(links.low.credit(3)).toBe(0)
    await settle()
    expect(heard).toEqual(['opened'])
    expect(links.low.credit(3)).toBe(2)
    expect(outlet.isOpen()).toBe(true)
  })

  test('what comes early of a run that is left behind is dropped, and its credits come back', async () => {
    const { links, spiking, listening, outlet, asking, heard } = await openEnds({ limits: { credits: 2 } })
    spiking.begin(1)
    outlet.sendSpikes(batch(0))
    outlet.sendSpikes(batch(1))
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
    const { spiking, listening, outlet, asking, heard } = await openEnds()
    spiking.begin(1)
    outlet.sendSpikes(batch(0))
    asking.sendValues(Float64Array.of(1))
    spiking.begin(2)
    outlet.sendSpikes(batch(0))
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
    { what: 'an answer to what was not sent', send: (answer: () => void) => [answer()] },
  ])('early, $what ends the link', async ({ send }) => {
    const { links, spiking, listening, inlet, asking } = await openEnds()
    const errors: LinkError[] = []
    links.low.messages$.subscribe({ error: (error) => errors.push(error) })
    listening.begin(1)
    spiking.begin(1)
    // The one that answers is in a later run than the one that asked.
    listening.begin(2)
    spiking.begin(2)
    listening.begin(3)
    send(
      () => inlet.sendGradients(gradientBatch(0, 7)),
      () => {
        spiking.begin(4)
        asking.sendValues(Float64Array.of(1))
      },
    )
    await settle()
    expect(errors.map(({ code }) => code)).toEqual([expect.stringMatching(/^LINK_(FAILED|PEER_FAILED)$/)])
  })

  test('a batch without a credit waits for one, and goes no further than its run', async () => {
    const { spiking, listening, outlet, heard } = await openEnds({ limits: { credits: 2 } })
    spiking.begin(1)
    for (const sequence of [0, 1, 2]) outlet.sendSpikes(batch(sequence))
    expect(outlet.isOpen()).toBe(false)
    await settle()
    expect(heard).toEqual([])
    listening.begin(1)
    await settle()
    expect(heard).toEqual(['spikes 0', 'spikes 1', 'opened', 'spikes 2'])
    expect(outlet.isOpen()).toBe(true)
    for (const sequence of [3, 4, 5]) outlet.sendSpikes(batch(sequence))
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
