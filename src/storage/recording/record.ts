import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, InternalError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { firstMismatch } from '../first-mismatch.js'
import { makeFolder } from '../make-folder.js'
import { continueSpikeFile, createSpikeFile, type SpikeFileWriter } from '../spike-file/write-spike-file.js'
import { unwritable, writeAtomically } from '../write-atomically.js'
import { formatManifest, MANIFEST, type RecordingDescription, readManifest, spikeFileOf } from './recording-manifest.js'

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
 * Starts a recording in a new folder, or one without a recording.
 *
 * Raises `InputError` RECORDING_EXISTS; `RunError` FILE_UNWRITABLE.
 *
 * @example
 * await using recorder = await startRecording('recordings/first', { identity: { seed: '7' }, groups: [{ name: 'out', size: 3 }] })
 * for await (const segment of session.stream({ until: 60_000 })) await recorder.append(segment)
 */
export async function startRecording(path: string, description: RecordingDescription): Promise<Recorder> {
  if (await holdsRecording(path)) throw exists(path)
  await makeFolder(path).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
  const files = await openAll(description, ({ name, size }) =>
    createSpikeFile(spikeFileOf(path, name), { group: name, size }),
  )
  // Last, so that a folder with a manifest has all of its files.
  await writeAtomically(join(path, MANIFEST), formatManifest(description))
  return createRecorder(path, files)
}

/**
 * Goes on with a recording at `time` ms, where one of its segments ended: what lies beyond is cut off.
 *
 * Raises `InputError` RECORDING_MISMATCH for a recording of something else, with both values, RECORDING_SHORT for one that
 * has not come so far, and those of files that cannot be read; `RunError` FILE_UNWRITABLE.
 */
export async function continueRecording(
  path: string,
  description: RecordingDescription,
  time: number,
): Promise<Recorder> {
  requireSame(join(path, MANIFEST), await readManifest(path), description)
  const files = await openAll(description, ({ name }) => continueSpikeFile(spikeFileOf(path, name), time))
  return createRecorder(path, files)
}

/** Whether a folder has a recording in it. */
export async function holdsRecording(path: string): Promise<boolean> {
  return stat(join(path, MANIFEST)).then(
    () => true,
    () => false,
  )
}

type SpikeFiles = ReadonlyMap<string, SpikeFileWriter>

async function openAll(
  { groups }: RecordingDescription,
  openFile: (group: RecordingDescription['groups'][number]) => Promise<SpikeFileWriter>,
): Promise<SpikeFiles> {
  const files = new Map<string, SpikeFileWriter>()
  try {
    for (const group of groups) files.set(group.name, await openFile(group))
    return files
  } catch (error) {
    for (const file of files.values()) await file.close()
    throw error
  }
}

function createRecorder(path: string, files: SpikeFiles): Recorder {
  const close = async () => {
    for (const file of files.values()) await file.close()
  }
  return {
    path,
    async append({ window, spikes }) {
      for (const [group, file] of files) {
        const trains = spikes[group]
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

function exists(path: string): InputError {
  return new InputError({
    code: 'RECORDING_EXISTS',
    file: path,
    field: MANIFEST,
    found: 'a recording',
    expected: 'a folder without one',
    remedy: 'Choose another folder, or remove the recording.',
  })
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
