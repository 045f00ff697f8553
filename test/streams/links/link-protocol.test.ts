import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { LinkErrorCode } from '../../../src/streams/link-error.js'
import { createLink } from '../../../src/streams/links/create-link.js'
import { DEFAULT_LIMITS, type LinkLimits } from '../../../src/streams/links/link-limits.js'
import { createMemoryPorts } from '../../../src/streams/links/memory-port.js'
import { createMicrotaskMailbox } from '../../../src/streams/mailbox.js'
import type { Message } from '../../../src/streams/message.js'
import { checksum } from '../../../src/streams/wire/checksum.js'
import { encodeCredits } from '../../../src/streams/wire/credit-payload.js'
import { encodeError } from '../../../src/streams/wire/error-payload.js'
import { HEADER_BYTES, PROTOCOL_VERSION, sealFrame } from '../../../src/streams/wire/frame.js'
import { encodeHello } from '../../../src/streams/wire/hello-payload.js'
import { encodeMessage } from '../../../src/streams/wire/message-codec.js'
import { createManualClock, createSide, optionsOf, type Side } from '../../suites/link-fixture.js'
import { createRawPeer, empty, HELLO, type RawPeer } from '../../suites/link-raw-peer.js'

function join(limits: Partial<LinkLimits> = {}): { readonly peer: RawPeer; readonly side: Side } {
  const { left, right } = createMemoryPorts(createMicrotaskMailbox())
  const side = createSide('right', right, { limits })
  return { side, peer: createRawPeer(left) }
}

/** Ports in memory need few turns of the event loop for all that may come. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !holds(); turn++) await setImmediate()
  expect(holds(), `${holds}`).toBe(true)
}

const spikes = (stream = 0) =>
  encodeMessage({
    kind: 'spikes',
    stream,
    run: 0,
    batch: {
      stream: 'hidden',
      sequence: 0,
      window: { start: 0, end: 12.5 },
      offsets: Uint32Array.of(0, 1),
      times: Float64Array.of(1),
      units: Uint32Array.of(0),
    },
  })

/** A window that the peer is sent. */
const window: Message = {
  kind: 'spikes',
  stream: 1,
  run: 0,
  batch: {
    stream: 'output',
    sequence: 0,
    window: { start: 0, end: 1 },
    offsets: Uint32Array.of(0, 0),
    times: new Float64Array(0),
    units: new Uint32Array(0),
  },
}

interface Misdeed {
  readonly name: string
  readonly code: LinkErrorCode
  readonly says: string
  readonly limits?: Partial<LinkLimits>
  act(peer: RawPeer, side: Side): void
}

const sealed = (bytes: number, version = PROTOCOL_VERSION) => {
  const frame = new Uint8Array(HEADER_BYTES + bytes)
  sealFrame(frame, { kind: 'value', more: false, sequence: 1, run: 0 })
  frame[4] = version
  return frame
}

