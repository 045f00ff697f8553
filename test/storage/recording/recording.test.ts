import { execFile } from 'node:child_process'
import {
  appendFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { openRecording } from '../../../src/storage/recording/read-recording.js'
import { continueRecording, type RecordedSegment, startRecording } from '../../../src/storage/recording/record.js'
import { encodeSpikeHeader } from '../../../src/storage/spike-file/spike-header.js'
import { trainsOf } from '../../learning/trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const DESCRIPTION = {
  identity: { network: 'abc', seed: '7' },
  groups: [
    { name: 'in', size: 3 },
    { name: 'out', size: 300 },
  ],
}

/** Some spikes within [start, end) of as many units. */
function spikesIn(start: number, end: number, units: number): SpikeTrains {
  return trainsOf([
    Array.from({ length: units }, (_, unit) => ({ time: start + ((end - start) * unit) / units, unit })),
  ])
}

const SEGMENTS: readonly RecordedSegment[] = [0, 1, 2, 3].map((k) => ({
  window: { start: 4 * k, end: 4 * k + 4 },
  spikes: { in: spikesIn(4 * k, 4 * k + 4, k % 3), out: spikesIn(4 * k, 4 * k + 4, 70 * k) },
}))

async function record(path: string, segments = SEGMENTS) {
  await using recorder = await startRecording(path, DESCRIPTION)
  for (const segment of segments) await recorder.append(segment)
  await recorder.sync()
}

async function read(path: string): Promise<readonly RecordedSegment[]> {
  await using recording = await openRecording(path)
  const list: RecordedSegment[] = []
  for await (const segment of recording.segments()) list.push(segment)
  return list
}

test('a recording is read back as it was written, segment by segment', async () => {
  await using folder = await temporaryFolder()
  await record(folder.path)
  await using recording = await openRecording(folder.path)
  expect(recording.groups).toEqual(DESCRIPTION.groups)
  expect(recording.identity).toEqual(DESCRIPTION.identity)
  expectSameBits(await read(folder.path), SEGMENTS)
})

test('its events come in one row, in the order of time and group', async () => {
  await using folder = await temporaryFolder()
  await record(folder.path)
  await using recording = await openRecording(folder.path)
  const found: [number, number, number][] = []
  for await (const { window, times, groups, units } of recording.events())
    for (const [k, time] of times.entries()) {
      expect(time >= window.start && time < window.end).toBe(true)
      found.push([time, groups[k]!, units[k]!])
    }
  const all = SEGMENTS.flatMap(({ spikes }) =>
    [spikes.in!, spikes.out!].flatMap(({ times, units }, group) =>
      [...times].map((time, k): [number, number, number] => [time, group, units[k]!]),
    ),
  )
  expect(found).toEqual(all.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]))
  expect(found.length).toBeGreaterThan(400)
})

test('events of one instant come group by group, whatever their units', async () => {
  await using folder = await temporaryFolder()
  const at = (...units: number[]) => trainsOf([units.map((unit) => ({ time: 1, unit }))])
  await record(folder.path, [{ window: { start: 0, end: 4 }, spikes: { in: at(1, 2), out: at(0, 2, 9) } }])
  await using recording = await openRecording(folder.path)
  const { value } = await recording.events().next()
  expect([...value!.groups]).toEqual([0, 0, 1, 1, 1])
  expect([...value!.units]).toEqual([1, 2, 0, 2, 9])
})

test('what was cut short is passed over, wherever it was cut, and written anew', async () => {
  await using folder = await temporaryFolder()
  await record(folder.path)
  const file = join(folder.path, 'out.spikes')
  const whole = await readFile(file)
  const last = whole.length - (32 + 8 * 210 + 424)
  for (let length = last; length < whole.length; length += 7) {
    await truncate(file, length)
    // The other group has the segment, but only what all have counts.
    expect((await read(folder.path)).length).toBe(3)
    // A power failure may leave zeros instead.
    if (length > last) await appendFile(file, new Uint8Array(whole.length - length))
    // Which the last bytes may have been.
    const isWhole = (await readFile(file)).equals(whole)
    expect((await read(folder.path)).length).toBe(isWhole ? 4 : 3)
    await using again = await continueRecording(folder.path, DESCRIPTION, 12)
    await again.append(SEGMENTS[3]!)
    expect((await readFile(file)).equals(whole)).toBe(true)
  }
})

test('goes on where a segment ended, and what lies beyond is gone', async () => {
  await using folder = await temporaryFolder()
  await record(folder.path)
  const whole = await readFile(join(folder.path, 'out.spikes'))
  for (const time of [8, 0]) {
    await using recorder = await continueRecording(folder.path, DESCRIPTION, time)
    expect((await read(folder.path)).length).toBe(time / 4)
    for (const segment of SEGMENTS.slice(time / 4)) await recorder.append(segment)
    expect((await readFile(join(folder.path, 'out.spikes'))).equals(whole)).toBe(true)
  }
  await expect(continueRecording(folder.path, DESCRIPTION, 9)).rejects.toMatchObject({ code: 'RECORDING_SHORT' })
  await expect(continueRecording(folder.path, DESCRIPTION, 20)).rejects.toMatchObject({ code: 'RECORDING_SHORT' })
  expectSameBits(await read(folder.path), SEGMENTS)
})

