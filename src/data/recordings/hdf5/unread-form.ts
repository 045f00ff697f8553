import type { InputError } from '../../../events/errors.js'
import { type FilePlace, wrongFormat } from '../file-errors.js'

const REMEDY = 'Write the file again in that form, for instance by h5py, or by h5repack in.h5 out.h5.'

/** The error for an HDF5 file, or what is in it, of a form that is not read: DATA_FILE_FORMAT. */
export function unreadForm(place: FilePlace, expected: string, remedy = REMEDY): InputError {
  return wrongFormat(place, expected, remedy)
}