describe('after the handshake a link ends, tells its peer, and names the last watermark, for', () => {
  test.each<Misdeed>([
    {
      name: 'a gap',
      code: 'LINK_SEQUENCE',
      says: 'frame 3 came in place of frame 2',
      act: (peer) => peer.frame(empty(), { kind: 'heartbeat', sequence: 3 }),
    },
    {
      name: 'a duplicate',
      code: 'LINK_SEQUENCE',
      says: 'frame 1 came in place of frame 2',
      act: (peer) => peer.frame(spikes(), { kind: 'spikes', sequence: 1 }),
    },
    {
      name: 'a truncated frame',
      code: 'LINK_FRAME_TRUNCATED',
      says: '10 bytes has no header',
      act: (peer) => peer.bytes(new Uint8Array(10)),
    },
    {
      name: 'an oversized frame',
      code: 'LINK_FRAME_OVERSIZED',
      says: '65537 bytes of payload, more than 65536',
      limits: { maxFrame: 1000 },
      act: (peer) => peer.bytes(sealed(65_537)),
    },
    {
      name: 'a corrupt frame',
      code: 'LINK_FRAME_CORRUPT',
      says: 'checksum',
      act: (peer) => peer.bytes(sealed(9, PROTOCOL_VERSION + 1)),
    },
    {
      name: 'bytes of something else',
      code: 'LINK_FRAME_CORRUPT',
      says: '"ANTD"',
      act: (peer) => peer.bytes(new TextEncoder().encode('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n')),
    },
    {
      name: 'a second hello',
      code: 'LINK_FRAME_CORRUPT',
      says: 'second hello',
      act: (peer) => peer.hello(),
    },
    {
      name: 'a farewell within a message',
      code: 'LINK_FRAME_CORRUPT',
      says: 'closed within a message',
      act(peer) {
        peer.frame(sealed(1), { kind: 'value', more: true })
        peer.frame(empty(), { kind: 'close' })
      },
    },
    {
      name: 'fragments of two messages at once',
      code: 'LINK_FRAME_CORRUPT',
      says: 'a fragment of vector of run 0 came within value of run 0',
      act(peer) {
        peer.frame(sealed(1), { kind: 'value', more: true })
        peer.frame(sealed(1), { kind: 'vector' })
      },
    },
    {
      name: 'fragments of two runs in one message',
      code: 'LINK_FRAME_CORRUPT',
      says: 'a fragment of vector of run 2 came within vector of run 1',
      act(peer) {
        peer.frame(sealed(8), { kind: 'vector', run: 1, more: true })
        peer.frame(sealed(8), { kind: 'vector', run: 2 })
      },
    },
    {
      name: 'an empty fragment',
      code: 'LINK_FRAME_CORRUPT',
      says: 'a fragment is empty',
      act: (peer) => peer.frame(empty(), { kind: 'value', more: true }),
    },
    {
      name: 'fragments without end',
      code: 'LINK_MESSAGE_TOO_LARGE',
      says: 'larger than 100 bytes',
      limits: { maxMessage: 100 },
      act(peer) {
        for (let k = 0; k < 11; k++) peer.frame(sealed(10), { kind: 'value', more: true })
      },
    },
    {
      name: 'an unknown stream',
      code: 'LINK_STREAM_UNKNOWN',
      says: 'there is no stream 77',
      act: (peer) => peer.frame(spikes(77), { kind: 'spikes' }),
    },
    {
      name: 'more windows than there are credits',
      code: 'LINK_CREDIT_EXCEEDED',
      says: 'core 0 sent more than 2 windows of stream 0, "hidden"',
      limits: { credits: 2 },
      act(peer) {
        for (let k = 0; k < 2; k++) peer.frame(spikes(), { kind: 'spikes' })
      },
    },
    {
      name: 'credits that were never taken',
      code: 'LINK_CREDIT_EXCEEDED',
      says: 'core 0 gave back 1 windows of stream 0, more than it had',
      act: (peer) => peer.frame(encodeCredits([{ stream: 0, windows: 1 }]), { kind: 'credit' }),
    },
    {
      name: 'more credits than were taken',
      code: 'LINK_CREDIT_EXCEEDED',
      says: 'core 0 gave back 2 windows of stream 1, more than it had',
      act(peer, { link }) {
        link.send(window)
        peer.frame(encodeCredits([{ stream: 1, windows: 2 }]), { kind: 'credit' })
      },
    },
    {
      name: 'credits of an unknown stream',
      code: 'LINK_STREAM_UNKNOWN',
      says: 'there is no stream 5',
      act: (peer) => peer.frame(encodeCredits([{ stream: 5, windows: 1 }]), { kind: 'credit' }),
    },
  ])('$name', async ({ code, says, limits, act }) => {
    const { peer, side } = join(limits)
    peer.hello()
    await side.link.opened
    peer.frame(spikes(), { kind: 'spikes' })
    act(peer, side)
    await until(() => side.heard.error !== null && peer.ending !== null)
    expect(side.heard.error).toMatchObject({
      code,
      details: { link: 'core 0 - core 1', watermark: 12.5, stream: 'hidden' },
    })
    expect(side.heard.error?.message).toContain(says)
    expect(side.heard.error?.message).toContain('The last watermark from core 0 was 12.5 ms, of "hidden".')
    expect(peer.notes).toEqual([{ code, message: expect.stringContaining(says) }])
    expect(side.clock.ticking).toBe(0)
    peer.frame(spikes(), { kind: 'spikes' })
    await side.link.close()
  })
})