test('another recording is neither gone on with nor replaced', async () => {
  await using folder = await temporaryFolder()
  await record(folder.path)
  await expect(startRecording(folder.path, DESCRIPTION)).rejects.toMatchObject({ code: 'RECORDING_EXISTS' })
  // Somebody has removed what says so.
  const manifest = await readFile(join(folder.path, 'manifest.json'))
  await rm(join(folder.path, 'manifest.json'))
  await expect(startRecording(folder.path, DESCRIPTION)).rejects.toMatchObject({ code: 'RECORDING_EXISTS' })
  await writeFile(join(folder.path, 'manifest.json'), manifest)
  const other = { ...DESCRIPTION, identity: { network: 'abc', seed: '8' } }
  await expect(continueRecording(folder.path, other, 0)).rejects.toMatchObject({
    code: 'RECORDING_MISMATCH',
    details: { field: 'seed', found: '7', expected: '8' },
  })
  const fewer = { ...DESCRIPTION, groups: DESCRIPTION.groups.slice(1) }
  await expect(continueRecording(folder.path, fewer, 0)).rejects.toMatchObject({
    details: { field: 'groups', found: 'in (3), out (300)', expected: 'out (300)' },
  })
  expectSameBits(await read(folder.path), SEGMENTS)
})

test('one process at a time writes to a recording', async () => {
  await using folder = await temporaryFolder()
  const recorder = await startRecording(folder.path, DESCRIPTION)
  for (const second of [
    () => startRecording(folder.path, DESCRIPTION),
    () => startRecording(folder.path, DESCRIPTION, { overwrite: true }),
    () => continueRecording(folder.path, DESCRIPTION, 0),
  ])
    await expect(second()).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
  await recorder.close()
  await (await continueRecording(folder.path, DESCRIPTION, 0)).close()
  expect(await readdir(folder.path)).toEqual(['in.spikes', 'manifest.json', 'out.spikes'])
})

test('with overwrite a recording is removed, and no other file', async () => {
  await using folder = await temporaryFolder()
  await record(folder.path)
  for (const name of ['notes.txt', 'mine.spikes', '.manifest.json.0c5a.tmp'])
    await writeFile(join(folder.path, name), 'x')
  const fewer = { ...DESCRIPTION, groups: DESCRIPTION.groups.slice(1) }
  await (await startRecording(folder.path, fewer, { overwrite: true })).close()
  expect(await readdir(folder.path)).toEqual(['manifest.json', 'mine.spikes', 'notes.txt', 'out.spikes'])
  expect(await read(folder.path)).toEqual([])
  // A manifest of something else is not ours to remove.
  await writeFile(join(folder.path, 'manifest.json'), '{"name":"a web page"}')
  await expect(startRecording(folder.path, fewer, { overwrite: true })).rejects.toMatchObject({
    code: 'RECORDING_FORMAT',
  })
})

test('going on with no recording makes no folder', async () => {
  await using folder = await temporaryFolder()
  await expect(continueRecording(join(folder.path, 'none'), DESCRIPTION, 0)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  })
  expect(await readdir(folder.path)).toEqual([])
})

