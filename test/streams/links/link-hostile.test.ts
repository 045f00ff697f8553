import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinkError } from '../../../src/streams/link-error.js'
import type { Port, PortReceiver } from '../../../src/streams/links/port.js'
import type { Message } from '../../../src/streams/message.js'
import { createSide, isOver, type Side } from '../../suites/link-fixture.js'
import { fingerprint, message } from '../../suites/link-messages.js'
import { casesOf } from '../../support/cases-of.js'

const WINDOWS = 3
const SILENCE = 10_000

type Direction = 'toLeft' | 'toRight'

/** Frames that wait in the middle, and what the middle may do with them. */
interface Way {
  readonly frames: Uint8Array[]
  /** The first that ever came. */
  first: Uint8Array | null
  isClosed: boolean
  receiver: PortReceiver | null
  /** Whether what arrives is no longer what was sent. */
  isDisturbed: boolean
}

interface Real {
  readonly left: Side
  readonly right: Side
  readonly ways: Readonly<Record<Direction, Way>>
}

/** What was sent, by where it goes. */
interface Model {
  readonly sent: Record<Direction, string[]>
  readonly released: Record<Direction, number>
}

type Command = fc.AsyncCommand<Model, Real>

function createWay(): Way {
  return { frames: [], first: null, isClosed: false, receiver: null, isDisturbed: false }
}

function createMiddle(): Real {
  const ways = { toLeft: createWay(), toRight: createWay() }
  const end = (inward: Way, outward: Way): Port => {
    const close = () => {
      inward.isClosed = true
      outward.isClosed = true
    }
    return {
      receive(receiver) {
        inward.receiver = receiver
      },
      send(frame) {
        if (outward.isClosed) return
        outward.frames.push(frame)
        outward.first ??= frame.slice()
      },
      flushed: () => null,
      admit: () => undefined,
      close,
      abort: close,
    }
  }
  const limits = { credits: WINDOWS, maxFrame: 100, silence: SILENCE }
  const right = createSide('right', end(ways.toRight, ways.toLeft), { limits })
  const left = createSide('left', end(ways.toLeft, ways.toRight), { limits })
  return { left, right, ways }
}

const sideAt = (real: Real, direction: Direction) => (direction === 'toLeft' ? real.left : real.right)
const sender = (real: Real, direction: Direction) => (direction === 'toLeft' ? real.right : real.left)

/** Hands frames over; the end comes behind the last. */
function deliver(way: Way, count: number): void {
  for (let k = 0; k < count; k++) {
    const frame = way.frames.shift()
    if (frame !== undefined) way.receiver?.frame(frame)
  }
  if (way.frames.length === 0 && way.isClosed) {
    way.receiver?.end({ kind: 'closed' })
    way.receiver = null
  }
}

const settle = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)))

async function deliverAll({ ways }: Real): Promise<void> {
  for (let k = 0; k < 1000; k++) {
    deliver(ways.toLeft, ways.toLeft.frames.length)
    deliver(ways.toRight, ways.toRight.frames.length)
    await settle()
    if (ways.toLeft.frames.length + ways.toRight.frames.length === 0) return
  }
  throw new Error('frames without end')
}

/** What must hold at any time, whatever the middle did. */
function check(model: Model, real: Real): void {
  for (const direction of ['toLeft', 'toRight'] as const) {
    const { heard, link } = sideAt(real, direction)
    const received = heard.messages.map(fingerprint)
    expect(received).toEqual(model.sent[direction].slice(0, received.length))
    for (let stream = 0; stream < 3; stream++) expect(link.credit(stream)).toBeLessThanOrEqual(WINDOWS)
    if (heard.error !== null) expect(heard.error).toBeInstanceOf(LinkError)
  }
}

const command = (name: string, run: (model: Model, real: Real) => void): Command => ({
  check: () => true,
  async run(model, real) {
    run(model, real)
    await settle()
    check(model, real)
  },
  toString: () => name,
})

const send = (direction: Direction, what: Message) =>
  command(`send ${direction} ${what.kind}`, (model, real) => {
    const { link, heard } = sender(real, direction)
    const isOpen = link.credit(3) === WINDOWS && heard.error === null
    if (!isOpen || (what.kind === 'spikes' && link.credit(what.stream) === 0)) return
    link.send(what)
    model.sent[direction].push(fingerprint(what))
  })

const release = (direction: Direction) =>
  command(`release ${direction}`, (model, real) => {
    const { link, heard } = sideAt(real, direction)
    const next = heard.messages.filter(({ kind }) => kind === 'spikes')[model.released[direction]]
    if (next?.kind !== 'spikes') return
    model.released[direction]++
    link.release(next.stream)
  })

