import { InputError } from '../../../events/errors.js'
import { wrongFormat } from '../../recordings/file-errors.js'
import { openZip } from './open-zip.js'
import { type NpyArray, parseNpy } from './parse-npy.js'

/** The arrays of an archive of NumPy, by name. */
export interface NpzArrays {
  readonly file: string
  readonly names: readonly string[]
  /** The numbers of an array of one dimension. Raises `InputError` DATA_FILE_FORMAT, SHAPE_MISMATCH. */
  numbers(name: string, length?: number, what?: string): Float64Array
  /** Its numbers or texts; one value that is no array stands for one of length 1. */
  list(name: string, length?: number, what?: string): readonly (number | string)[]
}

const ENDING = '.npy'

/** All arrays of an archive. Raises `InputError` DATA_FILE_FORMAT, DATA_FILE_DAMAGED. */
export async function openNpz(bytes: Uint8Array, file: string): Promise<NpzArrays> {
  const arrays = new Map<string, NpyArray>()
  for (const entry of openZip(bytes, file)) {
    if (!entry.name.endsWith(ENDING))
      throw wrongFormat(
        { file, field: 'zip', found: `an entry ${JSON.stringify(entry.name)}` },
        'arrays NAME.npy alone',
      )
    const name = entry.name.slice(0, -ENDING.length)
    if (arrays.has(name)) throw wrongFormat({ file, field: name, found: 'two arrays of this name' }, 'one')
    arrays.set(name, parseNpy(await entry.read(), { file, field: name }))
  }
  const contentOf = (name: string, length: number | undefined, what: string) => {
    const { shape, content } = arrays.get(name) as NpyArray
    const [found] = shape
    const expected = length === undefined ? 'one dimension' : `(${length},), ${what}`
    const isOne = length === 1 && shape.length === 0
    if (isOne || (shape.length === 1 && (length === undefined || found === length))) return content
    throw new InputError({
      ...{ code: 'SHAPE_MISMATCH', file, field: name, found: `shape (${shape.join(', ')})`, expected },
      remedy: shape.length === 1 ? 'Save as many values in both.' : 'Save it with one dimension: array.ravel().',
    })
  }
  return {
    file,
    names: [...arrays.keys()],
    numbers: (name, length, what = '') => {
      const content = contentOf(name, length, what)
      if (content.kind === 'numbers') return content.values
      throw wrongFormat({ file, field: name, found: 'texts' }, 'numbers')
    },
    list: (name, length, what = '') => {
      const content = contentOf(name, length, what)
      if (content.kind === 'texts') return content.values
      const wrong = content.values.findIndex((value) => !Number.isFinite(value))
      if (wrong < 0) return Array.from(content.values)
      const found = String(content.values[wrong])
      throw new InputError({
        ...{ code: 'NUMBER_NOT_FINITE', file, field: `${name}[${wrong}]`, found, expected: 'a finite number' },
        remedy: 'Mend the value, or leave the recording out.',
      })
    },
  }
}