describe('before the handshake a link ends without a word to the stranger for', () => {
  test.each<Misdeed>([
    {
      name: 'a message',
      code: 'LINK_HELLO_MISSING',
      says: 'a frame (spikes) came before the hello',
      act: (peer) => peer.frame(spikes(), { kind: 'spikes' }),
    },
    {
      name: 'a heartbeat',
      code: 'LINK_HELLO_MISSING',
      says: 'a frame (heartbeat) came before the hello',
      act: (peer) => peer.frame(empty(), { kind: 'heartbeat' }),
    },
    {
      name: 'a farewell',
      code: 'LINK_BROKEN',
      says: 'closed it before both sides had agreed',
      act: (peer) => peer.frame(empty(), { kind: 'close' }),
    },
    {
      name: 'half a hello',
      code: 'LINK_FRAME_CORRUPT',
      says: 'a hello message has 50 bytes',
      act: (peer) => peer.frame(encodeHello(HELLO).slice(0, 24 + 4 + HELLO.token.length + 50), { kind: 'hello' }),
    },
    {
      name: 'noise',
      code: 'LINK_FRAME_CORRUPT',
      says: 'ANTD',
      act: (peer) => peer.bytes(new Uint8Array(99).fill(7)),
    },
    {
      name: 'an error',
      code: 'LINK_PEER_FAILED',
      says: 'core 0 failed with X: y',
      act: (peer) => peer.frame(encodeError({ code: 'X', message: 'y' }), { kind: 'error' }),
    },
  ])('$name', async ({ code, says, act }) => {
    const { peer, side } = join()
    act(peer, side)
    await expect(side.link.opened).rejects.toMatchObject({ code, message: expect.stringContaining(says) })
    await until(() => peer.ending !== null)
    expect(peer.kinds).toEqual([])
  })
})

test('another version of the protocol is told to those who know the token, and to no others', async () => {
  const helloOfVersion = (version: number, token: string) => {
    const frame = encodeHello({ ...HELLO, token })
    const { left, right } = createMemoryPorts(createMicrotaskMailbox())
    const side = createSide('right', right)
    const peer = createRawPeer({
      ...left,
      send(bytes) {
        // The checksum of a later version is made as ours is.
        sealFrame(bytes, { kind: 'hello', more: false, sequence: 0, run: 0 })
        left.send(reseal(bytes, version))
      },
    })
    peer.bytes(frame)
    return { side, peer }
  }
  const known = helloOfVersion(PROTOCOL_VERSION + 1, HELLO.token)
  await until(() => known.peer.ending !== null)
  expect(known.side.heard.error?.code).toBe('LINK_PROTOCOL_VERSION')
  expect(known.peer.notes).toEqual([
    {
      code: 'LINK_PROTOCOL_VERSION',
      message: `version of the protocol: found ${PROTOCOL_VERSION + 1}, expected ${PROTOCOL_VERSION}`,
    },
  ])
  const unknown = helloOfVersion(PROTOCOL_VERSION + 1, 'guessed')
  await until(() => unknown.peer.ending !== null)
  expect(unknown.peer.notes).toEqual([{ code: 'LINK_TOKEN_WRONG', message: 'the token of the peer is wrong' }])
})

