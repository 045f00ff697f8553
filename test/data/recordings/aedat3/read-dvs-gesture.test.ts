import { writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDvsGesture } from '../../../../src/data/files/read-dvs-gesture.js'
import { InputError } from '../../../../src/events/errors.js'
import { eventsOf, inOrder, itRefusesOrReads, type PlainEvent } from '../../../support/damaged-files.js'
import { failureOf } from '../../../support/failure-of.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { ascii } from '../bytes-of.js'
import { AEDAT3_HEADER, aedat3Bytes, packetBytes, plainAedat3, type WrittenPacket } from './aedat3-bytes.js'

const TABLE = 'class,startTime_usec,endTime_usec\n'
const ALL = `${TABLE}1,0,900000000000000\n`

const event = fc.record({
  x: fc.nat({ max: 127 }),
  y: fc.nat({ max: 127 }),
  on: fc.nat({ max: 1 }),
  time: fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 2 ** 31 - 1 })),
  valid: fc.constantFrom(1, 1, 1, 0),
})
const packet: fc.Arbitrary<WrittenPacket> = fc.record({
  kind: fc.constantFrom(1, 1, 1, 0, 3, 101),
  overflow: fc.constantFrom(0, 0, 1, 5),
  events: fc.array(event, { maxLength: 8 }),
  spare: fc.constantFrom(0, 0, 3),
})

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder.path, name), content)
  return folder
}

const one = (time: number, x = 0, on = 0) => ({ time, x, y: 0, on, valid: 1 })
const errorOf = async (path: string) => {
  const { code, message } = await failureOf(readDvsGesture(path), InputError as never)
  return `${code} ${message.replace(`${dirname(path)}/`, '')}`
}
/** All that lies within the one window of `ALL`. */
const within = (events: readonly PlainEvent[] | null | undefined) =>
  events?.filter(([micros]) => micros < 9e14) ?? events

