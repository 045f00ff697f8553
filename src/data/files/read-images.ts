import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { InputError } from '../../events/errors.js'
import { messageOf } from '../../events/message-of.js'
import { type Readers, recordOf } from '../../network/reading/read-fields.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { readString } from '../../network/reading/read-value.js'
import { type ImageSplits, type NamedBytes, parseLabelledImages } from '../images/labelled-images.js'
import { bytesIfAny } from './read-bytes.js'

/** Where the files of an image task can be had. */
export interface ImageSource {
  readonly classes: number
  /** How to get the files, as a sentence. */
  readonly remedy: string
}

const READERS: Readers<ImageSource> = { classes: integerFrom(1), remedy: readString }

const unpack = promisify(gunzip)

/**
 * Reads the four IDX files of MNIST or of a data set in its form from a folder: `train-images-idx3-ubyte`,
 * `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, each also with `.` for the second
 * hyphen, plain or with `.gz`.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_DAMAGED, and those of `parseLabelledImages`.
 */
export async function readImages(folder: string, given: ImageSource): Promise<ImageSplits> {
  readString(folder, 'folder')
  const source = recordOf(READERS)(given, 'source')
  const split = async (name: string) => {
    // One after the other: of several that are missing, the first is named.
    const images = await readIdx(folder, `${name}-images`, 'idx3-ubyte', source)
    const labels = await readIdx(folder, `${name}-labels`, 'idx1-ubyte', source)
    return parseLabelledImages(images, labels, source.classes)
  }
  return { train: await split('train'), test: await split('t10k') }
}

async function readIdx(folder: string, name: string, ending: string, { remedy }: ImageSource): Promise<NamedBytes> {
  const plain = [`${name}-${ending}`, `${name}.${ending}`]
  const candidates = [...plain, ...plain.map((file) => `${file}.gz`)]
  for (const candidate of candidates) {
    const file = join(folder, candidate)
    const bytes = await bytesIfAny(file)
    if (bytes !== null) return { file, bytes: isPacked(bytes) ? await unpacked(file, bytes) : bytes }
  }
  throw new InputError({
    code: 'DATA_FILE_MISSING',
    file: join(folder, candidates[0] as string),
    field: 'file',
    found: 'no such file',
    expected: `one of ${candidates.join(', ')}`,
    remedy,
  })
}

/** Whatever the name says, packed files begin with two bytes that no IDX file begins with. */
function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

async function unpacked(file: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await unpack(bytes)
  } catch (cause) {
    throw new InputError({
      code: 'DATA_FILE_DAMAGED',
      file,
      field: 'gzip',
      found: messageOf(cause),
      expected: 'a complete gzip file',
      remedy: 'Fetch the file again.',
      cause,
    })
  }
}
