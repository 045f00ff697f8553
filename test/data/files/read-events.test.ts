import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeShd } from '../../../scripts/data/hdf5/write-shd.js'
import { makeTask } from '../../../src/actors/partition/tasks/make-task.js'
import { readCsv } from '../../../src/data/files/csv/read-csv.js'
import { readEventTask } from '../../../src/data/files/events/read-event-task.js'
import { readEvents } from '../../../src/data/files/events/read-events.js'
import type { ReadingProgress } from '../../../src/data/recordings/reading-progress.js'
import type { TaskOrigin } from '../../../src/learning/task.js'
import { fingerprintOf } from '../../../src/learning/task-fingerprint.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { aedat3Bytes } from '../recordings/aedat3/aedat3-bytes.js'
import { aedat4Bytes, eventPacket } from '../recordings/aedat4/aedat4-bytes.js'
import { datBytes } from '../recordings/dat/dat-bytes.js'
import { EVT2, evtBytes } from '../recordings/evt/evt-bytes.js'
import { nmnistBytes } from '../recordings/nmnist/nmnist-bytes.js'

const TAPS = [
  'sample,time_ms,unit,label,speaker',
  ...Array.from({ length: 24 }, (_, k) => `${k},${k / 4},${k % 5},${k % 2 === 0 ? 'no' : 'yes'},${k % 4}`),
].join('\n')

const TASK_FIELDS = ['loss', 'name', 'network', 'origin', 'settings', 'test', 'train', 'until', 'validation']

it('knows formats by the names of files, or is told', async () => {
  await using folder = await temporaryFolder()
  const path = (name: string) => join(folder.path, name)
  for (const name of ['a.csv', 'b.TSV', 'c.dat2']) await writeFile(path(name), TAPS)
  const { digest } = await readCsv(path('a.csv'))
  expect((await readEvents(path('b.TSV'))).digest).toBe(digest)
  expect((await readEvents(path('c.dat2'), { format: 'csv' })).digest).toBe(digest)
  await expect(readEvents(path('c.dat2'))).rejects.toMatchObject({
    code: 'EVENT_FORMAT_UNKNOWN',
    message: expect.stringMatching(
      /c\.dat2: format: found a file whose name says no format, expected one of npz \(.npz\), csv/,
    ),
  })
  await expect(readEvents(path('a.csv'), { format: 'cvs' })).rejects.toThrow('Did you mean "csv"?')
  await expect(readEvents(path('none.csv'))).rejects.toMatchObject({ code: 'DATA_FILE_MISSING' })
  const camera = path('camera')
  for (const split of ['Train', 'Test'])
    for (const digit of ['0', '1']) {
      await mkdir(join(camera, split, digit), { recursive: true })
      await writeFile(join(camera, split, digit, '1.bin'), nmnistBytes([{ x: 1, y: 2, on: 1, micros: 1000 }]))
    }
  expect(await readEvents(camera)).toMatchObject({ count: 4, groups: { split: ['Test', 'Test', 'Train', 'Train'] } })
  await mkdir(path('empty'))
  await expect(readEvents(path('empty'))).rejects.toMatchObject({ code: 'EVENT_FORMAT_UNKNOWN' })
})

it('is told what files leave open, in the words of every format', async () => {
  await using folder = await temporaryFolder()
  const path = (name: string) => join(folder.path, name)
  await writeFile(path('a.csv'), 'sample,time,unit,label\n0,2,1,0\n')
  const table = await readEvents(path('a.csv'), { timeUnit: 's', shape: [3], classes: 2 })
  expect([table.shape, table.classes, table.trial(0).times]).toEqual([[3], 2, Float64Array.of(2000)])
  await writeFile(path('a.bin'), nmnistBytes([{ x: 36, y: 2, on: 1, micros: 1000 }]))
  const pixels = await readEvents(path('a.bin'), { shape: [2, 10, 40] })
  expect([pixels.shape, pixels.trial(0).units]).toEqual([[2, 10, 40], Uint32Array.of(400 + 2 * 40 + 36)])
  await writeFile(path('a.h5'), writeShd([{ times: [0.5], units: [9], label: 0, speaker: 0 }], ['one']))
  expect((await readEvents(path('a.h5'), { shape: [10] })).shape).toEqual([10])
  const refusal = (name: string, options: object) => readEvents(path(name), options).then(String, String)
  expect(await refusal('a.h5', { shape: [2, 3, 4] })).toContain('shape: found [2, 3, 4], expected [channels]')
  expect(await refusal('a.h5', { shape: [9] })).toContain('found 9, expected an integer from 0 to 8')
  expect(await refusal('a.csv', { timeUnit: 's', classes: 70_000 })).toContain(
    'classes: found 70000, expected an integer from 1 to 65536',
  )
  expect(await refusal('a.h5', { classes: 3 })).toContain(
    'classes: found 3, expected none, as recordings of the format shd',
  )
  expect(await refusal('a.bin', { shape: [1, 34, 34] })).toContain('expected [2, height, width], that of a camera')
  await writeFile(path('user01_led.aedat'), '')
  expect(await refusal('user01_led.aedat', { shape: [2, 128, 128] })).toContain('of the format dvs say it themselves')
})

