import { basename, join } from 'node:path'
import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { mapOf, partOf, type Readers } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { readRecord, readString } from '../../network/reading/read-value.js'
import { readUserName } from '../../network/validation/read-user-name.js'
import { hasCode } from '../has-code.js'
import { readTextWithin } from '../read-text.js'

export const MANIFEST = 'manifest.json'
const FORMAT = 'antidrome-recording'
const VERSION = 1

export interface RecordedGroup {
  readonly name: string
  readonly size: number
}

/** What a recording is of: everything on which its spikes depend, as texts by name, and the groups it shows. */
export interface RecordingDescription {
  readonly identity: Readonly<Record<string, string>>
  readonly groups: readonly RecordedGroup[]
}

const READERS: Readers<RecordingDescription> = { identity: mapOf(readString), groups: listOf(readGroup) }

/** What a recording is to be of, maybe another recording; raises `InputError` FIELD_MISSING, FIELD_TYPE, RECORDING_FORMAT. */
export function plainDescription(given: unknown): RecordingDescription {
  return partOf(READERS)(given, 'description')
}

/** In bytes, as most file systems have it. */
const LONGEST_FILE_NAME = 255

/** Raises `InputError` GROUP_NAME_LONG for a group whose file in the folder of a recording could have no such name. */
export function requireFileNames(folder: string, { groups }: RecordingDescription): void {
  for (const [k, { name }] of groups.entries()) {
    const excess = Buffer.byteLength(basename(spikeFileOf(folder, name))) - LONGEST_FILE_NAME
    if (excess <= 0) continue
    const longest = Buffer.byteLength(name) - excess
    throw new InputError({
      code: 'GROUP_NAME_LONG',
      file: spikeFileOf(folder, name),
      field: `groups[${k}].name`,
      found: `a name of ${longest + excess} characters`,
      expected: `at most ${longest}: the spikes of a group are in a file of its name`,
      remedy: 'Give the group a shorter name, or record others.',
    })
  }
}

const SPIKES = '.spikes'

/** The file of a group in the folder of a recording. */
export function spikeFileOf(folder: string, group: string): string {
  return join(folder, `${group}${SPIKES}`)
}

/** Whether a recording writes a file of this name to its folder. */
export function isFileOfRecording(name: string): boolean {
  return name === MANIFEST || name.endsWith(SPIKES)
}

export function formatManifest({ identity, groups }: RecordingDescription): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, identity, groups }, null, 2)}\n`
}

/** Raises `InputError` with file, place, found and expected: FILE_UNREADABLE, RECORDING_FORMAT and those of fields. */
export async function readManifest(folder: string): Promise<RecordingDescription> {
  const file = join(folder, MANIFEST)
  const text = await readTextWithin(file).catch((error: unknown) => {
    throw error instanceof InputError && hasCode(error.cause, 'ENOENT', 'ENOTDIR') ? noRecording(folder, error) : error
  })
  return readingFile(file, () => {
    const record = readRecord(parseJson(text), '$')
    if (record.format !== FORMAT || record.version !== VERSION) {
      const found = `${describeValue(record.format)}, version ${describeValue(record.version)}`
      throw new InputError({
        code: 'RECORDING_FORMAT',
        field: 'format',
        found,
        expected: `"${FORMAT}", version ${VERSION}`,
      })
    }
    return partOf(READERS)(record, '$')
  })
}

function noRecording(folder: string, cause: InputError): InputError {
  return new InputError({
    code: 'FILE_UNREADABLE',
    file: folder,
    field: MANIFEST,
    found: cause.mistake.found,
    expected: 'the folder of a recording, in which there is one',
    remedy: 'Give the folder that simulate --out has written.',
    cause,
  })
}

function readGroup(value: unknown, field: string): RecordedGroup {
  const { name, size } = readRecord(value, field)
  readUserName(name, `${field}.name`)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1)
    throw new InputError({
      code: 'RECORDING_FORMAT',
      field: `${field}.size`,
      found: String(size),
      expected: 'a size from 1',
    })
  return { name: String(name), size }
}
