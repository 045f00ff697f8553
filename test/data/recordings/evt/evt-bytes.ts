import type { PlainEvent } from '../../../support/damaged-files.js'
import { ascii, beginsWith, bitsOf, littleEndian } from '../bytes-of.js'

/** Words of raw files, by the tables of their formats: the fields from the highest bit on, each with its bits. */
function word(...fields: readonly (readonly [value: number, bits: number])[]): bigint {
  return fields.reduce((all, [value, bits]) => all * 2n ** BigInt(bits) + BigInt(value), 0n)
}

export const EVT2 = {
  bytes: 4,
  time: (high: number) => word([8, 4], [high, 28]),
  event: (on: number, low: number, x: number, y: number) => word([on, 4], [low, 6], [x, 11], [y, 11]),
  other: (kind: number, payload: number) => word([kind, 4], [payload, 28]),
}

export const EVT21 = {
  bytes: 8,
  time: (high: number) => word([8, 4], [high, 28], [0, 32]),
  events: (on: number, low: number, x: number, y: number, valid: number) =>
    word([on, 4], [low, 6], [x, 11], [y, 11], [valid, 32]),
  other: (kind: number, payload: number) => word([kind, 4], [payload, 28], [payload, 32]),
}

export const EVT3 = {
  bytes: 2,
  y: (y: number, eye = 0) => word([0, 4], [eye, 1], [y, 11]),
  x: (on: number, x: number) => word([2, 4], [on, 1], [x, 11]),
  base: (on: number, x: number) => word([3, 4], [on, 1], [x, 11]),
  twelve: (valid: number) => word([4, 4], [valid, 12]),
  eight: (valid: number, unused = 0) => word([5, 4], [unused, 4], [valid, 8]),
  low: (time: number) => word([6, 4], [time, 12]),
  high: (time: number) => word([8, 4], [time, 12]),
  other: (kind: number, payload: number) => word([kind, 4], [payload, 12]),
}

/** Of a camera of 40 x 30 pixels. */
export const EVT_HEADERS = {
  EVT2: '% camera_integrator_name Prophesee\n% evt 2.0\n% format EVT2;height=30;width=40\n% geometry 40x30\n% end\n',
  EVT21: '% evt 2.1\n% format EVT21;endianness=little;height=30;width=40\n% end\n',
  EVT3: '% date 2023-01-11 12:00:00\n% evt 3.0\n% format EVT3;height=30;width=40\n% geometry 40x30\n% end\n',
}

export function evtBytes(
  version: keyof typeof EVT_HEADERS,
  words: readonly bigint[],
  header = EVT_HEADERS[version],
): Uint8Array {
  const { bytes } = { EVT2, EVT21, EVT3 }[version]
  return Uint8Array.from([...ascii(header), ...words.flatMap((each) => littleEndian(each, bytes))])
}

/** The same words of EVT 2.1 in the order called legacy: the high half first, each half with its lowest byte first. */
export function legacyBytes(words: readonly bigint[]): Uint8Array {
  const header = EVT_HEADERS.EVT21.replace('little', 'legacy')
  const halves = words.flatMap((each) => [each / 2n ** 32n, each % 2n ** 32n])
  return Uint8Array.from([...ascii(header), ...halves.flatMap((half) => littleEndian(half, 4))])
}

interface State {
  rounds: number
  high: number | null
  low: number
  y: number | null
  eye: number | null
  base: number | null
  on: number
  readonly times: number[]
  readonly found: (readonly [micros: number, x: number, y: number, on: number])[]
}

/** What the words say, bit by bit, with one state for all versions; undefined where the header was damaged. */
export function plainEvt(
  version: keyof typeof EVT_HEADERS,
  bytes: Uint8Array,
): readonly PlainEvent[] | null | undefined {
  const header = ascii(EVT_HEADERS[version])
  if (!beginsWith(bytes, header)) return undefined
  const size = { EVT2, EVT21, EVT3 }[version].bytes
  const body = bytes.subarray(header.length)
  if (body.length % size !== 0) return null
  const state: State = { rounds: 0, high: null, low: 0, y: null, eye: null, base: null, on: 0, times: [], found: [] }
  for (let k = 0; k < body.length; k += size) {
    const value = body.subarray(k, k + size).reduceRight((all, byte) => all * 256n + BigInt(byte), 0n)
    if (!(version === 'EVT3' ? stepOfEvt3(state, value) : stepOfEvt2(state, value, version))) return null
  }
  if (state.high === null) return body.length === 0 ? [] : null
  if (state.found.some(([, x, y]) => x >= 40 || y >= 30)) return null
  const start = Math.min(...state.times)
  return state.found.map(([micros, x, y, on]) => [micros - start, on * 1200 + y * 40 + x])
}

function setHigh(state: State, high: number, most: number, step: number): void {
  if (high === state.high) return
  if (state.high !== null && state.high - high >= most / 2) state.rounds++
  Object.assign(state, { high, low: 0 })
  state.times.push((state.rounds * most + high) * step)
}

function stepOfEvt2(state: State, value: bigint, version: 'EVT2' | 'EVT21'): boolean {
  const word = version === 'EVT2' ? value : value / 2n ** 32n
  const kind = bitsOf(word, 28, 4)
  if (kind === 8) setHigh(state, bitsOf(word, 0, 28), 2 ** 28, 64)
  if (kind > 1 || state.high === null) return true
  const micros = (state.times.at(-1) as number) + bitsOf(word, 22, 6)
  const pixels = version === 'EVT2' ? 1 : Number(value % 2n ** 32n)
  for (let k = 0; k < 32; k++)
    if (Math.floor(pixels / 2 ** k) % 2 === 1)
      state.found.push([micros, bitsOf(word, 11, 11) + k, bitsOf(word, 0, 11), kind])
  return true
}

function stepOfEvt3(state: State, word: bigint): boolean {
  const [kind, payload] = [bitsOf(word, 12, 4), bitsOf(word, 0, 12)]
  const add = (x: number, on: number) => {
    if (state.high !== null && state.y !== null)
      state.found.push([(state.times.at(-1) as number) + state.low, x, state.y, on])
  }
  if (kind === 0) {
    if (state.eye !== null && state.eye !== bitsOf(word, 11, 1)) return false
    Object.assign(state, { y: bitsOf(word, 0, 11), eye: bitsOf(word, 11, 1) })
  }
  if (kind === 2) add(bitsOf(word, 0, 11), bitsOf(word, 11, 1))
  if (kind === 3) Object.assign(state, { base: bitsOf(word, 0, 11), on: bitsOf(word, 11, 1) })
  if ((kind === 4 || kind === 5) && state.base !== null) {
    const pixels = kind === 4 ? 12 : 8
    for (let k = 0; k < pixels; k++) if (bitsOf(word, k, 1) === 1) add(state.base + k, state.on)
    state.base += pixels
  }
  if (kind === 6) state.low = payload
  if (kind === 8) setHigh(state, payload, 4096, 4096)
  return true
}
