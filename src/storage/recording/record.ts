/// <reference lib="esnext.disposable" preserve="true" />
import { join } from 'node:path'
import { entryOf } from '../../events/by-name.js'
import { InputError, InternalError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { readOptions } from '../../network/reading/read-fields.js'
import { readBoolean, readRecord, readString } from '../../network/reading/read-value.js'
import { wrongType } from '../../network/reading/wrong-value.js'
import type { EarlierWork } from '../earlier-work.js'
import { firstMismatch } from '../first-mismatch.js'
import { type FolderLock, openLocked } from '../lock/lock-folder.js'
import { continueSpikeFile, createSpikeFile, type SpikeFileWriter } from '../spike-file/write-spike-file.js'
import { removeDrafts, writeAtomically } from '../write-atomically.js'
import { removeRecording, requireNoRecording } from './earlier-recording.js'
import {
  formatManifest,
  MANIFEST,
  plainDescription,
  type RecordingDescription,
  readManifest,
  requireFileNames,
  spikeFileOf,
} from './recording-manifest.js'

/** What happened in one segment of a run. */
export interface RecordedSegment {
  readonly window: Window
  /** Per recorded group, one trial. */
  readonly spikes: Readonly<Record<string, SpikeTrains>>
}

/** Writes the spikes of a run to a folder as they come. */
export interface Recorder extends AsyncDisposable {
  readonly path: string
  /**
   * Adds a segment, which begins where the last one ended.
   *
   * Raises `RunError` FILE_UNWRITABLE, also if the disk is full; what was written before stays readable.
   */
  append(segment: RecordedSegment): Promise<void>
  /** Resolves once every segment so far is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/**
 * Starts a recording in a folder that is new or empty, and locks it until it is closed. With `overwrite` a recording that is
 * there is removed, files with the names of those of the recording are replaced, and all others stay.
 *
 * Raises `InputError` FOLDER_IN_USE, RECORDING_EXISTS, FOLDER_NOT_EMPTY, and GROUP_NAME_LONG for a group whose name is none
 * for a file; `RunError` FILE_UNWRITABLE.
 *
 * @example
 * await using recorder = await startRecording('recordings/first', { identity: { seed: '7' }, groups: [{ name: 'out', size: 3 }] })
 * for await (const segment of session.stream({ until: 60_000 })) await recorder.append(segment)
 */
export async function startRecording(
  path: string,
  given: RecordingDescription,
  options: Pick<EarlierWork, 'overwrite'> = {},
): Promise<Recorder> {
  readString(path, 'path')
  const description = plainDescription(given)
  requireFileNames(path, description)
  const { overwrite = false } = readOptions<Pick<EarlierWork, 'overwrite'>>(options, { overwrite: readBoolean })
  return openLocked(path, 'recording', async (lock) => {
    await removeDrafts(path, [`${MANIFEST}.`])
    await (overwrite ? removeRecording(path) : requireNoRecording(path, description))
    const files = await openAll(
      description,
      ({ name, size }) => createSpikeFile(spikeFileOf(path, name), { group: name, size }),
      // Last, so that a folder with a manifest has all of its files.
      () => writeAtomically(join(path, MANIFEST), formatManifest(description)),
    )
    return createRecorder(path, files, lock)
  })
}

/**
 * Resumes a recording at `time` ms, where one of its segments ended: what lies beyond is cut off. The folder is locked
 * until the recorder is closed.
 *
 * Raises `InputError` RECORDING_MISMATCH for a recording of something else, with both values, RECORDING_SHORT for one that
 * has not come so far, FOLDER_IN_USE, and those of files that cannot be read; `RunError` FILE_UNWRITABLE.
 */
export async function continueRecording(path: string, given: RecordingDescription, time: number): Promise<Recorder> {
  readString(path, 'path')
  const description = plainDescription(given)
  if (!(typeof time === 'number' && time >= 0)) throw wrongType(time, 'time', 'a time from 0 ms')
  // Before a folder is made that has none.
  await readManifest(path)
  return openLocked(path, 'recording', async (lock) => {
    requireSame(join(path, MANIFEST), await readManifest(path), description)
    const files = await openAll(description, ({ name }) => continueSpikeFile(spikeFileOf(path, name), time))
    return createRecorder(path, files, lock)
  })
}

type SpikeFiles = ReadonlyMap<string, SpikeFileWriter>

/** Opens the files of all groups, then does what is left to do; if any of it fails, no file stays open. */
async function openAll(
  { groups }: RecordingDescription,
  openFile: (group: RecordingDescription['groups'][number]) => Promise<SpikeFileWriter>,
  finish: () => Promise<void> = async () => undefined,
): Promise<SpikeFiles> {
  const files = new Map<string, SpikeFileWriter>()
  try {
    for (const group of groups) files.set(group.name, await openFile(group))
    await finish()
    return files
  } catch (error) {
    for (const file of files.values()) await file.close()
    throw error
  }
}

function createRecorder(path: string, files: SpikeFiles, { release }: FolderLock): Recorder {
  const close = async () => {
    try {
      for (const file of files.values()) await file.close()
    } finally {
      await release()
    }
  }
  return {
    path,
    async append(segment) {
      const { window, spikes } = expectSegment(segment)
      for (const [group, file] of files) {
        const trains = entryOf(spikes, group)
        if (trains === undefined) throw new InternalError(`A segment lacks the recorded group "${group}".`)
        await file.append(window, trains)
      }
    },
    async sync() {
      for (const file of files.values()) await file.sync()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function expectSegment(segment: RecordedSegment): RecordedSegment {
  const { window, spikes } = readRecord(segment, 'segment')
  readRecord(window, 'segment.window')
  readRecord(spikes, 'segment.spikes')
  return segment
}

function requireSame(file: string, found: RecordingDescription, expected: RecordingDescription): void {
  const textsOf = ({ identity, groups }: RecordingDescription): Readonly<Record<string, string>> => {
    return { ...identity, groups: groups.map(({ name, size }) => `${name} (${size})`).join(', ') }
  }
  const mismatch = firstMismatch(textsOf(found), textsOf(expected))
  if (mismatch === null) return
  throw new InputError({
    code: 'RECORDING_MISMATCH',
    file,
    ...mismatch,
    remedy: 'Go on with the recording of this run, or choose another folder.',
  })
}
