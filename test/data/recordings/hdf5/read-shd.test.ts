import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type WrittenRecording, writeShd } from '../../../../scripts/data/hdf5/write-shd.js'
import { readEvents, readShd, readSsc } from '../../../../src/data/files/index.js'
import { InputError } from '../../../../src/events/errors.js'
import { failureOf } from '../../../support/failure-of.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

const NAMES = ['zero', 'one', 'two']
const ONE: WrittenRecording = { times: [0.5, 0.25, 0.25, 0], units: [3, 9, 2, 699], label: 2, speaker: 4 }
const EMPTY: WrittenRecording = { times: [], units: [], label: 0, speaker: 1 }

const mistakeOf = async (running: Promise<unknown>) => {
  const error = await failureOf(running, InputError as never)
  const { code, field, found, remedy } = (error as unknown as InputError).mistake
  return { code, field, found, remedy }
}

test('recordings of several files, in the order of (time, unit), with what is known of them', async () => {
  await using folder = await temporaryFolder()
  const [train, test] = [join(folder.path, 'train.h5'), join(folder.path, 'test.h5')]
  writeFileSync(train, writeShd([ONE, EMPTY], NAMES))
  writeFileSync(test, writeShd([{ ...ONE, label: 1 }], NAMES))
  for (const memory of [1024, 0]) {
    const recordings = await readShd([train, test], { memory })
    const { count, classes, shape, labels, groups, files } = recordings
    expect({ count, classes, shape, files }).toEqual({ count: 3, classes: 3, shape: [700], files: [train, test] })
    expect([...labels]).toEqual([2, 0, 1])
    expect(groups).toEqual({ file: ['train.h5', 'train.h5', 'test.h5'], speaker: [4, 1, 4] })
    const events = { times: Float64Array.of(0, 250, 250, 500), units: Uint32Array.of(699, 2, 9, 3) }
    expect(recordings.trial(0)).toEqual(events)
    expect(recordings.trial(1)).toEqual({ times: new Float64Array(0), units: new Uint32Array(0) })
    expect(recordings.trial(2)).toEqual(events)
  }
  expect((await readSsc(train)).digest).toBe((await readShd([train])).digest)
  expect((await readShd(test)).digest).not.toBe((await readShd(train)).digest)
})

test('how far it has come is told, to the end', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'many.h5')
  writeFileSync(path, writeShd(Array(100).fill(ONE), NAMES))
  const told: unknown[] = []
  await readShd([path, path], { onProgress: (progress) => told.push(progress) })
  expect(told).toEqual([64, 128, 192, 200].map((done) => ({ done, total: 200, unit: 'recordings' })))
})

test('what is wrong is told with its place', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'one.h5')
  const read = (recordings: readonly WrittenRecording[], options = {}) => {
    writeFileSync(path, writeShd(recordings, NAMES))
    return mistakeOf(readShd(path, options))
  }
  expect(await read([EMPTY, { ...ONE, units: [3, 9, 700, 1] }])).toMatchObject({
    code: 'UNIT_OUT_OF_RANGE',
    field: 'spikes/units[1][2]',
    found: '700',
    remedy: expect.stringContaining('channels'),
  })
  expect(await read([ONE], { channels: 64 })).toMatchObject({ code: 'UNIT_OUT_OF_RANGE', found: '699' })
  expect(await read([{ ...ONE, units: [1, 2, 3] }])).toMatchObject({
    code: 'DATA_FILE_FORMAT',
    field: 'spikes/units[0]',
    found: '3 units',
  })
  expect(await read([{ ...ONE, label: 3 }])).toMatchObject({
    ...{ code: 'LABEL_OUT_OF_RANGE', field: 'labels[0]', found: '3' },
    remedy: 'Give extra/keys a name for every class, or leave it out.',
  })
  expect(await mistakeOf(readShd([]))).toMatchObject({ code: 'SHAPE_MISMATCH', field: 'path' })
  expect(await read([])).toMatchObject({ code: 'DATASET_EMPTY' })
  expect(await mistakeOf(readShd(join(folder.path, 'none.h5')))).toMatchObject({ code: 'DATA_FILE_MISSING' })
  writeFileSync(path, 'times,units\n')
  expect(await mistakeOf(readShd(path))).toMatchObject({ code: 'DATA_FILE_FORMAT', field: 'byte 0' })
})

test('a folder stands for the files in it, by name; readEvents knows them', async () => {
  await using folder = await temporaryFolder()
  expect(await mistakeOf(readShd(folder.path))).toMatchObject({ code: 'DATA_FILE_MISSING', field: 'folder' })
  const [test, train] = [join(folder.path, 'test.h5'), join(folder.path, 'train.HDF5')]
  writeFileSync(train, writeShd([ONE, EMPTY], NAMES))
  writeFileSync(test, writeShd([EMPTY], NAMES))
  const { digest } = await readShd([test, train])
  for (const recordings of [await readShd(folder.path), await readEvents(folder.path)])
    expect(recordings.digest).toBe(digest)
  expect((await readEvents(train)).files).toEqual([train])
})

test('files of other classes are not put together', async () => {
  await using folder = await temporaryFolder()
  const [one, other] = [join(folder.path, 'one.h5'), join(folder.path, 'other.h5')]
  writeFileSync(one, writeShd([ONE], NAMES))
  writeFileSync(other, writeShd([ONE], ['null', 'eins', 'zwei']))
  expect(await mistakeOf(readShd([one, other]))).toMatchObject({ code: 'DATA_FILE_FORMAT', field: 'extra/keys' })
})

test('a file that changes while it is in use is noticed', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'long.h5')
  const long = Array.from({ length: 40 }, () => ({
    ...ONE,
    times: new Float64Array(4096),
    units: new Uint16Array(4096),
  }))
  writeFileSync(path, writeShd(long, NAMES))
  const [kept, left] = [await readShd(path), await readShd(path, { memory: 0 })]
  appendFileSync(path, 'more')
  expect(kept.trial(0).times.length).toBe(4096)
  expect(() => left.trial(0)).toThrow(expect.objectContaining({ code: 'DATA_FILE_CHANGED' }))
})
