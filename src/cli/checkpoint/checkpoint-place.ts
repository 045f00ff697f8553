import { join, resolve } from 'node:path'
import { InputError } from '../../events/errors.js'
import { someText } from '../../network/reading/flag-values.js'

/** A folder of this machine that keeps checkpoints. */
interface FolderPlace {
  readonly kind: 'folder'
  readonly path: string
}

/** Objects in a bucket that a server keeps for many machines. */
export interface ObjectPlace {
  readonly kind: 'object'
  readonly bucket: string
  /** Of the names of the objects; null: as the run is named. */
  readonly prefix: string | null
}

/** Where checkpoints are kept. */
export type CheckpointPlace = FolderPlace | ObjectPlace

const SCHEME = 'object:'
const BUCKET = /^[-\w]+$/
const PREFIX = /^[-\w]+(?:\.[-\w]+)*(?:\/[-\w]+(?:\.[-\w]+)*)*$/

const EXPECTED =
  'object:BUCKET or object:BUCKET/PREFIX, of letters, digits, "_" and "-"; in PREFIX "." and "/" between them, too'

/** A parser of places for checkpoints. */
export function checkpointPlace(flag: string): (text: string) => CheckpointPlace {
  const some = someText(flag, 'a folder')
  return (text) => {
    if (!text.startsWith(SCHEME)) return { kind: 'folder', path: some(text) }
    const [bucket = '', ...rest] = text.slice(SCHEME.length).split('/')
    const prefix = rest.length === 0 ? null : rest.join('/')
    if (!BUCKET.test(bucket) || (prefix !== null && !PREFIX.test(prefix))) throw wrongPlace(flag, JSON.stringify(text))
    return { kind: 'object', bucket, prefix }
  }
}

/** As it stands on a command line. */
export function formatPlace(place: CheckpointPlace): string {
  if (place.kind === 'folder') return place.path
  const { bucket, prefix } = place
  return `${SCHEME}${bucket}${prefix === null ? '' : `/${prefix}`}`
}

/**
 * The place of the checkpoints of a run, with a prefix if it needs one.
 *
 * Raises `InputError` FLAG_VALUE for a name that is none.
 */
export function placeOfRun<Place extends CheckpointPlace>(place: Place, run: string): Place {
  if (place.kind === 'folder' || place.prefix !== null) return place
  if (PREFIX.test(run)) return { ...place, prefix: run }
  throw wrongPlace('--checkpoint', `the name of the run, ${JSON.stringify(run)}, as PREFIX`)
}

/** The place of one seed among several. */
export function placeOfSeed(place: CheckpointPlace, seed: number): CheckpointPlace {
  return placeBelow(place, `seed-${seed}`)
}

/** A place among several, in a folder or behind a prefix of its own. */
export function placeBelow(place: CheckpointPlace, below: string): CheckpointPlace {
  if (place.kind === 'folder') return { kind: 'folder', path: join(place.path, below) }
  return { ...place, prefix: place.prefix === null ? below : `${place.prefix}/${below}` }
}

/** Whether checkpoints of the one are those of the other. */
export function isSamePlace(a: CheckpointPlace, b: CheckpointPlace): boolean {
  if (a.kind === 'folder' || b.kind === 'folder')
    return a.kind === 'folder' && b.kind === 'folder' && resolve(a.path) === resolve(b.path)
  return a.bucket === b.bucket && a.prefix === b.prefix
}

/** The path of a folder that a command fills; undefined for what lies elsewhere, and for none. */
export function folderOf(place: CheckpointPlace | undefined): string | undefined {
  return place?.kind === 'folder' ? place.path : undefined
}

function wrongPlace(flag: string, found: string): InputError {
  return new InputError({ code: 'FLAG_VALUE', field: flag, found, expected: EXPECTED })
}
