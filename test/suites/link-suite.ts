import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { InternalError, RunError } from '../../src/events/errors.js'
import type { LinkTraffic } from '../../src/streams/link.js'
import { LinkError } from '../../src/streams/link-error.js'
import { type Carrier, createSide, IDENTITY, isOver, type Side, TOKEN, until } from './link-fixture.js'
import { testHalfOpenLinks } from './link-half-open-suite.js'
import { testLinksUnderLoad } from './link-load-suite.js'
import { fingerprint, message } from './link-messages.js'
import { type Changes, sidesOf, spikes, value } from './link-sides.js'

/** What every link does, whatever carries it. */
export function testLinks(carrier: Carrier): void {
  const { joinPorts, join, open, close, bothOver } = sidesOf(carrier)

  afterAll(() => carrier.close?.())

  test('messages of every kind arrive in order, both ways, with the same bits, however they are cut', async () => {
    const course = fc.record({
      sent: fc.array(fc.record({ from: fc.constantFrom('left', 'right'), what: message }), { maxLength: 12 }),
      maxFrame: fc.constantFrom(16, 17, 64, 1 << 20),
      beats: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(course, async ({ sent, maxFrame, beats }) => {
        const sides = await open({ limits: { credits: 12 } }, { limits: { credits: 12, maxFrame } })
        for (const { from, what } of sent) {
          const { link, clock } = sides[from as 'left' | 'right']
          link.send(what)
          if (beats) clock.advance(1000)
        }
        await close(sides)
        for (const [to, from] of [
          ['left', 'right'],
          ['right', 'left'],
        ] as const) {
          const expected = sent.filter((entry) => entry.from === from).map(({ what }) => fingerprint(what))
          expect(sides[to].heard.messages.map(fingerprint)).toEqual(expected)
          expect(sides[to].heard.isComplete).toBe(true)
          const count = ({ spikes, gradientEvents, messages }: LinkTraffic) => ({ spikes, gradientEvents, messages })
          expect(count(sides[to].link.received)).toEqual(count(sides[from].link.sent))
          expect(sides[to].link.received.messages).toBe(expected.length)
        }
      }),
      { numRuns: 25, seed: 61 },
    )
  })

  test('a message of 3 MiB arrives whole', async () => {
    const sides = await open()
    const values = Float64Array.from({ length: 400_000 }, (_, k) => k / 3)
    sides.left.link.send({ kind: 'vector', stream: 5, run: 2, values })
    await until(() => sides.right.heard.messages.length === 1)
    expect(sides.right.heard.messages).toEqual([{ kind: 'vector', stream: 5, run: 2, values }])
    await close(sides)
  })

  describe('names', () => {
    test('itself and its peer', async () => {
      const sides = await open()
      expect([sides.left.link.name, sides.left.link.peer, sides.left.link.peerIndex]).toEqual([
        'core 0 - core 1',
        'core 1',
        1,
      ])
      expect([sides.right.link.name, sides.right.link.peer]).toEqual(['core 0 - core 1', 'core 0'])
      await close(sides)
    })

    test('a peer that nobody expected once it has introduced itself', async () => {
      const sides = await join({ index: 4 }, { peers: 'any', index: -1 })
      expect(sides.right.link.name).toBe('coordinator - an unknown peer')
      await sides.right.link.opened.catch(() => undefined)
      await bothOver(sides)
      expect(sides.left.heard.error).toMatchObject({ code: 'LINK_PEER_UNEXPECTED' })

      const right = await open({ index: 4, peers: [-1] }, { peers: 'any', index: -1 })
      expect([right.right.link.name, right.right.link.peerIndex]).toEqual(['coordinator - core 4', 4])
      await close(right)
    })
  })

  describe('credits', () => {
    test('are as many as the receiver says, for each stream, and come back when it is done', async () => {
      const sides = await open({}, { limits: { credits: 3 } })
      const { left, right } = sides
      expect([left.link.credit(0), right.link.credit(0)]).toEqual([3, 8])
      for (let k = 0; k < 3; k++) left.link.send(spikes(k))
      left.link.send(spikes(0, 1, 1))
      expect([left.link.credit(0), left.link.credit(1)]).toEqual([0, 2])
      expect(() => left.link.send(spikes(3))).toThrow(InternalError)
      left.link.send(value('needs no credit'))
      await until(() => right.heard.messages.length === 5)
      expect(left.heard.writable).toEqual([])
      right.link.release(0)
      await until(() => left.link.credit(0) === 1)
      expect(left.heard.writable).toEqual([0])
      right.link.release(0)
      right.link.release(0)
      right.link.release(1)
      await until(() => left.link.credit(0) === 3 && left.link.credit(1) === 3)
      expect(left.heard.writable).toEqual([0])
      await close(sides)
    })

    test('are none before the link is open and after its end', async () => {
      const sides = joinPorts(await carrier.open())
      expect(sides.right.link.credit(0)).toBe(0)
      expect(() => sides.right.link.send(value(1))).toThrow(InternalError)
      await Promise.all([sides.left.link.opened, sides.right.link.opened])
      await close(sides)
      expect(sides.left.link.credit(0)).toBe(0)
    })

    test('cannot be given back before they were taken', async () => {
      const sides = await open()
      expect(() => sides.right.link.release(0)).toThrow(InternalError)
      await close(sides)
    })
  })

  describe('closing', () => {
    test('lets everything that was sent arrive first', async () => {
      const sides = await open()
      for (let k = 0; k < 8; k++) sides.left.link.send(spikes(k))
      await sides.left.link.close()
      expect(sides.right.heard).toMatchObject({ isComplete: true, error: null })
      expect(sides.right.heard.messages.length).toBe(8)
      expect(sides.left.heard).toMatchObject({ isComplete: true, error: null })
      await sides.right.link.close()
    })

    test('twice is closing once, and nothing is sent afterwards', async () => {
      const sides = await open()
      const first = sides.left.link.close()
      sides.left.link.send(value('late'))
      sides.left.link.send(spikes(0))
      await Promise.all([first, sides.left.link.close()])
      await sides.right.link.close()
      sides.right.link.send(value('later'))
      sides.right.link.beat()
      sides.right.link.fail(new Error('after the end'))
      expect(sides.right.heard).toMatchObject({ messages: [], isComplete: true, error: null })
    })

    test('a link that is not open yet ends with an error on both sides', async () => {
      const sides = joinPorts(await carrier.open())
      await sides.left.link.close()
      await expect(sides.left.link.opened).rejects.toMatchObject({ code: 'LINK_CLOSED' })
      await bothOver(sides)
    })

    test('does not wait longer for a peer than for any silence', async () => {
      const ports = await carrier.open()
      let heard = 0
      ports.right.receive({ frame: () => heard++, end: () => undefined })
      const left = createSide('left', ports.left)
      await until(() => heard === 1)
      left.clock.advance(20_000)
      await expect(left.link.opened).rejects.toMatchObject({ code: 'LINK_HANDSHAKE_TIMEOUT' })
      await left.link.close()
    })
  })

  describe('the handshake refuses', () => {
    const network = IDENTITY.network!
    const other = '00000000000000000000000000000000'

    test.each<{ readonly code: string; readonly left: Changes; readonly says: readonly string[] }>([
      { code: 'LINK_TOKEN_WRONG', left: { token: `${TOKEN}.` }, says: ['token'] },
      { code: 'LINK_TOKEN_WRONG', left: { token: '', identity: { ...IDENTITY, kernel: 'other' } }, says: ['token'] },
      {
        code: 'LINK_KERNEL_MISMATCH',
        left: { identity: { ...IDENTITY, kernel: 'wasm' } },
        says: ['wasm', 'reference'],
      },
      {
        code: 'LINK_ARITHMETIC_MISMATCH',
        left: { identity: { ...IDENTITY, arithmetic: 2 } },
        says: ['found 2', 'expected 1'],
      },
      {
        code: 'LINK_NETWORK_MISMATCH',
        left: { identity: { ...IDENTITY, network: { ...network, structureHash: other } } },
        says: [`found ${other}`, network.structureHash],
      },
      {
        code: 'LINK_NETWORK_MISMATCH',
        left: { identity: { ...IDENTITY, network: null } },
        says: ['found none', 'expected one'],
      },
      {
        code: 'LINK_PLACEMENT_MISMATCH',
        left: { identity: { ...IDENTITY, network: { ...network, placementHash: other } } },
        says: [`found ${other}`, network.placementHash],
      },
      {
        code: 'LINK_SEED_MISMATCH',
        left: { identity: { ...IDENTITY, network: { ...network, seed: 8 } } },
        says: ['found 8', 'expected 7'],
      },
      { code: 'LINK_PEER_UNEXPECTED', left: { index: 2 }, says: ['core 2', 'core 0'] },
      { code: 'LINK_PEER_UNEXPECTED', left: { peers: [3] }, says: ['core 3', 'core 1'] },
    ])('$code on both sides ($says)', async ({ code, left, says }) => {
      const sides = await join(left)
      await expect(sides.right.link.opened).rejects.toMatchObject({ code })
      await expect(sides.left.link.opened).rejects.toMatchObject({ code })
      await bothOver(sides)
      for (const { heard, link } of [sides.left, sides.right]) {
        expect(heard.error).toBeInstanceOf(LinkError)
        expect(heard.error?.details).toMatchObject({ link: link.name, peer: link.peer })
        for (const part of says) expect(heard.error?.message).toContain(part)
        expect(heard.error?.message).not.toContain(TOKEN)
        await link.close()
      }
      // Whoever has no token learns nothing about the network.
      if (code === 'LINK_TOKEN_WRONG') expect(sides.left.heard.error?.message).not.toContain('kernel')
    })

    test('whom the caller does not want', async () => {
      const sides = await join({}, { refusal: (peer) => `core ${peer} is there already` })
      await bothOver(sides)
      expect(sides.left.heard.error).toMatchObject({
        code: 'LINK_PEER_UNEXPECTED',
        message: expect.stringContaining('core 0 is there already'),
      })
    })
  })

  describe('a failure', () => {
    test('reaches the peer with its reason', async () => {
      const sides = await open()
      sides.left.link.send(spikes(0, 2.5))
      sides.left.link.fail(new RunError({ code: 'TOO_MANY_SPIKES', message: 'Neuron 3 spiked too often.' }))
      await bothOver(sides)
      expect(sides.right.heard.error).toBeInstanceOf(LinkError)
      expect(sides.right.heard.error).toMatchObject({
        code: 'LINK_PEER_FAILED',
        message:
          'Link core 0 - core 1: core 0 failed with TOO_MANY_SPIKES: Neuron 3 spiked too often.. The last watermark from core 0 was 2.5 ms, of "hidden".',
        details: { link: 'core 0 - core 1', peer: 'core 0', watermark: 2.5, stream: 'hidden' },
        cause: { code: 'TOO_MANY_SPIKES', message: 'Neuron 3 spiked too often.' },
      })
      expect(sides.left.heard.error).toMatchObject({ code: 'LINK_FAILED', cause: { code: 'TOO_MANY_SPIKES' } })
      await close(sides)
    })

    test('of the connection is told with the last watermark', async () => {
      const ports = await carrier.open()
      const sides = { right: createSide('right', ports.right), left: createSide('left', ports.left) }
      await sides.left.link.opened
      sides.left.link.send(spikes(0, 4))
      sides.left.link.send(spikes(0, 0.5, 1))
      await until(() => sides.right.heard.messages.length === 2)
      ports.left.abort()
      await bothOver(sides)
      expect(sides.right.heard.error).toMatchObject({
        code: 'LINK_BROKEN',
        details: { peer: 'core 0', watermark: 0.5, stream: 'output' },
      })
      expect(sides.left.heard.error?.message).toContain('No spikes had come from core 1.')
      expect(sides.left.heard.error?.code).toBe('LINK_BROKEN')
      await close(sides)
    })

    test('is a message beyond the limit, at the sender and at the receiver', async () => {
      const sides = await open({ limits: { maxMessage: 1000 } })
      sides.left.link.send(value('x'.repeat(2000)))
      await bothOver(sides)
      expect(sides.left.heard.error?.code).toBe('LINK_MESSAGE_TOO_LARGE')
      expect(sides.right.heard.error?.code).toBe('LINK_PEER_FAILED')
      const again = await open({ limits: { maxFrame: 300 } }, { limits: { maxMessage: 1000 } })
      again.left.link.send(value('x'.repeat(2000)))
      await bothOver(again)
      expect(again.right.heard.error?.code).toBe('LINK_MESSAGE_TOO_LARGE')
      expect(again.left.heard.error?.code).toBe('LINK_PEER_FAILED')
      for (const over of [sides, again]) await close(over)
    })
  })

  describe('silence', () => {
    const limits = { heartbeat: 100, silence: 1000 }

    test('ends the link on the side that hears nothing, which tells the other', async () => {
      const sides = await open({ limits }, { limits })
      sides.left.clock.advance(1000)
      expect(sides.left.heard.error).toBeNull()
      sides.left.clock.advance(50)
      await bothOver(sides)
      expect(sides.left.heard.error).toMatchObject({
        code: 'LINK_SILENT',
        message: expect.stringContaining('core 1 was silent for 1000 ms'),
      })
      await close(sides)
    })

    test('is not what a peer keeps that beats', async () => {
      const sides = await open({ limits }, { limits })
      const { left, right } = sides
      // Else one clock could run ahead of what the other side has heard.
      const allCame = (from: Side, to: Side) =>
        until(() => to.link.received.bytes === from.link.sent.bytes || isOver(from) || isOver(to))
      for (let k = 0; k < 40; k++) {
        const before = left.link.received.bytes
        right.clock.advance(200)
        await allCame(right, left)
        expect(left.link.received.bytes).toBeGreaterThan(before)
        left.clock.advance(900)
        await allCame(left, right)
      }
      for (const { heard } of [left, right]) expect(heard.error).toBeNull()
      await close(sides)
    })

    test('counts from the watch on where that is called for', async () => {
      const patient = { limits, silenceFrom: 'watch' } as const
      const sides = await open(patient, patient)
      sides.left.clock.advance(20_000)
      expect(sides.left.heard.error).toBeNull()
      sides.left.link.watch()
      sides.left.clock.advance(1000)
      expect(sides.left.heard.error).toBeNull()
      sides.left.clock.advance(50)
      expect(sides.left.heard.error).toMatchObject({ code: 'LINK_SILENT' })
      await bothOver(sides)
      await close(sides)
    })

    test('is not what one has not heard oneself while standing still', async () => {
      const sides = await open({ limits }, { limits })
      sides.left.clock.jump(1e6)
      sides.left.clock.advance(800)
      expect(sides.left.heard.error).toBeNull()
      await close(sides)
    })

    test('before the handshake ends the link without a word', async () => {
      const ports = await carrier.open()
      const right = createSide('right', ports.right, { limits: { ...limits, patience: 500 } })
      right.clock.advance(500)
      expect(right.heard.error).toBeNull()
      right.clock.advance(50)
      await expect(right.link.opened).rejects.toMatchObject({ code: 'LINK_HANDSHAKE_TIMEOUT' })
      ports.left.receive({ frame: () => expect.unreachable(), end: () => undefined })
      await right.link.close()
    })
  })

  test('a kernel that beats is heard, and heartbeats are no more than are due', async () => {
    const sides = await open()
    const { bytes } = sides.left.link.sent
    for (let k = 0; k < 100; k++) sides.left.link.beat()
    expect(sides.left.link.sent.bytes).toBe(bytes)
    sides.left.clock.jump(1000)
    sides.left.link.beat()
    expect(sides.left.link.sent.bytes).toBe(bytes + 24)
    await close(sides)
  })

  describe('under load', () => testLinksUnderLoad(carrier))

  describe('half-open', () => testHalfOpenLinks(carrier))
}
