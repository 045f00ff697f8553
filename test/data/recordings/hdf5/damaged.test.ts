import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { writeShd } from '../../../../scripts/data/hdf5/write-shd.js'
import type { ByteSource } from '../../../../src/data/recordings/bytes/byte-source.js'
import type { EventRecording } from '../../../../src/data/recordings/event-recordings.js'
import { openShd } from '../../../../src/data/recordings/shd/open-shd.js'
import { InputError } from '../../../../src/events/errors.js'
import { createRandomStream, type RandomStream } from '../../../../src/numerics/random-stream.js'
import { casesOf } from '../../../support/cases-of.js'
import { describeWithH5py } from '../../../support/h5py.js'
import { writeWithH5py } from '../../../support/h5py-files.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

const CHANNELS = 700
/** As many times as it has bytes, plus what a small file needs, a file may be read: a reader that goes round exceeds it. */
const MOST_PASSES = 64
const ROOM = 1 << 20
/** Far above the largest of the files unpacked. */
const MOST_UNPACKED = 1 << 28

interface Tally {
  refused: number
  read: number
}

/** A source that says stop where more is read, or asked for at a time, than a file of this size can need. */
function guarded(bytes: Uint8Array): ByteSource {
  const most = MOST_PASSES * bytes.length + ROOM
  let sum = 0
  return {
    file: 'damaged.h5',
    size: bytes.length,
    read: (at, length) => {
      sum += length + 8
      if (sum > most) throw new Error(`more than ${most} bytes were read`)
      if (!(at >= 0 && length >= 0 && at + length <= bytes.length)) throw new Error(`${length} bytes from ${at}`)
      return bytes.subarray(at, at + length)
    },
  }
}

/** Reads all of it: what comes back is a set of recordings, or the error says where and what to do. */
function readDamaged(bytes: Uint8Array, tally: Tally): void {
  try {
    const { count, labels, events } = openShd(
      guarded(bytes),
      (packed, most) => {
        if (most > MOST_UNPACKED + 4) throw new Error(`room for ${most} bytes`)
        return inflateSync(packed, { maxOutputLength: most })
      },
      CHANNELS,
    )
    if (labels.length !== count) throw new Error(`${labels.length} labels of ${count} recordings`)
    for (let k = 0; k < count; k++) requireEvents(events(k))
    tally.read++
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { file, field, found, expected, remedy = '', code } = error.mistake
    const isWhole = [field, found, expected, code, remedy].every((word) => word !== '') || code === 'DATASET_EMPTY'
    if (file !== 'damaged.h5' || !isWhole) throw error
    tally.refused++
  }
}

function requireEvents({ times, units }: EventRecording): void {
  const isRight =
    units.length === times.length &&
    times.every((time) => time >= 0 && time < Infinity) &&
    units.every((unit) => unit < CHANNELS)
  if (!isRight) throw new Error(`events that are none: ${times}, ${units}`)
}

const SPECIAL = [0, 1, 2, 8, 0x7f, 0x80, 0xfe, 0xff]

/** Damages of the kinds that disks, networks and editors do, and such as would be meant. */
function damagedCopy(whole: Uint8Array, draw: RandomStream, n: number): Uint8Array {
  const pick = (k: number, bound: number) => draw.integer(64 * n + k, bound)
  // Half of them where names and places are dense.
  const place = (k: number) =>
    pick(k, 2) === 0 ? pick(k + 1, whole.length) : pick(k + 1, Math.min(4096, whole.length))
  const bytes = whole.slice()
  switch (n % 5) {
    case 0:
      return bytes.subarray(0, pick(0, bytes.length))
    case 1:
      for (let k = 0; k <= pick(1, 8); k++) bytes[place(2 + 3 * k)] = pick(4 + 3 * k, 256)
      return bytes
    case 2: {
      const start = place(0)
      return bytes.fill(SPECIAL[pick(3, SPECIAL.length)] as number, start, start + 1 + pick(2, 64))
    }
    case 3:
      bytes[place(0)] = SPECIAL[pick(2, SPECIAL.length)] as number
      return bytes
    default:
      bytes.copyWithin(place(0), place(2), place(4))
      return bytes
  }
}

function damageAll(files: readonly Uint8Array[], name: string, cases: number): Tally {
  const draw = createRandomStream(1, name)
  const tally = { refused: 0, read: 0 }
  for (let n = 0; n < cases; n++)
    readDamaged(damagedCopy(files[Math.floor(n / 5) % files.length] as Uint8Array, draw, n), tally)
  return tally
}

const OWN = writeShd(
  Array.from({ length: 12 }, (_, k) => ({
    times: Array.from({ length: 5 * k }, (_, e) => e / 64),
    units: Array.from({ length: 5 * k }, (_, e) => (37 * e) % CHANNELS),
    label: k,
    speaker: k % 3,
  })),
  Array.from({ length: 12 }, (_, k) => `class ${k}`),
)

describe('damaged files', () => {
  test('are refused with the place and what to do, or are recordings', () => {
    const cases = casesOf({ short: 400, long: 15_000 })
    const { refused, read } = damageAll([OWN], 'own', cases)
    expect(refused + read).toBe(cases)
    // Bytes between the structures change nothing, and those of events other events.
    expect(refused).toBeGreaterThan(cases / 4)
    expect(read).toBeGreaterThan(cases / 50)
  })

  test('every byte that is missing at the end is missed', () => {
    const tally = { refused: 0, read: 0 }
    for (let length = 0; length < OWN.length; length += 7) readDamaged(OWN.subarray(0, length), tally)
    expect(tally.read).toBe(0)
    readDamaged(OWN, tally)
    expect(tally.read).toBe(1)
  })

  test('every bit of the superblock matters', () => {
    const tally = { refused: 0, read: 0 }
    for (let bit = 0; bit < 8 * 48; bit++) {
      const bytes = OWN.slice()
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      readDamaged(bytes, tally)
    }
    expect(tally).toEqual({ refused: 8 * 48, read: 0 })
  })
})

describeWithH5py('damaged files of h5py', () => {
  test('of every form are refused with the place and what to do, or are recordings', async () => {
    await using folder = await temporaryFolder()
    const files = writeWithH5py(folder.path, 40).map(({ path }) => new Uint8Array(readFileSync(path)))
    const cases = casesOf({ short: 400, long: 20_000 })
    const { refused, read } = damageAll(files, 'h5py', cases)
    expect(refused + read).toBe(cases)
    expect(refused).toBeGreaterThan(cases / 4)
    expect(read).toBeGreaterThan(cases / 50)
  })
})
