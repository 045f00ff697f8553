import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikesMessage } from '../message.js'
import { doublesOf, writeDoubles } from './doubles.js'
import { corrupt } from './frame-fault.js'
import { padded, requireMessageHead, requireMessageSize } from './message-size.js'
import { openPayload } from './open-payload.js'
import { type NameOf, nameStream } from './stream-name.js'

const HEAD_BYTES = 40
const LARGEST_UNIT = 0xffffffff

/**
 * A frame with the payload of a spike batch in it, yet without header.
 *
 *     byte  0 u32 stream           24 u32 trials              40 u32 ends[trials]: offsets without the leading 0,
 *           4 u32 sequence         28 u32 spikes                 padded to a multiple of 8
 *           8 f64 window start     32 u32 base unit           then f64 times[spikes]
 *          16 f64 window end       36 u32 bytes per unit      then units[spikes], relative to the base
 *
 * Bytes per unit: 1, 2 or 4, the least that holds the largest unit minus the smallest, which is the base; where the largest
 * unit takes no more, the base is 0.
 */
export function encodeSpikes({ stream, batch }: SpikesMessage): Uint8Array {
  const { sequence, window, offsets, times, units } = batch
  const trials = offsets.length - 1
  const { base, width } = unitRange(units)
  const timesAt = HEAD_BYTES + padded(4 * trials)
  const unitsAt = timesAt + times.byteLength
  const { frame, payload, view } = openPayload(unitsAt + width * units.length)
  view.setUint32(0, stream, true)
  view.setUint32(4, sequence, true)
  view.setFloat64(8, window.start, true)
  view.setFloat64(16, window.end, true)
  view.setUint32(24, trials, true)
  view.setUint32(28, times.length, true)
  view.setUint32(32, base, true)
  view.setUint32(36, width, true)
  new Uint32Array(payload.buffer, payload.byteOffset + HEAD_BYTES, trials).set(offsets.subarray(1))
  writeDoubles(payload, timesAt, times)
  const relative = base === 0 ? units : units.map((unit) => unit - base)
  unitArray(payload, unitsAt, width, units.length).set(relative)
  return frame
}

/** @throws FrameFault LINK_FRAME_CORRUPT, LINK_STREAM_UNKNOWN; nothing is allocated before every count is known to fit. */
export function decodeSpikes(payload: Uint8Array, run: number, nameOf: NameOf): SpikesMessage {
  const view = requireMessageHead('spikes', payload, HEAD_BYTES)
  const stream = view.getUint32(0, true)
  const window = { start: view.getFloat64(8, true), end: view.getFloat64(16, true) }
  const trials = view.getUint32(24, true)
  const spikes = view.getUint32(28, true)
  const base = view.getUint32(32, true)
  const width = view.getUint32(36, true)
  if (width !== 1 && width !== 2 && width !== 4) throw corrupt(`units of ${width} bytes, expected 1, 2 or 4`)
  const timesAt = HEAD_BYTES + padded(4 * trials)
  const unitsAt = timesAt + 8 * spikes
  requireMessageSize('spikes', payload, unitsAt + width * spikes)
  if (!(window.start <= window.end)) throw corrupt(`a window from ${window.start} to ${window.end}`)
  const name = nameStream(stream, nameOf)
  const batch: SpikeBatch = {
    stream: name,
    sequence: view.getUint32(4, true),
    window,
    offsets: readOffsets(payload, HEAD_BYTES, trials, spikes),
    times: doublesOf(payload, timesAt, spikes),
    units: readUnits(unitArray(payload, unitsAt, width, spikes), base),
  }
  return { kind: 'spikes', stream, run, batch }
}

function readOffsets(payload: Uint8Array, at: number, trials: number, spikes: number): Uint32Array {
  const ends = new Uint32Array(payload.buffer, payload.byteOffset + at, trials)
  let last = 0
  for (let trial = 0; trial < trials; trial++) {
    const end = ends[trial] as number
    if (end < last) throw corrupt(`trial ${trial} ends at spike ${end}, before it begins at ${last}`)
    last = end
  }
  if (last !== spikes) throw corrupt(`the trials end at spike ${last}, expected ${spikes}`)
  const offsets = new Uint32Array(trials + 1)
  offsets.set(ends, 1)
  return offsets
}

function readUnits(packed: UnitArray, base: number): Uint32Array {
  const units = new Uint32Array(packed)
  if (base === 0) return units
  for (let k = 0; k < units.length; k++) {
    const unit = base + (units[k] as number)
    if (unit > LARGEST_UNIT) throw corrupt(`a unit has the number ${unit}`)
    units[k] = unit
  }
  return units
}

function unitRange(units: Uint32Array): { readonly base: number; readonly width: UnitWidth } {
  if (units.length === 0) return { base: 0, width: 1 }
  let least = LARGEST_UNIT
  let most = 0
  for (let k = 0; k < units.length; k++) {
    const unit = units[k] as number
    if (unit < least) least = unit
    if (unit > most) most = unit
  }
  const width = widthOf(most - least)
  return { base: widthOf(most) === width ? 0 : least, width }
}

function widthOf(number: number): UnitWidth {
  return number < 1 << 8 ? 1 : number < 1 << 16 ? 2 : 4
}

/** Bytes per unit. */
export type UnitWidth = 1 | 2 | 4

export type UnitArray = Uint8Array | Uint16Array | Uint32Array

/** Units of 1, 2 or 4 bytes inside a payload, at a multiple of their size. */
export function unitArray(payload: Uint8Array, at: number, width: UnitWidth, count: number): UnitArray {
  const from = payload.byteOffset + at
  if (width === 1) return new Uint8Array(payload.buffer, from, count)
  return width === 2 ? new Uint16Array(payload.buffer, from, count) : new Uint32Array(payload.buffer, from, count)
}
