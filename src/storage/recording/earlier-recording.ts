import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../events/errors.js'
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

/** Raises `InputError` RECORDING_EXISTS for a folder with a recording, or with spikes of the groups of a new one. */
export async function requireNoRecording(path: string, { groups }: RecordingDescription): Promise<void> {
  const found = (await holdsRecording(path)) ? MANIFEST : (await holdsBlocks(path, groups)) ? 'spikes' : null
  if (found === null) return
  throw new InputError({
    code: 'RECORDING_EXISTS',
    file: path,
    field: found,
    found: 'a recording',
    expected: 'a folder without one',
    remedy: 'Choose another folder, or replace the recording with --overwrite.',
  })
}

/** Removes a recording, if there is one, and no other file. Raises `InputError` for a manifest that is not of a recording. */
export async function removeRecording(path: string): Promise<void> {
  if (!(await holdsRecording(path))) return
  const { groups } = await readManifest(path)
  // The manifest last: without it nobody knows what the others are.
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
