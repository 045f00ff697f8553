import { expect, test } from 'vitest'
import type { SpikesMessage } from '../../src/streams/message.js'
import { HEADER_BYTES } from '../../src/streams/wire/frame.js'
import { casesOf } from '../support/cases-of.js'
import { type Carrier, until } from './link-fixture.js'
import { type Sides, sidesOf, spikes } from './link-sides.js'

const BURST = casesOf({ short: 200_000, long: 1_000_000 })
const WINDOWS = 1000
/** Of the longest message, which has as many fragments. */
const MEBIBYTES = casesOf({ short: 4, long: 64 })
/** Payload of the hello, and of what keeps a link going during a test. */
const SLACK = 4096

/** Spikes of many trials, each with the same number; units take two bytes. */
function burst(sequence: number, count: number, trials: number): SpikesMessage {
  const times = Float64Array.from({ length: count }, (_, k) => sequence + k / count)
  const units = Uint32Array.from({ length: count }, (_, k) => (k * 7919) % 50_000)
  units.set([0, 49_999])
  const offsets = Uint32Array.from({ length: trials + 1 }, (_, trial) => (trial * count) / trials)
  const window = { start: sequence, end: sequence + 1 }
  return { kind: 'spikes', stream: 0, run: 1, batch: { stream: 'hidden', sequence, window, offsets, times, units } }
}

const bytesOf = (array: Float64Array | Uint32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)
const sameBits = (a: Float64Array | Uint32Array, b: Float64Array | Uint32Array) => bytesOf(a).equals(bytesOf(b))

/** What came as the message number `k`, if it is spikes. */
function heardSpikes({ right }: Sides, k: number): SpikesMessage {
  const message = right.heard.messages[k]
  if (message?.kind !== 'spikes') throw new Error(`message ${k} is ${message?.kind ?? 'none'}`)
  return message
}

/** What every link does when much is sent, or when little is read. */
export function testLinksUnderLoad(carrier: Carrier): void {
  const { open, close } = sidesOf(carrier)

  test(`a batch of ${BURST} spikes arrives whole, for the bytes of its times and units`, async () => {
    const sides = await open()
    const sent = burst(0, BURST, 16)
    const before = sides.left.link.sent.bytes
    sides.left.link.send(sent)
    const cost = sides.left.link.sent.bytes - before
    const fragments = Math.ceil((10 * BURST) / (1 << 20))
    expect(cost).toBeGreaterThanOrEqual(10 * BURST)
    expect(cost).toBeLessThanOrEqual(10 * BURST + 40 + 4 * 16 + (fragments + 1) * HEADER_BYTES)
    await until(() => sides.right.heard.messages.length === 1)
    const { batch } = heardSpikes(sides, 0)
    expect(sameBits(batch.times, sent.batch.times)).toBe(true)
    expect(sameBits(batch.units, sent.batch.units)).toBe(true)
    expect(batch.offsets).toEqual(sent.batch.offsets)
    expect(sides.right.link.received.spikes).toBe(BURST)
    await close(sides)
  })

  test(`${BURST} spikes in ${WINDOWS} windows arrive in order, never more windows under way than credits`, async () => {
    const sides = await open({}, { limits: { credits: 4 } })
    const { left, right } = sides
    const sent = burst(0, BURST / WINDOWS, 1)
    let [next, returned, most] = [0, 0, 0]
    const pump = () => {
      while (next < WINDOWS && left.link.credit(0) > 0) {
        left.link.send({ ...sent, batch: { ...sent.batch, sequence: next++ } })
        most = Math.max(most, next - returned)
      }
    }
    left.link.writable$.subscribe(pump)
    right.link.messages$.subscribe(() => {
      returned++
      right.link.release(0)
    })
    pump()
    await until(() => {
      pump()
      return returned === WINDOWS
    })
    expect(most).toBe(4)
    expect(right.heard.messages.map((_, k) => heardSpikes(sides, k).batch.sequence)).toEqual(
      Array.from({ length: WINDOWS }, (_, k) => k),
    )
    expect(right.link.received.spikes).toBe(BURST)
    await close(sides)
  })

  test('a slow reader holds its sender back: no more is under way than its credits, and other streams pass', async () => {
    const credits = 3
    const sides = await open({}, { limits: { credits } })
    const { left, right } = sides
    const windows = 60
    const large = burst(0, 8000, 1)
    const frame = HEADER_BYTES + 40 + 8 + 10 * 8000
    const before = left.link.sent.bytes
    let [next, read, others, most] = [0, 0, 0, 0]
    right.link.messages$.subscribe((message) => {
      if (message.kind !== 'spikes' || message.stream === 0) return
      others++
      right.link.release(message.stream)
    })
    for (let turn = 0; read < windows; turn++) {
      while (next < windows && left.link.credit(0) > 0)
        left.link.send({ ...large, batch: { ...large.batch, sequence: next++ } })
      if (left.link.credit(1) > 0) left.link.send(spikes(turn, turn + 1, 1))
      const underWay = left.link.sent.bytes - before - read * frame
      most = Math.max(most, next - read)
      // The other stream has frames of under 200 bytes.
      expect(underWay).toBeLessThanOrEqual(credits * frame + 200 * (turn + 1))
      await new Promise((resolve) => setImmediate(resolve))
      // It reads one window in ten turns, and none before the other stream has passed it.
      const isHere = right.link.received.spikes - others > read * 8000
      if (turn % 10 === 9 && isHere && others > read) {
        right.link.release(0)
        read++
      }
    }
    expect(most).toBe(credits)
    expect(others).toBeGreaterThanOrEqual(windows)
    await close(sides)
  })

  test('a reader that takes nothing gets no more windows than it has credits for', async () => {
    const sides = await open({}, { limits: { credits: 2 } })
    const { left, right } = sides
    left.link.send(burst(0, 8000, 1))
    left.link.send(burst(1, 8000, 1))
    await until(() => right.heard.messages.length === 2)
    const { bytes } = left.link.sent
    for (let k = 0; k < 100; k++) {
      expect(left.link.credit(0)).toBe(0)
      left.clock.advance(50)
      await new Promise((resolve) => setImmediate(resolve))
    }
    // Five seconds of heartbeats, and nothing else.
    expect(left.link.sent.bytes - bytes).toBeLessThanOrEqual(6 * HEADER_BYTES)
    expect(right.heard.messages.length).toBe(2)
    await close(sides)
  })

  test(`a message of ${MEBIBYTES} MiB arrives whole, in fragments, with heartbeats before and behind it`, async () => {
    const sides = await open()
    const { left, right } = sides
    const size = MEBIBYTES << 20
    const values = Float64Array.from({ length: size / 8 }, (_, k) => k / 3)
    left.clock.advance(1000)
    left.link.send({ kind: 'vector', stream: 5, run: 2, values })
    left.clock.advance(1000)
    await until(() => right.heard.messages.length === 1)
    const [message] = right.heard.messages
    if (message?.kind !== 'vector') throw new Error('no vector came')
    expect([message.stream, message.run]).toEqual([5, 2])
    expect(sameBits(message.values, values)).toBe(true)
    expect(left.link.sent.bytes).toBeGreaterThanOrEqual(size + MEBIBYTES * HEADER_BYTES)
    expect(left.link.sent.bytes).toBeLessThanOrEqual(size + (MEBIBYTES + 2) * HEADER_BYTES + SLACK)
    await close(sides)
  })
}
