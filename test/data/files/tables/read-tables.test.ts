import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../../src/data/files/csv/read-csv.js'
import { readEvents } from '../../../../src/data/files/events/read-events.js'
import { readNpz } from '../../../../src/data/files/npz/read-npz.js'
import type { EventRecordings } from '../../../../src/data/recordings/event-recordings.js'
import type { ReadingProgress } from '../../../../src/data/recordings/reading-progress.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { csvOf, npyBytes, npzOf, tableCase, zipBytes } from '../event-tables.js'

/** Calls `work` with a folder of files, by their paths in it. */
async function withFiles<Result>(
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  await using folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
  return await work(folder.path)
}

const refusal = (files: Readonly<Record<string, string | Uint8Array>>, options = {}) =>
  withFiles(files, (folder) =>
    readEvents(folder, options).then(String, (error: Error) =>
      error.message.replaceAll(`${folder}/`, '').replaceAll(folder, 'DIR'),
    ),
  )

/** Labels as names, groups and events of every recording. */
const content = ({ labels, classNames, groups, count, trial }: EventRecordings) =>
  Array.from(
    { length: count },
    (_, k): Readonly<Record<string, unknown>> => ({
      label: classNames?.[labels[k] as number] ?? labels[k],
      ...Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values[k]])),
      times: [...trial(k).times],
      units: [...trial(k).units],
    }),
  )

const STROKE = 'time_ms,unit\n1,0\n2.5,1\n'
const array = (type: string, values: readonly number[], shape = [values.length]) => npyBytes(type, shape, values)
const one = (times: readonly number[], others = {}) =>
  zipBytes(
    {
      'time_ms.npy': array('<f8', times),
      'unit.npy': array(
        '<u2',
        times.map((_, k) => k),
      ),
      ...others,
    },
    8,
  )

