import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { reading } from './file-bytes.js'
import { missing } from './labelled-files.js'

/** How names of HDF5 files end, in small letters. */
export const HDF5_ENDINGS: readonly string[] = ['.h5', '.hdf5']

/**
 * The HDF5 files at a path: the file, or those in a folder, by name.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE.
 */
export function hdf5Files(path: string): readonly string[] {
  if (!reading(path, () => statSync(path)).isDirectory()) return [path]
  const names = reading(path, () => readdirSync(path)).filter((name) =>
    HDF5_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending)),
  )
  if (names.length > 0) return names.sort().map((name) => join(path, name))
  throw missing(path, `files with the ending ${HDF5_ENDINGS.join(' or ')}`)
}
