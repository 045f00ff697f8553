import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv, readCsv } from '../../../../src/data/files/csv/read-csv.js'
import { casesOf } from '../../../support/cases-of.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { csvOf, damaged, tableCase } from '../event-tables.js'
import { expectCase, readOrRefused } from '../expect-recordings.js'

const parsed = (text: string | Uint8Array, options = {}) => parseCsv([Buffer.from(text)], 'a.csv', options)
const refusalOf = (text: string | Uint8Array, options = {}) =>
  parsed(text, options).then(String, (e: Error) => e.message)
const HEAD = 'sample,time_ms,unit,label\n'

/** Bytes in parts that are cut anywhere, within letters, too. */
function cut(bytes: Buffer, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, k) => bytes.subarray(k === 0 ? 0 : ends[k - 1], end))
}

describe('readCsv', () => {
  it('reads what was written, however its bytes arrive', () =>
    fc.assert(
      fc.asyncProperty(tableCase, fc.array(fc.nat(), { maxLength: 5 }), async (table, places) => {
        const bytes = Buffer.from(csvOf(table))
        expectCase(await parseCsv(cut(bytes, places), 'a.csv'), table)
      }),
    ))

  it('reads semicolons, tabs, quotes, Windows lines, a byte order mark, a # and empty lines', async () => {
    const rows = [
      ['sample', 'time_s', 'unit', 'label', 'speaker'],
      ['a', '0.5', '1', '"on, ""now"""', 'é'],
      ['b', '1e-3', '0', 'off', '007'],
    ]
    for (const [separator, end, start] of [
      [',', '\n', '# '],
      [';', '\r\n', '\ufeff'],
      ['\t', '\n\n', ''],
    ] as const) {
      const found = await parsed(start + rows.map((cells) => cells.join(separator)).join(end))
      expect(found).toMatchObject({ count: 2, classNames: ['off', 'on, "now"'], groups: { speaker: ['é', '007'] } })
      expect(found.trial(0)).toEqual({ times: Float64Array.of(500), units: Uint32Array.of(1) })
    }
  })

  it('reads pixels with polarities of truths, of 0 and 1, or of -1 and 1', async () => {
    for (const [off, on] of [
      ['False', 'True'],
      ['0', '1'],
      ['-1', '1'],
    ]) {
      const found = await parsed(`sample,t,x,y,p,label\n0,1500,2,1,${on},0\n0,500,0,0,${off},0\n`)
      expect(found.shape).toEqual([2, 2, 3])
      expect(found.trial(0)).toEqual({ times: Float64Array.of(0.5, 1.5), units: Uint32Array.of(0, 11) })
    }
  })

  it('names file, line and column, found and expected, and what to do', async () => {
    const told: readonly (readonly [string | Uint8Array, string, object?])[] = [
      ['', 'a.csv: lines: found no recordings, expected at least one'],
      [HEAD, 'a.csv: lines: found no recordings'],
      ['0,1,2,0\n', 'a.csv: line 1: found numbers alone, expected the names of the columns. Put a line such as'],
      ['sample,time_ms,label\n', 'a.csv: line 1: found only "sample", "time_ms", "label", expected unit, or x and y'],
      ['sample,time,unit,label\n', 'a.csv: time: found times that do not say their unit'],
      ['sample,unit,unit,label\n', 'two columns "unit", expected a name of its own for every column. Rename one'],
      [
        'sample,time_ms,unit,label,\n',
        'found a column without a name, expected a name of its own for every column. Name it',
      ],
      ['7,1.5,2,up\n', 'a.csv: line 1: found the number 7, expected the names of the columns. Put a line such as'],
      [`${HEAD}0,1,0,0\n`.replaceAll('\n', '\r'), 'a.csv: line 1: found lines that end with a carriage return alone'],
      ['Sample,TIME_MS,unit,label\n', 'expected times: time_ms, time_s, time_us or t. Rename "TIME_MS" to time_ms, if'],
      ['trial,time_ms,unit,label\n', 'expected sample, which tells recordings apart. Name what holds it so; https://'],
      [
        `${HEAD}0,1,0,0\n`,
        'a.csv: time_ms: found times whose name says ms, expected s, as was said. Leave the option timeUnit out',
        { timeUnit: 's' },
      ],
      [`${HEAD}0,1,1,a\n1,1,1,b\n`, 'a.csv: column "label": found 2 names, expected 1 at most. Give', { classes: 1 }],
      [`${HEAD}0,1,0\n`, 'a.csv: line 2: found 3 cells, expected 4, as in the first line'],
      [`${HEAD}0,1,0,0\n\n0,-1,0,0\n`, 'a.csv: line 4, column "time_ms": found -1, expected a time from 0'],
      [`${HEAD}0,nan,0,0\n`, 'a.csv: line 2, column "time_ms": found "nan", expected a finite number'],
      [`${HEAD}0,1e999,0,0\n`, 'a.csv: line 2, column "time_ms": found "1e999", expected a finite number'],
      [`${HEAD}0,0x10,0,0\n`, 'a.csv: line 2, column "time_ms": found "0x10", expected a finite number'],
      ['sample;time_ms;unit;label\n0;1,5;0;0\n', 'found "1,5", expected a finite number. Write decimals with a point.'],
      [`${HEAD}0,,0,0\n`, 'a.csv: line 2, column "time_ms": found nothing'],
      [`${HEAD}0,1,-1,0\n`, 'a.csv: line 2, column "unit": found -1, expected an integer from 0'],
      [`${HEAD}0,1,9,0\n`, 'a.csv: line 2, column "unit": found 9, expected an integer from 0 to 8', { shape: [9] }],
      [`${HEAD}0,1,1,\n`, 'a.csv: line 2, column "label": found nothing, expected a class'],
      [`${HEAD},1,1,0\n`, 'a.csv: line 2, column "sample": found nothing'],
      [
        `${HEAD}0,1,1,0\n0,2,1,1\n`,
        'a.csv: line 3, column "label": found "1", expected "0", as in line 2 of the same recording',
      ],
      [`${HEAD}0,1,1,0\n1,2,1,2\n`, 'a.csv: column "label": found no recording of class 1'],
      [`${HEAD}0,1,1,0\n1,2,1,-1\n`, 'a.csv: line 3, column "label": found -1, expected an integer from 0 to 65535'],
      [`${HEAD}0,1,1,0\n1,2,1,5\n`, 'found 5, expected an integer from 0 to 2', { classes: 3 }],
      [`${HEAD}"0,1,1,0\n`, 'a.csv: line 2: found a quote that nothing closes'],
      [`${HEAD}"0"1,1,1,0\n`, 'a.csv: line 2: found text behind a cell in quotes'],
      [Uint8Array.of(0x61, 0x0a, 0xff), 'found bytes that are not UTF-8'],
      [new Uint8Array(3_000_000).fill(0x61), 'a.csv: line 1: found more than a million characters'],
    ]
    for (const [text, words, options] of told) {
      expect(await refusalOf(text, options)).toContain(words)
      expect(await readOrRefused('a.csv', parsed(text, options))).toBeNull()
    }
  })

  it('reads files that are there and names those that are not', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a.csv')
    await expect(readCsv(path)).rejects.toMatchObject({ code: 'DATA_FILE_MISSING', mistake: { file: path } })
    await writeFile(path, `${HEAD}0,1.5,2,0\n`)
    const found = await readCsv(path)
    expect(found).toMatchObject({ count: 1, shape: [3], files: [path] })
    const nothing = join(folder.path, 'nothing')
    await mkdir(nothing)
    await expect(readCsv(nothing)).rejects.toMatchObject({ code: 'DATA_FILE_MISSING' })
  })

  it('refuses damaged files by name, or reads what they say', () =>
    fc.assert(
      fc.asyncProperty(
        tableCase.chain((table) => damaged(Buffer.from(csvOf(table)))),
        fc.array(fc.nat(), { maxLength: 2 }),
        async (hurt, places) => {
          await readOrRefused('a.csv', parseCsv(cut(Buffer.from(hurt), places), 'a.csv'))
        },
      ),
      { numRuns: casesOf({ short: 2500, long: 100_000 }) },
    ))
})