describe('folders of tables', () => {
  it('hold the recordings of all files, one file after the other', () =>
    fc.assert(
      fc.asyncProperty(fc.array(tableCase, { minLength: 1, maxLength: 3 }), fc.boolean(), async (tables, isText) => {
        // Classes are called alike in all of them.
        const named = tables.map((table) => ({ ...table, labels: table.labels.map((label) => `l${label}`) }))
        const bytes = (k: number) => (isText ? csvOf(named[k]!) : npzOf(named[k]!))
        const ending = isText ? 'csv' : 'npz'
        const files = Object.fromEntries(tables.map((_, k) => [`${k}.${ending}`, bytes(k)]))
        const told: ReadingProgress[] = []
        const onProgress = (progress: ReadingProgress) => told.push(progress)
        const shape = [10]
        const [all, each] = await withFiles(files, async (folder) => [
          await (isText ? readCsv : readNpz)(folder, { onProgress, shape }),
          await Promise.all(tables.map((_, k) => readEvents(join(folder, `${k}.${ending}`), { shape }))),
        ])
        const expected = each.flatMap((file, k) =>
          content(file).map((recording) => ({ ...recording, file: `${k}.${ending}` })),
        )
        expect(content(all)).toEqual(expected)
        expect(told).toEqual(tables.map((_, k) => ({ done: k + 1, total: tables.length, unit: 'files' })))
      }),
      { numRuns: 30 },
    ))

  it('may have a folder for each class, with a file for each recording', async () => {
    const files = {
      'up/2.csv': STROKE,
      'up/10.csv': 'time_ms,unit\n',
      'down/1.csv': 'time_ms,unit\n3,4\n',
    }
    const found = await withFiles(files, (folder) => readEvents(folder))
    expect(found).toMatchObject({ classes: 2, classNames: ['down', 'up'], shape: [5] })
    expect(content(found)).toEqual([
      { label: 'down', file: 'down/1.csv', times: [3], units: [4] },
      { label: 'up', file: 'up/10.csv', times: [], units: [] },
      { label: 'up', file: 'up/2.csv', times: [1, 2.5], units: [0, 1] },
    ])
    const arrays = { '1/a.npz': one([1, 2]), '0/b.npz': one([]), '0/c.npz': one([0.5]) }
    const numbers = await withFiles(arrays, (folder) => readEvents(folder))
    expect(content(numbers)).toEqual([
      { label: 0, file: '0/b.npz', times: [], units: [] },
      { label: 0, file: '0/c.npz', times: [0.5], units: [0] },
      { label: 1, file: '1/a.npz', times: [1, 2], units: [0, 1] },
    ])
  })

  it('may have folders for splits, and several recordings in a file', async () => {
    const files = {
      'Train/up/a.tsv': 'sample\ttime_ms\tunit\tspeaker\n7\t1\t0\tann\n5\t2\t1\tben\n',
      'Test/down/a.tsv': 'sample\ttime_ms\tunit\tspeaker\n7\t3\t0\tann\n',
      'Train/down/a.tsv': 'sample\ttime_ms\tunit\tspeaker\n1\t4\t0\tann\n',
    }
    const found = await withFiles(files, (folder) => readEvents(folder))
    expect(content(found).map(({ times: _, units: _u, ...known }) => known)).toEqual([
      { label: 'down', file: 'Test/down/a.tsv', split: 'Test', speaker: 'ann' },
      { label: 'down', file: 'Train/down/a.tsv', split: 'Train', speaker: 'ann' },
      { label: 'up', file: 'Train/up/a.tsv', split: 'Train', speaker: 'ann' },
      { label: 'up', file: 'Train/up/a.tsv', split: 'Train', speaker: 'ben' },
    ])
    const some = { 'sample.npy': array('<i4', [2, 0]), 'speaker.npy': array('<i4', [4, 5, 6]) }
    const offsets = { 'offsets.npy': array('<i4', [0, 0, 2]), 'speaker.npy': array('<i4', [7, 8]) }
    const counted = { 'up/a.npz': one([1, 2], some), 'down/b.npz': one([3, 4], offsets) }
    const arrays = content(await withFiles(counted, (folder) => readEvents(folder)))
    expect(arrays.map(({ label, speaker, times }) => [label, speaker, times])).toEqual([
      ['down', 7, []],
      ['down', 8, [3, 4]],
      ['up', 4, [2]],
      ['up', 5, []],
      ['up', 6, [1]],
    ])
  })

  it('may have files that each say the class of their one recording', async () => {
    const table = (label: string) => `time_ms,unit,label,speaker\n1,0,${label},7\n2,1,${label},7\n`
    const found = await withFiles({ 'a.csv': table('no'), 'b.csv': table('yes') }, (folder) => readEvents(folder))
    expect(content(found).map(({ label, file, speaker }) => [label, file, speaker])).toEqual([
      ['no', 'a.csv', 7],
      ['yes', 'b.csv', 7],
    ])
    // As a number, or as an array of one.
    const label = (value: number, shape: readonly number[]) => ({ 'label.npy': array('<i8', [value], [...shape]) })
    const arrays = { 'a.npz': one([1], label(1, [])), 'b.npz': one([2], label(0, [1])) }
    expect([...(await withFiles(arrays, (folder) => readEvents(folder))).labels]).toEqual([1, 0])
  })

  it('have one shape, that holds the events of all files', async () => {
    const files = { 'a/1.csv': 't,x,y,p\n1,3,0,0\n', 'b/1.csv': 't,x,y\n1,0,4\n' }
    const found = await withFiles(files, (folder) => readEvents(folder))
    expect(found.shape).toEqual([2, 5, 4])
    expect(content(found).map(({ units }) => units)).toEqual([[3], [16]])
    const shape = (...extents: number[]) => ({ 'shape.npy': array('<i4', extents) })
    const said = { 'a/1.npz': one([1, 2], shape(4)), 'b/1.npz': one([1, 2, 3]) }
    expect((await withFiles(said, (folder) => readEvents(folder))).shape).toEqual([4])
    expect(await refusal({ ...said, 'b/1.npz': one([1, 2], shape(5)) })).toBe(
      'a/1.npz: shape: found [4], expected [5], as in other files. Read recordings of different sensors apart.',
    )
    expect((await withFiles(said, (folder) => readEvents(folder, { shape: [9] }))).shape).toEqual([9])
    expect(await refusal({ 'a/1.csv': STROKE, 'b/1.csv': 't,x,y\n1,0,4\n' })).toContain(
      'b/1.csv: shape: found [1, 5, 1], expected [2], as in other files',
    )
  })

  it('may have groups of any name', async () => {
    const table = (value: string) => `time_ms,unit,constructor\n1,0,${value}\n`
    const found = await withFiles({ 'a/1.csv': table('x'), 'b/1.csv': table('7') }, (folder) => readEvents(folder))
    expect(content(found).map(({ constructor: value }) => value)).toEqual(['x', '7'])
  })

  it('are read by their tables, whatever text lies beside them', async () => {
    const files = { 'README.txt': 'Read me.', 'a/notes.txt': 'Or me.', 'a/1.csv': STROKE, 'b/1.csv': STROKE }
    expect((await withFiles(files, (folder) => readEvents(folder))).count).toBe(2)
    const texts = { 'a/1.txt': STROKE, 'b/1.txt': STROKE }
    expect((await withFiles(texts, (folder) => readEvents(folder))).count).toBe(2)
  })

  it('say which file is wrong, and where', async () => {
    expect(await refusal({ 'a.csv': STROKE })).toContain('a.csv: line 1: found only "time_ms", "unit", expected label')
    expect(await refusal({ 'a.npz': one([1]) })).toContain('a.npz: npz: found only "time_ms", "unit", expected labels')
    expect(await refusal({ 'a/1.csv': STROKE, 'b/1.csv': `${STROKE}3,-1\n` })).toContain(
      'b/1.csv: line 4, column "unit"',
    )
    expect(await refusal({ 'a/1.csv': STROKE, 'b/1.csv': STROKE }, { shape: [1] })).toContain(
      'a/1.csv: line 3, column "unit": found 1, expected an integer from 0 to 0',
    )
    expect(await refusal({ '0/1.csv': STROKE, '2/1.csv': STROKE })).toContain(
      'DIR: labels: found no recording of class 1',
    )
    expect(await refusal({ '0/1.csv': STROKE, '2/1.csv': STROKE }, { classes: 2 })).toContain(
      '2/1.csv: folder: found 2, expected an integer from 0 to 1',
    )
    const spoken = 'time_ms,unit,speaker\n1,0,ann\n'
    for (const [a, b, file, other] of [
      [spoken, STROKE, 'b', 'a'],
      [STROKE, spoken, 'a', 'b'],
    ] as const)
      expect(await refusal({ 'a/1.csv': a, 'b/1.csv': b })).toContain(
        `${file}/1.csv: speaker: found nothing, expected what is known of recordings in ${other}/1.csv`,
      )
    expect(
      await refusal({ 'a/1.npz': one([1], { 'label.npy': array('<i8', [0, 1]) }), 'b/1.npz': one([1]) }),
    ).toContain('a/1.npz: label: found shape (2), expected (1,), that of the recording')
    for (const sample of [-1, 0.5, 1e12])
      expect(await refusal({ 'a/1.npz': one([1], { 'sample.npy': array('<f8', [sample]) }) })).toMatch(
        sample < 0
          ? /a\/1.npz: sample: found no recordings/
          : /a\/1.npz: sample\[0\]: found [\de.+]+, expected a recording/,
      )
    expect(await refusal({ 'notes.md': '' })).toContain('found a folder without files of a format that is read so')
  })
})