test('a stranger wins no time by talking without ever introducing itself', async () => {
  const { peer, side } = join({ patience: 500 })
  for (let ms = 0; ms < 1000; ms += 100) {
    peer.frame(part(0, 3), { kind: 'value', more: true })
    await new Promise((resolve) => setTimeout(resolve))
    side.clock.advance(100)
  }
  expect(side.heard.error?.code).toBe('LINK_HANDSHAKE_TIMEOUT')
  await expect(side.link.opened).rejects.toBe(side.heard.error)
})

test('a link introduces itself to nobody but who knows the token', async () => {
  const { peer, side } = join()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(peer.kinds).toEqual([])
  peer.hello()
  await side.link.opened
  await until(() => peer.kinds.length > 0)
  expect(peer.kinds).toEqual(['hello'])
})

const PARTS = encodeMessage({ kind: 'value', value: 'in three parts' }).subarray(HEADER_BYTES)

function part(from: number, to: number): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + to - from)
  frame.set(PARTS.subarray(from, to), HEADER_BYTES)
  return frame
}

test('what keeps a link going is heard between the fragments of a message', async () => {
  const { peer, side } = join()
  peer.hello()
  await side.link.opened
  side.link.send(window)
  peer.frame(part(0, 3), { kind: 'value', more: true })
  peer.frame(empty(), { kind: 'heartbeat' })
  peer.frame(part(3, 12), { kind: 'value', more: true })
  peer.frame(encodeCredits([{ stream: 1, windows: 1 }]), { kind: 'credit' })
  await until(() => side.link.credit(1) === 8)
  peer.frame(part(12, PARTS.length), { kind: 'value' })
  await until(() => side.heard.messages.length === 1)
  expect(side.heard.messages).toEqual([{ kind: 'value', value: 'in three parts' }])
})

test('credits are told at once when half of a stream have come back, with those of others', async () => {
  const { peer, side } = join()
  peer.hello()
  for (const stream of [0, 0, 0, 0, 1, 1, 1]) peer.frame(spikes(stream), { kind: 'spikes' })
  await until(() => side.heard.messages.length === 7)
  const { bytes } = side.link.sent
  for (const stream of [0, 0, 0, 1, 1, 1]) side.link.release(stream)
  side.link.beat()
  expect(side.link.sent.bytes).toBe(bytes)
  side.link.release(0)
  expect(side.link.sent.bytes).toBe(bytes + 24 + 2 * 8)
  await until(() => peer.kinds.length > 1)
  expect(peer.kinds).toEqual(['hello', 'credit'])
})

describe('limits', () => {
  const { right } = createMemoryPorts(createMicrotaskMailbox())

  test.each<{ readonly limits: Partial<LinkLimits>; readonly field: string }>([
    { limits: { credits: 1 }, field: 'credits' },
    { limits: { maxFrame: 0 }, field: 'maxFrame' },
    { limits: { maxMessage: Number.NaN }, field: 'maxMessage' },
    { limits: { heartbeat: 3000 }, field: 'heartbeat' },
    { limits: { silence: 0 }, field: 'silence' },
  ])('$limits are refused', ({ limits, field }) => {
    expect(() => createLink(right, optionsOf('right', createManualClock(), { limits }))).toThrow(
      expect.objectContaining({ code: 'LINK_LIMIT_OUT_OF_RANGE', details: expect.objectContaining({ field }) }),
    )
  })

  test('are these', () => {
    expect(DEFAULT_LIMITS).toEqual({
      credits: 8,
      maxFrame: 1_048_576,
      maxMessage: 1_073_741_824,
      heartbeat: 1000,
      silence: 10_000,
      patience: 10_000,
    })
  })
})

function reseal(bytes: Uint8Array, version: number): Uint8Array {
  bytes[4] = version
  new DataView(bytes.buffer).setUint32(20, checksum(bytes, 20), true)
  return bytes
}