describe('readDvsGesture', () => {
  it('reads what was written', async () => {
    await using folder = await folderOf({ 'user01_led_labels.csv': ALL })
    const path = join(folder.path, 'user01_led.aedat')
    await fc.assert(
      fc.asyncProperty(fc.array(packet, { maxLength: 6 }), async (packets) => {
        const bytes = aedat3Bytes(packets)
        writeFileSync(path, bytes)
        expect(eventsOf(await readDvsGesture(path))).toEqual(inOrder(plainAedat3(bytes) ?? []))
      }),
    )
  })

  it('reads literal bytes, with a time that has gone round, events that are not valid and room for more', async () => {
    const body = [
      ...[1, 0, 1, 0, 8, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0],
      // x 3, y 2, on, valid; 5 microseconds.
      ...[0b1011, 0, 0b110, 0, 5, 0, 0, 0, 0b1010, 0, 0b110, 0, 6, 0, 0, 0],
    ]
    // The second one has room for three events, and one of them in it.
    const roomy = [1, 0, 1, 0, 8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    body.push(...roomy, 0b0001, 0, 0b010, 0, 9, 0, 0, 0, ...Array<number>(16).fill(0xff))
    await using folder = await folderOf({
      'user01_led.aedat': Uint8Array.from([...ascii(AEDAT3_HEADER), ...body]),
      'user01_led_labels.csv': ALL,
    })
    const recordings = await readDvsGesture(folder.path)
    expect(recordings.shape).toEqual([2, 128, 128])
    expect(recordings.trial(0)).toEqual({
      times: Float64Array.of(0.009, (2 ** 31 + 5) / 1000),
      units: Uint32Array.of(1, 128 * 128 + 2 * 128 + 3),
    })
  })

  it('cuts files by their tables, half-open, and groups trials by user and lighting', async () => {
    const events = [100, 199, 200, 250, 299, 300].map((time, k) => one(time, k))
    await using folder = await folderOf({
      'user10_fluorescent_led.aedat': aedat3Bytes([{ kind: 1, overflow: 0, events: [] }]),
      'user10_fluorescent_led_labels.csv': `${TABLE}11,5,6\n`,
      'user02_lab.aedat': aedat3Bytes([{ kind: 1, overflow: 0, events: [...events].reverse() }]),
      // Two overlap, as in user22_led; one is beyond the end.
      'user02_lab_labels.csv': `${TABLE.replace('\n', '\r\n')}3,100,260\r\n1,200,300\r\n2,5000,6000\r\n\r\n`,
      '._user02_lab.aedat': 'x',
      'README.txt': 'x',
    })
    const recordings = await readDvsGesture(folder.path)
    expect([0, 1, 2, 3].map((k) => eventsOf(recordings, k))).toEqual([
      [100, 199, 200, 250].map((time, k) => [time - 100, k]),
      [200, 250, 299].map((time, k) => [time - 200, k + 2]),
      [],
      [],
    ])
    expect(recordings.labels).toEqual(Uint8Array.of(2, 0, 1, 10))
    expect([recordings.classes, recordings.classNames?.[10]]).toEqual([11, 'other gestures'])
    const file = ['user02_lab.aedat', 'user02_lab.aedat', 'user02_lab.aedat', 'user10_fluorescent_led.aedat']
    const lighting = ['lab', 'lab', 'lab', 'fluorescent_led']
    expect(recordings.groups).toEqual({ user: [2, 2, 2, 10], lighting, file })
    writeFileSync(join(folder.path, 'trials_to_train.txt'), 'user02_lab.aedat\r\n')
    writeFileSync(join(folder.path, 'trials_to_test.txt'), 'user03_lab.aedat\n')
    expect((await readDvsGesture(folder.path)).groups.split).toEqual(['train', 'train', 'train', 'none'])
    expect((await readDvsGesture(join(folder.path, 'user02_lab.aedat'))).groups.split).toEqual([
      'train',
      'train',
      'train',
    ])
  })

  it('counts times in whole microseconds, however late a gesture is', async () => {
    const start = 2 ** 31 * 7 + 123_457
    await using folder = await folderOf({
      'user01_led.aedat': aedat3Bytes([{ kind: 1, overflow: 7, events: [one(123_457 + 1), one(123_457 + 2001)] }]),
      'user01_led_labels.csv': `${TABLE}1,${start},${start + 9999}\n`,
    })
    expect((await readDvsGesture(folder.path)).trial(0).times).toEqual(Float64Array.of(0.001, 2.001))
  })

  it('says what is wrong, and where', async () => {
    await using folder = await folderOf({ 'user01_led.aedat': aedat3Bytes([]) })
    const path = join(folder.path, 'user01_led.aedat')
    expect(await errorOf(path)).toMatch(/^DATA_FILE_MISSING user01_led_labels.csv: /)
    const table = async (text: string) => {
      writeFileSync(join(folder.path, 'user01_led_labels.csv'), text)
      return errorOf(path)
    }
    expect(await table('')).toMatch(/^DATA_FILE_DAMAGED user01_led_labels.csv: line 1: found "", expected "class,start/)
    expect(await table(TABLE)).toMatch(/line 2: found no gestures/)
    expect(await table(`${TABLE}1,0,5\n12,1,2\n`)).toMatch(/line 3: found "12,1,2", expected a class from 1 to 11/)
    expect(await table(`${TABLE}1,2,2\n`)).toMatch(/line 2: found "1,2,2"/)
    expect(await table(`${TABLE}1,0,9\n2,1,9\n3,8,20\n`)).toMatch(/found three gestures at 8/)
    expect(await table('x'.repeat(2 ** 20 + 1))).toMatch(/length: found 1048577 bytes/)
    writeFileSync(join(folder.path, 'user01_led_labels.csv'), ALL)
    const bytes = async (content: ArrayLike<number>) => {
      writeFileSync(path, Uint8Array.from(content))
      return errorOf(path)
    }
    const packets = (...all: number[][]) => bytes([...ascii(AEDAT3_HEADER), ...all.flat()])
    const good = packetBytes({ kind: 1, overflow: 0, events: [one(3)] })
    expect(await bytes(ascii('#!AER-DAT2.0\r\n'))).toMatch(
      /^DATA_FILE_FORMAT user01_led.aedat: header: found "#!AER-DAT2.0"/,
    )
    expect(await bytes([])).toMatch(/header: found no header/)
    expect(await packets(good, good.slice(0, 27))).toMatch(/^DATA_FILE_DAMAGED .*byte 141: found 27 bytes, expected 28/)
    expect(await packets(good.slice(0, -1))).toMatch(
      /byte 105: found a packet up to byte 141, expected its end before byte 140/,
    )
    expect(await packets(good.with(16, 0))).toMatch(/room for 0 events, 1 in it/)
    expect(await packets(good.with(19, 0xff))).toMatch(/found a packet up to byte/)
    expect(await packets(good.with(4, 4))).toMatch(/found events of 4 bytes with their time at 4/)
    expect(await packets(good.with(35, 0x80))).toMatch(/byte 133: found time -2147483645/)
    expect(await packets(good.with(31, 1))).toMatch(/^UNIT_OUT_OF_RANGE .*byte 133: found an event at x 128/)
    expect(await packets(good, packetBytes({ kind: 1, overflow: 0, events: [] }, 2))).toMatch(
      /byte 141: found a second camera/,
    )
    await using empty = await temporaryFolder()
    expect(await errorOf(empty.path)).toMatch(/^DATA_FILE_MISSING/)
    writeFileSync(join(empty.path, 'gesture.aedat'), 'x')
    expect(await errorOf(empty.path)).toMatch(/^DATA_FILE_FORMAT .*name: found gesture.aedat/)
  })

  const files = fc
    .sample(fc.array(packet, { minLength: 1, maxLength: 4 }), { numRuns: 60, seed: 6 })
    .map((packets) => aedat3Bytes(packets))
  const read = (path: string) => {
    writeFileSync(join(dirname(path), 'user01_led_labels.csv'), ALL)
    return readDvsGesture(path)
  }
  itRefusesOrReads('damaged files', {
    name: 'user01_led.aedat',
    files,
    read,
    expected: (bytes) => within(plainAedat3(bytes)),
  })

  const recording = aedat3Bytes([{ kind: 1, overflow: 0, events: [one(3), one(40, 1), one(77, 2)] }])
  const rows = ['1,0,50\n', '2,30,90\r\n11,100,200\n', '1,5,7\n\n5,7,9\n'].map((row) =>
    Uint8Array.from(ascii(TABLE + row)),
  )
  const readBeside = (path: string) => {
    const file = join(dirname(path), basename(path).replace('_labels.csv', '.aedat'))
    writeFileSync(file, recording)
    return readDvsGesture(file)
  }
  itRefusesOrReads('damaged tables', { name: 'user01_led_labels.csv', files: rows, read: readBeside })
})
