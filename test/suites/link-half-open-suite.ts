import { describe, expect, test } from 'vitest'
import { encodeVector } from '../../src/streams/wire/vector-payload.js'
import { type Carrier, createSide, type FragilePair, isOver, type Side, until } from './link-fixture.js'
import { createRawPeer } from './link-raw-peer.js'
import { type Sides, sidesOf, spikes, value } from './link-sides.js'
import { silencePorts } from './silenced-ports.js'

const limits = { heartbeat: 100, silence: 1000 }

/** What every link does when its peer vanishes without a word: the connection stands, and nothing comes or goes. */
export function testHalfOpenLinks(carrier: Carrier): void {
  const { joinPorts } = sidesOf(carrier)

  const openFragile = async (): Promise<FragilePair> => carrier.openFragile?.() ?? silencePorts(await carrier.open())

  const open = async (): Promise<Sides & Pick<FragilePair, 'vanish'>> => {
    const { vanish, ...ports } = await openFragile()
    const sides = joinPorts(ports, { limits }, { limits: { ...limits, credits: 3 } })
    await Promise.all([sides.left.link.opened, sides.right.link.opened])
    return { ...sides, vanish }
  }

  /** Time passes by the clock of one side alone until it gives up. */
  const outwait = async ({ clock, heard }: Side) => {
    for (let k = 0; k < 25 && heard.error === null; k++) {
      clock.advance(50)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  const leave = async ({ left, right }: Sides) => {
    for (const { link } of [left, right]) link.fail(new Error('the test is over'))
    await Promise.all([left.link.close(), right.link.close()])
    expect([left.clock.ticking, right.clock.ticking]).toEqual([0, 0])
  }

  test('a peer that vanishes is named after the silence limit, with its last watermark', async () => {
    const { vanish, ...sides } = await open()
    const { left, right } = sides
    left.link.send(spikes(0, 2.5))
    await until(() => right.heard.messages.length === 1)
    vanish()
    left.link.send(spikes(1, 3.5))
    await outwait(right)
    expect(right.heard.error).toMatchObject({
      code: 'LINK_SILENT',
      details: { link: 'core 0 - core 1', peer: 'core 0', watermark: 2.5, stream: 'hidden' },
    })
    expect(right.heard.error?.message).toContain('core 0 was silent for 1000 ms')
    expect(right.heard.messages.length).toBe(1)
    // Its own end does not wait for a farewell.
    await right.link.close()
    await leave(sides)
  })

  test('both halves find out, each by its own clock', async () => {
    const { vanish, ...sides } = await open()
    vanish()
    await outwait(sides.right)
    await outwait(sides.left)
    expect([sides.left, sides.right].map(({ heard }) => heard.error?.code)).toEqual(['LINK_SILENT', 'LINK_SILENT'])
    await leave(sides)
  })

  test('what is sent to a peer that has vanished is bounded by its credits, and ends with the link', async () => {
    const { vanish, ...sides } = await open()
    const { left } = sides
    vanish()
    const before = left.link.sent.bytes
    let sent = 0
    for (let k = 0; k < 10; k++) {
      while (left.link.credit(0) > 0) left.link.send(spikes(sent++))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(sent).toBe(3)
    expect(left.link.sent.bytes - before).toBe(sent * (24 + 40 + 8 + 8 + 1))
    await outwait(left)
    const { bytes } = left.link.sent
    expect([left.link.credit(0), isOver(left)]).toEqual([0, true])
    left.link.send(value('to nobody'))
    left.clock.advance(10_000)
    expect(left.link.sent.bytes).toBe(bytes)
    await leave(sides)
  })

  test('a farewell without a reply is waited for no longer than any silence', async () => {
    const { vanish, ...sides } = await open()
    vanish()
    const closing = sides.right.link.close()
    await outwait(sides.right)
    await closing
    expect(sides.right.heard).toMatchObject({ isComplete: false, error: { code: 'LINK_SILENT' } })
    await leave(sides)
  })

  describe('a peer that vanishes within a message', () => {
    test('is silent, and nothing of the message is handed over', async () => {
      const { vanish, left, right: port } = await openFragile()
      const right = createSide('right', port, { limits })
      const peer = createRawPeer(left)
      peer.hello()
      await right.link.opened
      const fragment = encodeVector({ kind: 'vector', stream: 1, run: 1, values: new Float64Array(100) })
      const { bytes } = right.link.received
      peer.frame(fragment, { kind: 'vector', more: true, run: 1 })
      await until(() => right.link.received.bytes > bytes)
      vanish()
      await outwait(right)
      expect(right.heard).toMatchObject({ messages: [], isComplete: false, error: { code: 'LINK_SILENT' } })
      await right.link.close()
      left.abort()
    })
  })
}
