import { hasUnit, type UnitSet, unitSet } from '../../src/events/unit-set.js'
import type { Port, PortReceiver } from '../../src/streams/links/port.js'
import type { Arrival } from '../../src/streams/pathways/arrival-check.js'
import { encodeCredits } from '../../src/streams/wire/credit-payload.js'
import { type FrameKind, HEADER_BYTES, isMessageKind, openFrame, sealFrame } from '../../src/streams/wire/frame.js'
import { encodeHello, type Hello } from '../../src/streams/wire/hello-payload.js'
import { decodeMessage, encodeMessage } from '../../src/streams/wire/message-codec.js'
import { empty } from '../suites/link-raw-peer.js'
import { type Dice, disturb, hostileFrame } from './hostile-frames.js'

/** A run as the other side knows it. */
export interface NeighbourRun {
  readonly number: number
  readonly trials: number
  readonly until: number
  /** What the partition under test expects of a stream. */
  arrivalOf(stream: number): Arrival | undefined
}

/** A core that knows how to behave, and mostly does. */
export interface HostileNeighbour {
  /** The end of the connection at the partition under test. */
  readonly port: Port
  hello(hello: Hello): void
  begin(run: NeighbourRun): void
  /** Sends one frame: the next of a good course, or, one time in `mischief`, one that nobody would send. */
  act(mischief: number): void
  /** Sends frames of a run that is over, with any bits in them: they must be dropped, one by one. */
  flood(frames: number): void
  readonly hostile: number
}

/** What is known of a stream. */
interface Course {
  sequence: number
  watermark: number
  /** Spikes of batches that came and have no gradients yet. */
  readonly outstanding: number[]
  /** Windows to be given back. */
  taken: number
  isSent: boolean
}

/** A frame that is not yet sealed. */
interface Draft {
  readonly kind: FrameKind
  readonly run: number
  readonly frame: Uint8Array
}

/**
 * @param kinds of what the streams to the partition under test may bring
 * @param awaited per stream on which it is to be told which units are heard: how many there are
 */
