import type { Dirent } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InputError } from '../../events/errors.js'
import { isCheckpoint } from '../checkpoint/checkpoint-folder.js'
import { readRegular } from '../regular-file.js'
import { openSpikeFile } from '../spike-file/read-spike-file.js'
import { encodeSpikeHeader } from '../spike-file/spike-header.js'
import {
  MANIFEST,
  type RecordedGroup,
  type RecordingDescription,
  readManifest,
  spikeFileOf,
} from './recording-manifest.js'

/** Whether a folder has spikes of any segment in it, of a recording that was started there. */
export async function holdsSegments(path: string): Promise<boolean> {
  if (!(await isFile(join(path, MANIFEST)))) return false
  return holdsBlocks(path, (await readManifest(path)).groups)
}

/** Whether a folder has a recording in it, be it without any segment. */
export async function holdsRecording(path: string): Promise<boolean> {
  return isFile(join(path, MANIFEST))
}

/**
 * Raises `InputError` RECORDING_EXISTS for a folder with a recording, or with spikes of the groups of a new one;
 * FOLDER_NOT_EMPTY for one with files that are not of antidrome.
 */
export async function requireNoRecording(path: string, { groups }: RecordingDescription): Promise<void> {
  if (await holdsRecording(path)) throw recordingExists(path, MANIFEST)
  for (const { name } of groups) if (await holdsSpikes(spikeFileOf(path, name))) throw recordingExists(path, 'spikes')
  const entries = await readdir(path, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    if (await isForeign(path, entry, groups)) throw notEmpty(path, entry.name)
}

/** Whether an entry of a folder is not of antidrome; hidden files and other folders do no harm. */
async function isForeign(path: string, entry: Dirent, groups: readonly RecordedGroup[]): Promise<boolean> {
  const group = groups.find(({ name }) => entry.name === basename(spikeFileOf(path, name)))
  if (group === undefined) return !(entry.name.startsWith('.') || entry.isDirectory() || isCheckpoint(entry.name))
  return !(entry.isFile() && (await isBeginning(join(path, entry.name), group)))
}

/** Whether a file is no more than the beginning of a spike file, as a process that was killed leaves it. */
async function isBeginning(file: string, { name, size }: RecordedGroup): Promise<boolean> {
  const header = encodeSpikeHeader({ group: name, size })
  if ((await stat(file)).size > header.length) return false
  const bytes = await readRegular(file)
  return bytes.equals(header.subarray(0, bytes.length))
}

/** Whether a file is of a recording, and longer than its beginning. */
async function holdsSpikes(file: string): Promise<boolean> {
  try {
    await using reader = await openSpikeFile(file)
    return (await stat(file)).size > reader.start
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

function recordingExists(path: string, field: string): InputError {
  return new InputError({
    code: 'RECORDING_EXISTS',
    file: path,
    field,
    found: 'a recording',
    expected: 'a folder without one',
    remedy: 'Choose another folder, or replace the recording with --overwrite.',
  })
}

function notEmpty(path: string, name: string): InputError {
  return new InputError({
    code: 'FOLDER_NOT_EMPTY',
    file: path,
    field: name,
    found: 'something that is not of a recording',
    expected: 'a folder that is new or empty, or holds a recording',
    remedy: 'Choose another folder; with --overwrite files with the names of those of the recording are replaced.',
  })
}

/** Removes a recording, if there is one, and no other file. Raises `InputError` for a manifest that is not of a recording. */
export async function removeRecording(path: string): Promise<void> {
  if (!(await holdsRecording(path))) return
  const { groups } = await readManifest(path)
  // The manifest last: it says what the other files are.
  for (const { name } of groups) await rm(spikeFileOf(path, name), { force: true })
  await rm(join(path, MANIFEST), { force: true })
}

/** Whether a file of a group is longer than its beginning. */
async function holdsBlocks(path: string, groups: readonly RecordedGroup[]): Promise<boolean> {
  for (const { name, size } of groups) {
    const { length } = encodeSpikeHeader({ group: name, size })
    const found = await stat(spikeFileOf(path, name)).catch(() => null)
    if (found !== null && found.size > length) return true
  }
  return false
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