const arrive = (direction: Direction, count: number) =>
  command(`arrive ${direction} ${count}`, (_, { ways }) => deliver(ways[direction], count))

const pass = (ms: number) =>
  command(`pass ${ms}`, (_, { left, right }) => {
    left.clock.advance(ms)
    right.clock.advance(ms)
  })

/** Whether the frame at the head is now another, or at another place. */
const disturbances: Readonly<Record<string, (way: Way, amount: number) => boolean>> = {
  drop: (way) => way.frames.shift() !== undefined,
  duplicate: ({ frames }) => frames.length > 0 && frames.unshift(frames[0]!.slice()) > 0,
  delay: ({ frames }, amount) => {
    if (frames.length < 2) return false
    frames.splice(1 + (amount % (frames.length - 1)), 0, frames.shift()!)
    return true
  },
  truncate: ({ frames }, amount) => {
    if (frames.length === 0) return false
    frames[0] = frames[0]!.slice(0, amount % frames[0]!.length)
    return true
  },
  flip: ({ frames }, amount) => {
    if (frames.length === 0) return false
    frames[0]![(amount >> 3) % frames[0]!.length]! ^= 1 << (amount & 7)
    return true
  },
  redial: ({ frames, first }) => first !== null && frames.unshift(first.slice()) > 0,
}

const disturb = (direction: Direction, kind: string, amount: number) =>
  command(`${kind} ${direction} ${amount}`, (_, { ways }) => {
    const way = ways[direction]
    // A frame that nobody would hear any more can be lost, and a second disturbance can undo the first.
    if (way.receiver === null || way.isClosed || way.isDisturbed) return
    if (disturbances[kind]!(way, amount)) way.isDisturbed = true
  })

const direction = fc.constantFrom<Direction>('toLeft', 'toRight')
const harmless = [
  fc.tuple(direction, message).map(([to, what]) => send(to, what)),
  fc.tuple(direction, message).map(([to, what]) => send(to, what)),
  direction.map(release),
  fc.tuple(direction, fc.integer({ min: 1, max: 9 })).map(([to, count]) => arrive(to, count)),
  fc.tuple(direction, fc.integer({ min: 1, max: 9 })).map(([to, count]) => arrive(to, count)),
  fc.integer({ min: 1, max: 600 }).map(pass),
]
const harmful = fc
  .tuple(direction, fc.constantFrom(...Object.keys(disturbances)), fc.nat(1 << 20))
  .map(([to, kind, amount]) => disturb(to, kind, amount))

const setup = () => ({
  model: { sent: { toLeft: [], toRight: [] }, released: { toLeft: 0, toRight: 0 } } as Model,
  real: createMiddle(),
})

test('without a disturbance everything arrives, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(harmless, { maxCommands: 60, size: 'max' }), async (commands) => {
      const { model, real } = setup()
      await deliverAll(real)
      await fc.asyncModelRun(() => ({ model, real }), commands)
      await deliverAll(real)
      const closing = [real.left.link.close(), real.right.link.close()]
      await deliverAll(real)
      await Promise.all(closing)
      check(model, real)
      for (const to of ['toLeft', 'toRight'] as const) {
        expect(sideAt(real, to).heard.isComplete).toBe(true)
        expect(sideAt(real, to).heard.messages.length).toBe(model.sent[to].length)
      }
    }),
    { numRuns: casesOf({ short: 50, long: 200 }), seed: 71 },
  )
})

test('whatever happens to a frame, what arrives is a beginning of what was sent, and both sides end with an error', async () => {
  let disturbed = 0
  await fc.assert(
    fc.asyncProperty(
      fc.commands([...harmless, harmful], { maxCommands: 60, size: 'max' }),
      fc.boolean(),
      async (commands, isOpenBefore) => {
        const { model, real } = setup()
        if (isOpenBefore) await deliverAll(real)
        await fc.asyncModelRun(() => ({ model, real }), commands)
        for (let ms = 0; ms < 3 * SILENCE; ms += 500) {
          await deliverAll(real)
          real.left.clock.advance(500)
          real.right.clock.advance(500)
        }
        await deliverAll(real)
        check(model, real)
        const isDisturbed = real.ways.toLeft.isDisturbed || real.ways.toRight.isDisturbed
        if (isDisturbed) disturbed++
        for (const side of [real.left, real.right]) {
          expect(side.heard.error !== null).toBe(isDisturbed)
          expect(side.heard.isComplete).toBe(false)
          if (!isOver(side)) continue
          expect(side.clock.ticking).toBe(0)
          await side.link.close()
        }
      },
    ),
    { numRuns: casesOf({ short: 100, long: 400 }), seed: 72 },
  )
  expect(disturbed).toBeGreaterThan(casesOf({ short: 50, long: 200 }))
})