it('tells how far it has come', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a.csv')
  await writeFile(path, TAPS.padEnd(3_000_000, '\n'))
  const told: ReadingProgress[] = []
  await readEvents(path, { onProgress: (progress) => told.push(progress) })
  expect(told.length).toBeGreaterThan(2)
  expect(told.at(-1)).toEqual({ done: 3_000_000, total: 3_000_000, unit: 'bytes' })
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b))
})

it('makes a task that others make from its origin, also below a folder of their own', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a.csv')
  await writeFile(path, TAPS.replace('time_ms', 'time'))
  const options = {
    ...{ format: 'csv', timeUnit: 'us' as const, shape: [6], classes: 3 },
    split: { by: 'speaker', validation: [1], test: ['2'] },
    augment: { jitter: 1, drop: 0.2, blend: 0.5 },
    hidden: 3,
  }
  const task = await readEventTask(path, options)
  const origin = structuredClone(task.origin) as TaskOrigin
  expect(fingerprintOf(await makeTask(origin))).toEqual(fingerprintOf(task))
  expect(fingerprintOf(await makeTask(origin, { kind: 'own', data: folder.path }))).toEqual(fingerprintOf(task))
  await expect(makeTask(origin, { kind: 'own', data: '/usr/lib' })).rejects.toMatchObject({
    code: 'TASK_FILE_FORBIDDEN',
  })
  expect(Object.keys(task).sort()).toEqual(TASK_FIELDS)
  expect(task.network.groups.map(({ size }) => size)).toEqual([6, 3, 3])
  await expect(readEventTask('nowhere', { pol: 2 } as never)).rejects.toMatchObject({ code: 'FIELD_UNKNOWN' })
})

it('knows files of cameras, alone and in folders, and tells how many are read', async () => {
  await using folder = await temporaryFolder()
  const at = async (name: string, bytes: Uint8Array) => {
    await mkdir(join(folder.path, name.split('/')[0] as string, '0'), { recursive: true })
    await writeFile(join(folder.path, name), bytes)
  }
  await at('nmnist/0/a.bin', Uint8Array.of(1, 2, 0, 0, 3))
  await at('nmnist/0/b.bin', new Uint8Array(0))
  await at('dat/0/a_td.dat', datBytes([{ time: 5, x: 1, y: 0, on: 0 }]))
  await at('evt/0/a.raw', evtBytes('EVT2', [EVT2.time(0), EVT2.event(0, 5, 1, 0)]))
  await at('aedat4/0/a.aedat4', aedat4Bytes([{ stream: 3, body: eventPacket([{ time: 5n, x: 1, y: 0, on: 0 }]) }]))
  await at(
    'dvs/user01_led.aedat',
    aedat3Bytes([{ kind: 1, overflow: 0, events: [{ x: 1, y: 0, on: 0, time: 9, valid: 1 }] }]),
  )
  await at('dvs/user01_led_labels.csv', new TextEncoder().encode('class,startTime_usec,endTime_usec\n1,4,10\n'))
  const told: ReadingProgress[] = []
  const nmnist = await readEvents(join(folder.path, 'nmnist'), { onProgress: (progress) => told.push(progress) })
  expect([nmnist.shape, nmnist.count]).toEqual([[2, 34, 34], 2])
  expect(told).toEqual([1, 2].map((done) => ({ done, total: 2, unit: 'files' })))
  const files = ['dat/0/a_td.dat', 'evt/0/a.raw', 'aedat4/0/a.aedat4', 'dvs/user01_led.aedat']
  for (const path of [...files, 'dat', 'evt', 'aedat4', 'dvs']) {
    const { times, units } = (await readEvents(join(folder.path, path))).trial(0)
    expect([[...times], [...units]], path).toEqual([[path.includes('aedat4') ? 0 : 0.005], [1]])
  }
})

it('asks which files of a folder are meant where there are several formats, but for tables beside recordings', async () => {
  await using folder = await temporaryFolder()
  const path = (name: string) => join(folder.path, name)
  await writeFile(path('a.csv'), TAPS)
  await writeFile(path('notes.txt'), 'of mine')
  expect((await readEvents(folder.path)).count).toBe(24)
  await writeFile(path('b.npz'), '')
  await expect(readEvents(folder.path)).rejects.toMatchObject({
    code: 'EVENT_FORMAT_AMBIGUOUS',
    message: `${folder.path}: format: found files of the formats npz (.npz) and csv (.csv, .tsv, .txt), expected files of one, or the one that is meant. Say it: npz or csv; or put the others elsewhere.`,
  })
  expect((await readEvents(folder.path, { format: 'csv' })).count).toBe(24)
  await rm(path('b.npz'))
  await writeFile(path('b.bin'), nmnistBytes([{ x: 1, y: 2, on: 1, micros: 1000 }]))
  expect((await readEvents(folder.path)).count).toBe(1)
  await writeFile(path('b.raw'), '')
  await expect(readEvents(folder.path)).rejects.toMatchObject({ code: 'EVENT_FORMAT_AMBIGUOUS' })
})