export function createHostileNeighbour(
  kinds: ReadonlyMap<number, Arrival['kind']>,
  awaited: ReadonlyMap<number, number>,
  dice: Dice,
): HostileNeighbour {
  const streams = [...kinds.keys()]
  let receiver: PortReceiver | null = null
  let isEnded = false
  let sequence = 0
  let hostile = 0
  let run: NeighbourRun = { number: 0, trials: 1, until: 1, arrivalOf: () => undefined }
  let courses = new Map<number, Course>()
  const untold = new Map(awaited)
  /** What the partition has said is heard there. */
  const heard = new Map<number, UnitSet>()

  const courseOf = (stream: number): Course => {
    const known = courses.get(stream)
    if (known !== undefined) return known
    const fresh = { sequence: 0, watermark: 0, outstanding: [], taken: 0, isSent: false }
    courses.set(stream, fresh)
    return fresh
  }
  const end = () => {
    if (isEnded) return
    isEnded = true
    queueMicrotask(() => receiver?.end({ kind: 'closed' }))
  }
  const deliver = (frame: Uint8Array) => {
    if (!isEnded) receiver?.frame(frame)
  }
  const seal = ({ kind, run: number, frame }: Draft) => {
    sealFrame(frame, { kind, more: false, run: number, sequence: sequence++ })
    return frame
  }
  const quiet = (): Draft => ({ kind: 'heartbeat', run: 0, frame: empty() })

  /** Takes note of what gradients will return for. */
  function hear(bytes: Uint8Array): void {
    const frame = openFrame(bytes, 1 << 20)
    if (!isMessageKind(frame.kind)) return
    const message = decodeMessage(frame, () => 'group')
    if (message.kind === 'listeners') heard.set(message.stream, message.heard)
    if (message.kind !== 'spikes') return
    const course = courseOf(message.stream)
    course.outstanding.push(message.batch.times.length)
    course.taken++
  }

  function spikes(stream: number, first: number, end: number): Draft {
    const course = courseOf(stream)
    const { trials, until, number } = run
    if (course.watermark >= until) return quiet()
    const start = course.watermark
    course.watermark = dice(4) === 0 ? until : Math.min(until, start + (1 + dice(30)) / 10)
    const counts = Array.from({ length: trials }, () => dice(4))
    const offsets = Uint32Array.from([0, ...counts.map((_, k) => counts.slice(0, k + 1).reduce((a, b) => a + b))])
    const span = course.watermark - start
    const times = counts.flatMap((count) => Array.from({ length: count }, (_, k) => start + (span * k) / (count + 1)))
    const set = heard.get(stream)
    const candidates = Array.from({ length: end - first }, (_, k) => k).filter(
      (k) => set === undefined || hasUnit(set, k),
    )
    const units = Uint32Array.from(times, () => first + (candidates[dice(candidates.length)] ?? 0))
    const window = { start, end: course.watermark }
    const batch = {
      stream: 'group',
      sequence: course.sequence++,
      window,
      offsets,
      times: Float64Array.from(times),
      units,
    }
    return { kind: 'spikes', run: number, frame: encodeMessage({ kind: 'spikes', stream, run: number, batch }) }
  }

  function gradients(stream: number, sums: number): Draft {
    const { outstanding } = courseOf(stream)
    const count = outstanding.pop()
    if (count === undefined) return quiet()
    const values = Float64Array.from({ length: sums * count }, () => dice(2001) / 1000 - 1)
    const batch = { stream: 'group', sequence: outstanding.length, values }
    const message = { kind: 'gradients', stream, run: run.number, batch } as const
    return { kind: 'gradients', run: run.number, frame: encodeMessage(message) }
  }

  function vector(stream: number, length: number): Draft {
    const course = courseOf(stream)
    if (course.isSent) return quiet()
    course.isSent = true
    const message = { kind: 'vector', stream, run: run.number, values: new Float64Array(length).fill(0.5) } as const
    return { kind: 'vector', run: run.number, frame: encodeMessage(message) }
  }

  function listeners(stream: number, count: number): Draft {
    untold.delete(stream)
    const message = { kind: 'listeners', stream, heard: unitSet(count, () => dice(2) === 0) } as const
    return { kind: 'listeners', run: 0, frame: encodeMessage(message) }
  }

  /** The next frame of a good course on a stream. */
  function next(stream: number): Draft {
    const count = untold.get(stream)
    if (count !== undefined) return listeners(stream, count)
    const arrival = run.arrivalOf(stream)
    const course = courseOf(stream)
    if (course.taken > 0) {
      const windows = course.taken
      course.taken = 0
      return { kind: 'credit', run: 0, frame: encodeCredits([{ stream, windows }]) }
    }
    if (arrival === undefined) return quiet()
    if (arrival.kind === 'spikes') return spikes(stream, arrival.units.start, arrival.units.end)
    // Gradients come once the partition is likely to wait for it.
    if (dice(3) > 0) return quiet()
    if (arrival.kind === 'gradients') return gradients(stream, arrival.sums)
    return vector(stream, arrival.lengths[0]!)
  }

  /** What a stream may bring, and nobody may compute with. */
  function absurd(stream: number, kind: Arrival['kind']): Draft {
    const count = dice(20)
    const values = new Float64Array(count)
    const words = new Uint32Array(values.buffer)
    for (let k = 0; k < words.length; k++) words[k] = dice(2 ** 32)
    const units = Uint32Array.from(values, () => dice(2 ** 32))
    const window = { start: -dice(9), end: dice(9) }
    const offsets = Uint32Array.of(0, count)
    const spiking = { stream: 'group', sequence: dice(2 ** 32), window, offsets, times: values, units }
    if (kind === 'spikes') return { kind, run: 0, frame: encodeMessage({ kind, stream, run: 0, batch: spiking }) }
    if (kind === 'vector') return { kind, run: 0, frame: encodeMessage({ kind, stream, run: 0, values }) }
    return { kind, run: 0, frame: encodeMessage({ kind, stream, run: 0, batch: { ...spiking, values } }) }
  }

  /** A good frame gone bad behind its header, of another run, or something else entirely. */
  function spoil(draft: Draft): Uint8Array {
    const choice = dice(10)
    if (choice === 0) return hostileFrame(dice)
    if (choice === 1) return seal({ ...draft, run: Math.max(0, draft.run + dice(4) - 2) })
    if (choice === 2) {
      const taken = hostileFrame(dice)
      const frame = new Uint8Array(Math.max(taken.length, HEADER_BYTES))
      frame.set(taken)
      return seal({ ...draft, frame })
    }
    disturb(draft.frame, HEADER_BYTES, dice)
    return seal(draft)
  }

  const stale = [...kinds].flatMap(([stream, kind]) => Array.from({ length: 4 }, () => absurd(stream, kind)))

  return {
    port: {
      receive(listener) {
        receiver = listener
      },
      send: hear,
      flushed: () => null,
      admit: () => undefined,
      close: end,
      abort: end,
    },
    hello: (hello) => deliver(seal({ kind: 'hello', run: 0, frame: encodeHello(hello) })),
    begin(next) {
      run = next
      courses = new Map()
    },
    act(mischief) {
      const stream = streams[dice(streams.length)] as number
      const draft = next(stream)
      if (dice(mischief) > 0) return deliver(seal(draft))
      hostile++
      deliver(spoil(draft))
    },
    flood(frames) {
      for (let k = 0; k < frames; k++) {
        const { kind, frame } = stale[dice(stale.length)] as Draft
        deliver(seal({ kind, run: run.number - 1, frame: frame.slice() }))
      }
      hostile += frames
    },
    get hostile() {
      return hostile
    },
  }
}
