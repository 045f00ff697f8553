import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinkError } from '../../../src/streams/link-error.js'
import { createLink } from '../../../src/streams/links/create-link.js'
import type { Port, PortReceiver } from '../../../src/streams/links/port.js'
import type { Message } from '../../../src/streams/message.js'
import { checksum } from '../../../src/streams/wire/checksum.js'
import { encodeCredits } from '../../../src/streams/wire/credit-payload.js'
import { encodeError } from '../../../src/streams/wire/error-payload.js'
import { type FrameKind, HEADER_BYTES, openFrame, sealFrame } from '../../../src/streams/wire/frame.js'
import { FrameFault } from '../../../src/streams/wire/frame-fault.js'
import { encodeHello } from '../../../src/streams/wire/hello-payload.js'
import { decodeMessage, encodeMessage } from '../../../src/streams/wire/message-codec.js'
import { createManualClock, listen, NAMES, optionsOf } from '../../suites/link-fixture.js'
import { message } from '../../suites/link-messages.js'
import { empty, HELLO } from '../../suites/link-raw-peer.js'

const FRAMES = 100_000
const LINKS = 50_000

/** Numbers below a bound, the same in every run. */
function createDice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const sealed = (kind: FrameKind, frame: Uint8Array) => {
  sealFrame(frame, { kind, more: false, sequence: 1, run: 0 })
  return frame
}

const valid: readonly Uint8Array[] = [
  ...fc.sample(message, { numRuns: 400, seed: 81 }).map((sent) => sealed(sent.kind, encodeMessage(sent))),
  sealed('hello', encodeHello(HELLO)),
  sealed('credit', encodeCredits([{ stream: 0, windows: 1 }])),
  sealed('error', encodeError({ code: 'X', message: 'y' })),
  sealed('heartbeat', empty()),
  sealed('close', empty()),
]

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff]

/** Noise, or a good frame with some bytes changed, cut or longer; mostly with a checksum that fits. */
function hostileFrame(dice: (below: number) => number): Uint8Array {
  if (dice(10) === 0) return Uint8Array.from({ length: dice(100) }, () => dice(256))
  const good = valid[dice(valid.length)]!
  const length = dice(4) === 0 ? dice(good.length + 20) : good.length
  const frame = new Uint8Array(length)
  frame.set(good.subarray(0, length))
  for (let k = dice(5); k > 0 && length > 0; k--)
    frame[dice(length)] = dice(2) === 0 ? dice(256) : EXTREMES[dice(EXTREMES.length)]!
  if (length >= HEADER_BYTES && dice(8) > 0) {
    const view = new DataView(frame.buffer)
    view.setUint32(0, 0x44544e41, true)
    view.setUint8(4, 1)
    view.setUint32(8, length - HEADER_BYTES, true)
    if (dice(4) > 0) view.setUint32(12, 1, true)
    view.setUint32(20, checksum(frame, 20), true)
  }
  return frame
}

/** Bytes of all arrays that a message holds. */
function bytesIn(thing: unknown): number {
  if (ArrayBuffer.isView(thing)) return thing.buffer.byteLength
  if (typeof thing !== 'object' || thing === null) return 0
  return Object.values(thing).reduce((sum: number, field) => sum + bytesIn(field), 0)
}

test(`${FRAMES} hostile frames are messages or faults, and none makes more of itself than four times its size`, () => {
  const dice = createDice(82)
  const count = { messages: 0, control: 0, faults: 0 }
  for (let k = 0; k < FRAMES; k++) {
    const bytes = hostileFrame(dice)
    try {
      const frame = openFrame(bytes, 1 << 20)
      if (!['spikes', 'gradients', 'vector', 'value'].includes(frame.kind)) count.control++
      else {
        const received: Message = decodeMessage(frame, (stream) => NAMES[stream])
        if (bytesIn(received) > 4 * bytes.length) expect.unreachable(`${bytesIn(received)} bytes of ${bytes.length}`)
        count.messages++
      }
    } catch (error) {
      if (!(error instanceof FrameFault)) throw error
      count.faults++
    }
  }
  // Neither all good nor all bad: the mutations reach every depth.
  for (const number of Object.values(count)) expect(number).toBeGreaterThan(500)
})

test('a link that hears hostile frames goes on or ends with an error, and holds on to nothing', () => {
  const dice = createDice(83)
  const clock = createManualClock()
  const hello = encodeHello(HELLO)
  sealFrame(hello, { kind: 'hello', more: false, sequence: 0, run: 0 })
  let survived = 0
  for (let k = 0; k < LINKS; k++) {
    let receiver: PortReceiver | null = null
    let isClosed = false
    const port: Port = {
      receive: (listener) => {
        receiver = listener
      },
      send: () => undefined,
      admit: () => undefined,
      close: () => {
        isClosed = true
      },
      abort: () => undefined,
    }
    const link = createLink(port, optionsOf('right', clock))
    const heard = listen(link)
    // One in four comes from a stranger.
    const deliver = (bytes: Uint8Array) => receiver?.frame(bytes)
    if (k % 4 > 0) deliver(hello.slice())
    deliver(hostileFrame(dice))
    if (heard.error === null && !heard.isComplete) {
      survived++
      link.fail(new Error('enough'))
    }
    if (!isClosed) expect.unreachable(`frame ${k} leaves the port open`)
    if (heard.error !== null && !(heard.error instanceof LinkError)) throw heard.error
  }
  expect(survived).toBeGreaterThan(1000)
  expect(survived).toBeLessThan(LINKS / 2)
  expect(clock.ticking).toBe(0)
})
