import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeTask } from '../../../src/actors/partition/tasks/make-task.js'
import { readCsv } from '../../../src/data/files/csv/read-csv.js'
import { readEventTask } from '../../../src/data/files/events/read-event-task.js'
import { readEvents } from '../../../src/data/files/events/read-events.js'
import type { ReadingProgress } from '../../../src/data/recordings/reading-progress.js'
import type { TaskOrigin } from '../../../src/learning/task.js'
import { fingerprintOf } from '../../../src/learning/task-fingerprint.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
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
  await writeFile(path, TAPS)
  const options = {
    split: { by: 'speaker', validation: [1], test: ['2'] },
    augment: { jitter: 1, drop: 0.2 },
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
  expect(task.network.groups.map(({ size }) => size)).toEqual([5, 3, 2])
  await expect(readEventTask('nowhere', { pol: 2 } as never)).rejects.toMatchObject({ code: 'FIELD_UNKNOWN' })
})
