import { InputError } from '../../events/errors.js'
import { type Readers, recordOf } from '../../network/reading/read-fields.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { instanceOf, readRecord, readString } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import { parseIdx } from '../idx/parse-idx.js'

/** Grey images with their classes. */
export interface LabelledImages {
  readonly size: number
  readonly rows: number
  readonly columns: number
  /** 0 black to 255 white, row-major [image][row][column]. */
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** The images to train with, and those to test with. */
export interface ImageSplits {
  readonly train: LabelledImages
  readonly test: LabelledImages
}

/** The bytes of a file, and its name for errors. */
export interface NamedBytes {
  readonly bytes: Uint8Array
  readonly file: string
}

const NAMED: Readers<NamedBytes> = {
  bytes: instanceOf(Uint8Array),
  file: readString,
}

/** Images, as far as their arrays are there; raises `InputError` FIELD_MISSING, FIELD_TYPE, SHAPE_MISMATCH. */
export function expectImages(value: LabelledImages, field: string): LabelledImages {
  const { size, rows, columns, pixels, labels } = readRecord(value, field)
  const [images, height, width] = [size, rows, columns].map((count, k) => {
    return integerFrom(0)(count, `${field}.${['size', 'rows', 'columns'][k]}`)
  }) as [number, number, number]
  const { length } = instanceOf(Uint8Array)(pixels, `${field}.pixels`)
  const expected = images * height * width
  if (length !== expected) throw wrongShape(`${field}.pixels`, `${length} pixels`, `${expected}`)
  const count = instanceOf(Uint8Array)(labels, `${field}.labels`).length
  if (count !== images) throw wrongShape(`${field}.labels`, `${count} labels`, `${images}, one per image`)
  return value
}

/**
 * Images and labels of two IDX files.
 *
 * Raises `InputError` IDX_MAGIC, IDX_SIZE, IDX_COUNT if there is not one label per image, LABEL_OUT_OF_RANGE.
 */
export function parseLabelledImages(images: NamedBytes, labels: NamedBytes, classes: number): LabelledImages {
  const named = recordOf(NAMED)
  const pixelFile = named(images, 'images')
  const labelFile = named(labels, 'labels')
  integerFrom(1)(classes, 'classes')
  const { shape, values: pixels } = parseIdx(pixelFile.bytes, 3, pixelFile.file)
  const { values } = parseIdx(labelFile.bytes, 1, labelFile.file)
  const [size = 0, rows = 0, columns = 0] = shape
  if (values.length !== size) {
    throw new InputError({
      code: 'IDX_COUNT',
      file: labels.file,
      field: 'labels',
      found: `${values.length} labels`,
      expected: `${size}, one per image of ${images.file}`,
    })
  }
  requireLabels(values, classes, labels.file)
  return { size, rows, columns, pixels, labels: values }
}

/** Raises `InputError` LABEL_OUT_OF_RANGE unless every label is a class. */
export function requireLabels(labels: Uint8Array, classes: number, file?: string): void {
  const index = labels.findIndex((label) => label >= classes)
  if (index < 0) return
  throw new InputError({
    code: 'LABEL_OUT_OF_RANGE',
    ...(file === undefined ? {} : { file }),
    field: `labels[${index}]`,
    found: String(labels[index]),
    expected: `a class from 0 to ${classes - 1}`,
  })
}

/** Some of the images, in their order: views, not copies. */
export function imagesBetween(images: LabelledImages, start: number, end: number): LabelledImages {
  const { rows, columns, pixels, labels } = images
  const area = rows * columns
  return {
    size: end - start,
    rows,
    columns,
    pixels: pixels.subarray(start * area, end * area),
    labels: labels.subarray(start, end),
  }
}
