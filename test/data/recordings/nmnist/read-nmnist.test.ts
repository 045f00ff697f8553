import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNmnist } from '../../../../src/data/files/read-nmnist.js'
import { SLICE_BYTES } from '../../../../src/data/recordings/bytes/byte-source.js'
import { EventBuffer } from '../../../../src/data/recordings/bytes/event-buffer.js'
import { decodeNmnist } from '../../../../src/data/recordings/nmnist/decode-nmnist.js'
import { InputError } from '../../../../src/events/errors.js'
import { eventsOf, inOrder, itRefusesOrReads } from '../../../support/damaged-files.js'
import { failureOf } from '../../../support/failure-of.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { nmnistBytes, plainNmnist, type WrittenEvent } from './nmnist-bytes.js'

const event: fc.Arbitrary<WrittenEvent> = fc.record({
  x: fc.nat({ max: 33 }),
  y: fc.oneof({ weight: 8, arbitrary: fc.nat({ max: 33 }) }, fc.constant(240)),
  on: fc.constantFrom(0, 1),
  micros: fc.oneof(fc.nat({ max: 2 ** 23 - 1 }), fc.nat({ max: 5 })),
})

function write(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
}

describe('readNmnist', () => {
  it('reads what was written, by time and unit', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a.bin')
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 50 }), async (events) => {
        const bytes = nmnistBytes(events)
        writeFileSync(path, bytes)
        expect(eventsOf(await readNmnist(path))).toEqual(inOrder(plainNmnist(bytes) ?? []))
      }),
    )
  })

  it('reads literal bytes: an event, the clock going round twice, an event of the other polarity', async () => {
    await using folder = await temporaryFolder()
    const bytes = [3, 5, 0x80, 0x01, 0x02, 7, 240, 0, 0, 0, 0, 240, 0xff, 0xff, 0xff, 33, 0, 0x7f, 0xff, 0xff]
    write(folder.path, { 'a.bin': Uint8Array.from(bytes) })
    const recordings = await readNmnist(join(folder.path, 'a.bin'))
    expect(recordings.shape).toEqual([2, 34, 34])
    expect(recordings.trial(0)).toEqual({
      times: Float64Array.of(0.258, (0x7f_ffff + 2 * 8192) / 1000),
      units: Uint32Array.of(34 * 34 + 5 * 34 + 3, 33),
    })
  })

  it('takes labels and splits from folders, in the order of their names', async () => {
    await using folder = await temporaryFolder()
    const one = (x: number) => nmnistBytes([{ x, y: 0, on: 0, micros: 0 }])
    write(folder.path, {
      ...{ 'Train/7/00010.bin': one(3), 'Train/7/00002.bin': one(2), 'Train/0/00001.bin': one(1) },
      ...{
        'Test/9/00003.bin': one(0),
        'Test/9/notes.txt': one(9),
        'Test/9/._00003.bin': one(9),
        '.git/0/a.bin': one(9),
      },
    })
    const all = await readNmnist(folder.path)
    expect(all.groups).toEqual({
      file: ['Test/9/00003.bin', 'Train/0/00001.bin', 'Train/7/00002.bin', 'Train/7/00010.bin'],
      split: ['Test', 'Train', 'Train', 'Train'],
    })
    expect(all.labels).toEqual(Uint8Array.of(9, 0, 7, 7))
    expect([0, 1, 2, 3].map((k) => all.trial(k).units[0])).toEqual([0, 1, 2, 3])
    expect([all.classes, all.count, all.files.length]).toEqual([10, 4, 4])
    const train = await readNmnist(join(folder.path, 'Train'))
    expect(train.groups).toEqual({ file: ['0/00001.bin', '7/00002.bin', '7/00010.bin'] })
    const seven = await readNmnist(`${join(folder.path, 'Train', '7')}/`)
    expect([seven.labels, seven.classes]).toEqual([Uint8Array.of(7, 7), 10])
    expect((await readNmnist(join(folder.path, 'Test', '9', '00003.bin'))).labels).toEqual(Uint8Array.of(9))
  })

  it('numbers other classes by name, of cameras of a size that is said', async () => {
    await using folder = await temporaryFolder()
    const bytes = nmnistBytes([{ x: 239, y: 179, on: 1, micros: 1 }])
    write(folder.path, { 'cat/1.bin': bytes, 'Bear/1.bin': bytes, 'ant/1.bin': bytes })
    const recordings = await readNmnist(folder.path, { size: [180, 240] })
    expect(recordings.classNames).toEqual(['Bear', 'ant', 'cat'])
    expect(recordings.shape).toEqual([2, 180, 240])
    expect(recordings.trial(2).units).toEqual(Uint32Array.of(2 * 180 * 240 - 1))
    const error = await failureOf(readNmnist(folder.path), InputError as never)
    expect(error.message).toBe(
      `${join(folder.path, 'Bear', '1.bin')}: byte 0: found an event at x 239, expected an integer from 0 to 33. ` +
        'The file is damaged, or of a camera of another size: then say size, as [height, width].',
    )
  })

  it('says what is not there, or not as it should be', async () => {
    await using folder = await temporaryFolder()
    const codeOf = async (path: string) => (await failureOf(readNmnist(path), InputError as never)).code
    expect(await codeOf(join(folder.path, 'nowhere'))).toBe('DATA_FILE_MISSING')
    expect(await codeOf(folder.path)).toBe('DATA_FILE_MISSING')
    write(folder.path, { 'Train/1/a.bin': new Uint8Array(5), 'stray.bin': new Uint8Array(5) })
    expect(await codeOf(folder.path)).toBe('DATA_FILE_MISSING')
    write(folder.path, { 'Train/1/b.bin': new Uint8Array(7) })
    expect(await codeOf(join(folder.path, 'Train'))).toBe('DATA_FILE_DAMAGED')
  })

  it('reads an empty recording, and one of overflows alone, as having no events', async () => {
    await using folder = await temporaryFolder()
    write(folder.path, { '0/a.bin': new Uint8Array(0), '1/b.bin': Uint8Array.of(0, 240, 0, 0, 0) })
    const recordings = await readNmnist(folder.path)
    expect([recordings.trial(0).times.length, recordings.trial(1).times.length]).toEqual([0, 0])
  })

  it('reads large files by slices, wherever these are cut', () => {
    const events = 2 * Math.floor(SLICE_BYTES / 5) + 3
    const bytes = new Uint8Array(5 * events)
    for (let k = 0; k < events; k++)
      bytes.set([k % 34, (k >> 3) % 34, (k >> 16) & 0x7f, (k >> 8) & 0xff, k & 0xff], 5 * k)
    let longest = 0
    const read = (position: number, length: number) => {
      longest = Math.max(longest, length)
      return bytes.slice(position, position + length)
    }
    const buffer = new EventBuffer()
    decodeNmnist({ file: 'a.bin', size: bytes.length, read }, { width: 34, height: 34 }, buffer)
    expect(longest).toBeLessThanOrEqual(SLICE_BYTES)
    const { times, units } = buffer.finish()
    const plain = plainNmnist(bytes) ?? []
    expect(times).toEqual(Float64Array.from(plain, ([micros]) => micros / 1000))
    expect(units).toEqual(Uint32Array.from(plain, ([, unit]) => unit))
  })

  const files = fc.sample(fc.array(event, { minLength: 1, maxLength: 12 }), { numRuns: 40, seed: 3 }).map(nmnistBytes)
  itRefusesOrReads('damaged files', {
    name: 'a.bin',
    files,
    read: (path) => readNmnist(path),
    expected: (bytes) => plainNmnist(bytes),
  })
})
