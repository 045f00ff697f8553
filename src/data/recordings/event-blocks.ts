import type { EventRecording } from './event-recordings.js'

/** A compact store of the events of many recordings; times are restored exactly. */
export interface EventBlocks {
  /** Appends a recording, whose events are in order. */
  add(recording: EventRecording): void
  recording(k: number): EventRecording
  /** Memory of the events in bytes. */
  bytes(): number
}

/** How times are stored: in units of 1 / `perMs` ms, as integers if `perMs` is above 1. */
interface Form {
  readonly perMs: number
  readonly Times: typeof Float32Array | typeof Uint32Array | typeof Float64Array
}

/** The first form that represents all times of a recording exactly is used; most devices measure in µs. */
const FORMS: readonly Form[] = [
  { perMs: 1, Times: Float32Array },
  { perMs: 1000, Times: Uint32Array },
  { perMs: 1, Times: Float64Array },
]

interface Block {
  readonly perMs: number
  readonly times: Float32Array | Uint32Array | Float64Array
  readonly units: Uint16Array | Uint32Array
  used: number
}

/** Events per block; a longer recording gets a block to itself. */
const BLOCK_EVENTS = 65_536

/** @param size number of units; their numbers are stored in 16 bits if these suffice */
export function createEventBlocks(size: number): EventBlocks {
  const Units = size > 0x10000 ? Uint32Array : Uint16Array
  /** The last block of each form. */
  const open = new Map<Form, Block>()
  const blocks: Block[] = []
  const places: { readonly block: Block; readonly start: number; readonly count: number }[] = []

  const roomFor = (form: Form, count: number): Block => {
    const last = open.get(form)
    if (last !== undefined && last.used + count <= last.times.length) return last
    const length = Math.max(count, BLOCK_EVENTS)
    const block = { perMs: form.perMs, times: new form.Times(length), units: new Units(length), used: 0 }
    blocks.push(block)
    open.set(form, block)
    return block
  }

  return {
    add: ({ times, units }) => {
      const form = FORMS.find((each) => holds(each, times)) as Form
      const block = roomFor(form, times.length)
      const start = block.used
      for (let k = 0; k < times.length; k++) {
        block.times[start + k] = inForm(form, times[k] as number)
        block.units[start + k] = units[k] as number
      }
      block.used += times.length
      places.push({ block, start, count: times.length })
    },
    recording: (k) => {
      const { block, start, count } = places[k] as (typeof places)[number]
      const times = Float64Array.from(block.times.subarray(start, start + count))
      if (block.perMs > 1) for (let e = 0; e < count; e++) times[e] = (times[e] as number) / block.perMs
      return { times, units: Uint32Array.from(block.units.subarray(start, start + count)) }
    },
    bytes: () => blocks.reduce((sum, { times, units }) => sum + times.byteLength + units.byteLength, 0),
  }
}

function inForm({ perMs }: Form, time: number): number {
  return perMs === 1 ? time : Math.round(time * perMs)
}

function holds(form: Form, times: Float64Array): boolean {
  const { perMs, Times } = form
  const kept = new Times(1)
  return times.every((time) => {
    kept[0] = inForm(form, time)
    return (kept[0] as number) / perMs === time
  })
}