test('a damaged file is told with its name and the place', async () => {
  await using folder = await temporaryFolder()
  await record(folder.path)
  const file = join(folder.path, 'out.spikes')
  const whole = await readFile(file)
  const damage = async (at: number, expected: object) => {
    const bytes = Buffer.from(whole)
    bytes[at]! ^= 0x40
    await writeFile(file, bytes)
    await expect(read(folder.path)).rejects.toMatchObject({ code: 'FILE_DAMAGED', details: { file, ...expected } })
  }
  await damage(0, { field: 'byte 0', found: 'bytes that are no spike file' })
  await damage(4, { field: 'byte 0', found: 'version 65, expected 1' })
  await damage(33, { field: 'byte 0', found: 'a damaged header' })
  // The first block is empty and 32 bytes long, the second one has 70 spikes.
  await damage(72, { field: 'byte 72', found: 'bytes that begin no block' })
  await damage(72 + 40, { field: 'byte 72', found: 'a block with a wrong checksum' })
  // Without its second block: what follows is whole, but in the wrong place.
  const blockEnd = 72 + 32 + 70 * 8 + 144
  await writeFile(file, Buffer.concat([whole.subarray(0, 72), whole.subarray(blockEnd)]))
  const moved = { file, field: 'byte 72', found: 'block 2 in the place of block 1' }
  await expect(read(folder.path)).rejects.toMatchObject({ code: 'FILE_DAMAGED', details: moved })
  await writeFile(file, whole.subarray(0, 20))
  await expect(read(folder.path)).rejects.toMatchObject({ code: 'FILE_DAMAGED', details: { file } })
  await writeFile(join(folder.path, 'manifest.json'), '{}')
  await expect(read(folder.path)).rejects.toMatchObject({ code: 'RECORDING_FORMAT' })
  await expect(read(join(folder.path, 'none'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

const OWN: readonly [string, string, (path: string) => Promise<unknown>][] = [
  ['the file of a group', 'in.spikes', (path) => writeFile(path, 'mine')],
  ['a link with its name', 'in.spikes', (path) => symlink('/etc/hostname', path)],
  ['a link to nothing with its name', 'in.spikes', (path) => symlink('nowhere', path)],
  ['a pipe with its name', 'in.spikes', (path) => promisify(execFile)('mkfifo', [path])],
  ['a folder with its name', 'in.spikes', (path) => mkdir(path)],
  ['any other file', 'notes.txt', (path) => writeFile(path, '')],
]

test.each(OWN)('a folder with %s that is not of antidrome is refused by its name', async (_, name, make) => {
  await using folder = await temporaryFolder()
  await make(join(folder.path, name))
  const before = await lstat(join(folder.path, name))
  await expect(startRecording(folder.path, DESCRIPTION)).rejects.toMatchObject({
    code: 'FOLDER_NOT_EMPTY',
    details: { file: folder.path, field: name },
    message: expect.stringContaining('--overwrite'),
  })
  expect(await readdir(folder.path)).toEqual([name])
  expect(await lstat(join(folder.path, name))).toMatchObject({ ino: before.ino, size: before.size })
  if (before.isDirectory()) return
  await (await startRecording(folder.path, DESCRIPTION, { overwrite: true })).close()
  expect(await readdir(folder.path)).toEqual([...new Set(['in.spikes', 'manifest.json', name, 'out.spikes'])].sort())
})

test("checkpoints, other folders and what a killed process had begun are in nobody's way", async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'checkpoint-000001.antd'), '')
  await mkdir(join(folder.path, 'others'))
  await writeFile(join(folder.path, 'in.spikes'), encodeSpikeHeader({ group: 'in', size: 3 }))
  await writeFile(join(folder.path, 'out.spikes'), '')
  await record(folder.path)
  expectSameBits(await read(folder.path), SEGMENTS)
})

test('a group whose name is too long for a file is refused before anything is made', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'new')
  const groups = [{ name: 'g'.repeat(249), size: 1 }]
  await expect(startRecording(path, { identity: {}, groups })).rejects.toMatchObject({
    code: 'GROUP_NAME_LONG',
    details: {
      field: 'groups[0].name',
      found: 'a name of 249 characters',
      expected: expect.stringMatching(/^at most 248:/),
    },
  })
  expect(await readdir(folder.path)).toEqual([])
  await (await startRecording(path, { identity: {}, groups: [{ name: 'g'.repeat(248), size: 1 }] })).close()
})

test('a recording of which something is a pipe is no recording, and nobody waits for it', async () => {
  await using folder = await temporaryFolder()
  await record(folder.path)
  for (const name of ['in.spikes', 'manifest.json']) {
    await rm(join(folder.path, name))
    await promisify(execFile)('mkfifo', [join(folder.path, name)])
    await expect(read(folder.path)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      details: { file: join(folder.path, name) },
    })
  }
})

test('a file in the way of a folder is told by name', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'file'), '')
  await expect(startRecording(join(folder.path, 'file', 'x'), DESCRIPTION)).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE',
  })
})

/** The files that this process holds, each behind its number. */
async function openFiles(): Promise<readonly string[]> {
  const numbers = await readdir('/proc/self/fd')
  return Promise.all(
    numbers.map(async (number) => `${number} ${await readlink(join('/proc/self/fd', number)).catch(() => '')}`),
  )
}

test('nothing stays open of a recording that cannot be begun or gone on with', async () => {
  await using folder = await temporaryFolder()
  const before = await openFiles()
  const [taken, short] = [join(folder.path, 'taken'), join(folder.path, 'short')]
  // The first file is whole, the second one cannot be made.
  await mkdir(join(taken, 'out.spikes'), { recursive: true })
  await expect(startRecording(taken, DESCRIPTION, { overwrite: true })).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE',
    details: { file: join(taken, 'out.spikes') },
  })
  await record(short)
  await truncate(join(short, 'out.spikes'), 72)
  await expect(continueRecording(short, DESCRIPTION, 8)).rejects.toMatchObject({ code: 'RECORDING_SHORT' })
  expect((await openFiles()).filter((file) => file.includes(folder.path) && !before.includes(file))).toEqual([])
})
