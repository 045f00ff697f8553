import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readRegular } from '../regular-file.js'

/** What a run is: `run.json` in its folder. Plain data. */
export interface RunRecord {
  readonly task: string
  readonly preset: string
  /** Of a task of the user's own: the file of its module, and the code that this and what it imports had. */
  readonly module?: { readonly path: string; readonly hash: string }
  /** Of a loss that a file has named: its module, the code that this had, and the group that it looks at. */
  readonly lossModule?: {
    readonly module: string
    readonly name: string
    readonly export: string
    readonly options: Readonly<Record<string, unknown>>
    readonly hash: string
    readonly group: string
  }
  /** The network file that it began with the parameters of, and the SHA-256 of that file. */
  readonly from?: { readonly path: string; readonly digest: string }
  /** What the command line said, by the names of its flags. */
  readonly flags: Readonly<Record<string, unknown>>
  /** Of what computed it. */
  readonly versions: Readonly<Record<string, string>>
  readonly seed?: number
  /** Of several trainings, each with a folder of its own in this one. */
  readonly seeds?: readonly number[]
  /** Of the device that it was trained or measured on, as options of a training, with the ranges of what is quantised. */
  readonly noise?: Readonly<Record<string, unknown>>
  /** Which formats of which chip are part of that, and which are not. */
  readonly formats?: Readonly<Record<string, unknown>>
  /** Everything on which its bits depend, as texts by name: runs that agree here are the same. */
  readonly identity: Readonly<Record<string, string>>
}

export const RUN_RECORD = 'run.json'
const FORMAT = 'antidrome-run'
const VERSION = 1
/** Characters of a text of the identity; of a longer one there is a hash. */
const LONGEST_TEXT = 200

export function formatRunRecord(record: RunRecord): string {
  const content = { format: FORMAT, version: VERSION, ...record, identity: shortened(record.identity) }
  // JSON knows no infinity, which a flag may be.
  const plain = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  return `${JSON.stringify(content, plain, 2)}\n`
}

/** The record in the folder of a run; null if there is none, or none of this version. */
export async function readRunRecord(folder: string): Promise<RunRecord | null> {
  try {
    const value = JSON.parse((await readRegular(join(folder, RUN_RECORD))).toString('utf8'))
    const isWhole =
      value.format === FORMAT &&
      value.version === VERSION &&
      typeof value.identity === 'object' &&
      value.identity !== null
    return isWhole ? (value as RunRecord) : null
  } catch {
    return null
  }
}

/** An identity as a record holds it. */
export function shortened(identity: RunRecord['identity']): RunRecord['identity'] {
  return Object.fromEntries(
    Object.entries(identity).map(([name, text]) => [name, text.length > LONGEST_TEXT ? hashOf(text) : text]),
  )
}

function hashOf(text: string): string {
  return `sha256 ${createHash('sha256').update(text).digest('hex')}`
}
