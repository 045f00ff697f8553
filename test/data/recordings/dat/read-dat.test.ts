import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDat } from '../../../../src/data/files/read-dat.js'
import { InputError } from '../../../../src/events/errors.js'
import { eventsOf, inOrder, itRefusesOrReads } from '../../../support/damaged-files.js'
import { failureOf } from '../../../support/failure-of.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { DAT_HEADER, type DatEvent, datBytes, plainDat } from './dat-bytes.js'

const event: fc.Arbitrary<DatEvent> = fc.record({
  time: fc.oneof(
    fc.nat({ max: 9 }),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fc.integer({ min: 2 ** 32 - 9, max: 2 ** 32 - 1 }),
  ),
  x: fc.nat({ max: 11 }),
  y: fc.nat({ max: 9 }),
  on: fc.nat({ max: 1 }),
})

describe('readDat', () => {
  it('reads what was written', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a.dat')
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const bytes = datBytes(events)
        writeFileSync(path, bytes)
        expect(eventsOf(await readDat(path))).toEqual(inOrder(plainDat(bytes) ?? []))
      }),
    )
  })

  it('reads literal bytes, and a time that goes round', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a.dat')
    const body = [0xff, 0xff, 0xff, 0xff, 0x03, 0x40, 0x00, 0x10, 0x01, 0, 0, 0, 0x04, 0x80, 0, 0]
    writeFileSync(path, Uint8Array.from([...datBytes([]), ...body]))
    const recordings = await readDat(path)
    expect(recordings.shape).toEqual([2, 10, 12])
    expect(recordings.trial(0)).toEqual({
      times: Float64Array.of(4_294_967.295, 4_294_967.297),
      units: Uint32Array.of(120 + 12 + 3, 24 + 4),
    })
    expect([recordings.classes, recordings.labels, recordings.groups]).toEqual([
      1,
      Uint8Array.of(0),
      { file: ['a.dat'] },
    ])
  })

  it('takes a header in any order and either end of lines, both kinds of events, and a size that is said', async () => {
    await using folder = await temporaryFolder()
    const at = (name: string, bytes: Uint8Array) => {
      mkdirSync(join(folder.path, name))
      writeFileSync(join(folder.path, name, 'a_td.dat'), bytes)
    }
    const events = [{ time: 3, x: 11, y: 9, on: 1 }]
    at('cars', datBytes(events, '% height 10\r\n% width 12\r\n% Version 2\r\n', [0, 8]))
    at('none', datBytes([], `${DAT_HEADER}\n% a line more\n%\n`))
    const recordings = await readDat(folder.path)
    expect(recordings.classNames).toEqual(['cars', 'none'])
    expect([eventsOf(recordings), eventsOf(recordings, 1)]).toEqual([[[3, 239]], []])
    const larger = await readDat(folder.path, { size: [100, 120] })
    expect([larger.shape, eventsOf(larger)]).toEqual([[2, 100, 120], [[3, 12_000 + 9 * 120 + 11]]])
    at('other', datBytes([], '% Version 2\n% Width 13\n% Height 10\n'))
    expect((await failureOf(readDat(folder.path), InputError as never)).message).toContain(
      `size: found a camera of 13 x 10 pixels, expected 12 x 10, as in ${join(folder.path, 'cars', 'a_td.dat')}`,
    )
  })

  it('says what is wrong, and where', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a.dat')
    const errorOf = async (bytes: Uint8Array) => {
      writeFileSync(path, bytes)
      const error = await failureOf(readDat(path), InputError as never)
      expect(error.message).toContain(`${path}: `)
      return `${error.code} ${error.message.slice(path.length + 2)}`
    }
    expect(await errorOf(datBytes([], '% Version 1\n'))).toMatch(/^DATA_FILE_FORMAT header: found version "1"/)
    expect(await errorOf(datBytes([], ''))).toMatch(/^DATA_FILE_FORMAT header: found no version/)
    expect(await errorOf(datBytes([], '% Version 2\n% Width 12\n'))).toMatch(/found no size of the camera/)
    expect(await errorOf(datBytes([], '% Version 2\n% Width 0\n% Height 3\n'))).toMatch(/width: found "0"/)
    expect(await errorOf(datBytes([], undefined, [14, 8]))).toMatch(
      /^DATA_FILE_FORMAT byte 95: found events of kind 14/,
    )
    expect(await errorOf(datBytes([], undefined, [12]))).toMatch(/^DATA_FILE_DAMAGED byte 96: found its end/)
    expect(await errorOf(datBytes([{ time: 0, x: 0, y: 10, on: 0 }]))).toMatch(/^UNIT_OUT_OF_RANGE byte 97: .* at y 10/)
    expect(await errorOf(datBytes([{ time: 0, x: 0, y: 0, on: 2 }]))).toMatch(
      /^UNIT_OUT_OF_RANGE byte 97: .*polarity 2/,
    )
    expect(await errorOf(datBytes([{ time: 0, x: 0, y: 0, on: 1 }]).slice(0, -1))).toMatch(/byte 97: found 7 bytes/)
    expect(await errorOf(datBytes([], `% ${'x'.repeat(70_000)}`))).toMatch(/^DATA_FILE_DAMAGED byte 0: found a line/)
  })

  const files = fc
    .sample(fc.array(event, { minLength: 1, maxLength: 20 }), { numRuns: 40, seed: 4 })
    .map((all) => datBytes(all))
  itRefusesOrReads('damaged files', { name: 'a.dat', files, read: (path) => readDat(path), expected: plainDat })
})
