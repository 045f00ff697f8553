import fc from 'fast-check'
import { checksum } from '../../src/streams/wire/checksum.js'
import { encodeCredits } from '../../src/streams/wire/credit-payload.js'
import { encodeError } from '../../src/streams/wire/error-payload.js'
import { type FrameKind, HEADER_BYTES, PROTOCOL_VERSION, sealFrame } from '../../src/streams/wire/frame.js'
import { encodeHello } from '../../src/streams/wire/hello-payload.js'
import { encodeMessage } from '../../src/streams/wire/message-codec.js'
import { message } from '../suites/link-messages.js'
import { empty, HELLO } from '../suites/link-raw-peer.js'

/** Numbers below a bound, the same in every run. */
export type Dice = (below: number) => number

export function createDice(seed: number): Dice {
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

/** Good frames of every kind. */
const valid: readonly Uint8Array[] = [
  ...fc.sample(message, { numRuns: 400, seed: 81 }).map((sent) => sealed(sent.kind, encodeMessage(sent))),
  sealed('hello', encodeHello(HELLO)),
  sealed('credit', encodeCredits([{ stream: 0, windows: 1 }])),
  sealed('error', encodeError({ code: 'X', message: 'y' })),
  sealed('heartbeat', empty()),
  sealed('close', empty()),
]

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff]

/** Writes over a few bytes from an offset on. */
export function disturb(bytes: Uint8Array, from: number, dice: Dice): void {
  const room = bytes.length - from
  for (let k = dice(5); k > 0 && room > 0; k--)
    bytes[from + dice(room)] = dice(2) === 0 ? dice(256) : (EXTREMES[dice(EXTREMES.length)] as number)
}

/** Noise, or a good frame with some bytes changed, cut or longer; mostly with a checksum that fits. */
export function hostileFrame(dice: Dice): Uint8Array {
  if (dice(10) === 0) return noise(dice)
  const good = valid[dice(valid.length)] as Uint8Array
  const length = dice(4) === 0 ? dice(good.length + 20) : good.length
  const frame = new Uint8Array(length)
  frame.set(good.subarray(0, length))
  disturb(frame, 0, dice)
  if (length >= HEADER_BYTES && dice(8) > 0) {
    const view = new DataView(frame.buffer)
    view.setUint32(0, 0x44544e41, true)
    view.setUint8(4, PROTOCOL_VERSION)
    view.setUint32(8, length - HEADER_BYTES, true)
    if (dice(4) > 0) view.setUint32(12, 1, true)
    view.setUint32(20, checksum(frame, 20), true)
  }
  return frame
}

function noise(dice: Dice): Uint8Array {
  const bytes = new Uint8Array(dice(100))
  for (let k = 0; k < bytes.length; k++) bytes[k] = dice(256)
  return bytes
}

/** Works without the traces of the errors that are thrown meanwhile: they cost more than all else. */
export function withoutTraces<Result>(work: () => Result): Result {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return work()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
