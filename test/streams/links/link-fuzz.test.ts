import { expect, test } from 'vitest'
import { LinkError } from '../../../src/streams/link-error.js'
import { createLink } from '../../../src/streams/links/create-link.js'
import type { Port, PortReceiver } from '../../../src/streams/links/port.js'
import type { Message } from '../../../src/streams/message.js'
import { isMessageKind, openFrame, sealFrame } from '../../../src/streams/wire/frame.js'
import { FrameFault } from '../../../src/streams/wire/frame-fault.js'
import { encodeHello } from '../../../src/streams/wire/hello-payload.js'
import { decodeMessage } from '../../../src/streams/wire/message-codec.js'
import { createManualClock, listen, NAMES, optionsOf } from '../../suites/link-fixture.js'
import { HELLO } from '../../suites/link-raw-peer.js'
import { casesOf } from '../../support/cases-of.js'
import { createDice, hostileFrame, withoutTraces } from '../../support/hostile-frames.js'

const FRAMES = casesOf({ short: 60_000, long: 2_000_000 })
const LINKS = casesOf({ short: 3000, long: 100_000 })

/** Bytes of all arrays that a message holds. */
function bytesIn(thing: unknown): number {
  if (ArrayBuffer.isView(thing)) return thing.buffer.byteLength
  if (typeof thing !== 'object' || thing === null) return 0
  return Object.values(thing).reduce((sum: number, field) => sum + bytesIn(field), 0)
}

type Fate = 'message' | 'control' | 'fault'

/** What becomes of a frame; whatever it says, it makes no more of itself than four times its size. */
function fateOf(bytes: Uint8Array): Fate {
  try {
    const frame = openFrame(bytes, 1 << 20)
    if (!isMessageKind(frame.kind)) return 'control'
    const received: Message = decodeMessage(frame, (stream) => NAMES[stream])
    if (bytesIn(received) > 4 * bytes.length) expect.unreachable(`${bytesIn(received)} bytes of ${bytes.length}`)
    return 'message'
  } catch (error) {
    if (!(error instanceof FrameFault)) throw error
    return 'fault'
  }
}

test(`${FRAMES} hostile frames are messages or faults, and none makes more of itself than four times its size`, () => {
  const dice = createDice(82)
  const count = { message: 0, control: 0, fault: 0 }
  withoutTraces(() => {
    for (let k = 0; k < FRAMES; k++) count[fateOf(hostileFrame(dice))]++
  })
  // Neither all good nor all bad: the mutations reach every depth.
  for (const number of Object.values(count)) expect(number).toBeGreaterThan(FRAMES / 200)
})

test('a link that hears hostile frames goes on or ends with an error, and holds on to nothing', () => {
  withoutTraces(hearHostileFrames)
})

function hearHostileFrames(): void {
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
      flushed: () => null,
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
  expect(survived).toBeGreaterThan(LINKS / 50)
  expect(survived).toBeLessThan(LINKS / 2)
  expect(clock.ticking).toBe(0)
}
