import { InputError } from '../../events/errors.js'
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

/**
 * Images and labels of two IDX files.
 *
 * Raises `InputError` IDX_MAGIC, IDX_SIZE, IDX_COUNT if there is not one label per image, LABEL_OUT_OF_RANGE.
 */
export function parseLabelledImages(images: NamedBytes, labels: NamedBytes, classes: number): LabelledImages {
  const { shape, values: pixels } = parseIdx(images.bytes, 3, images.file)
  const { values } = parseIdx(labels.bytes, 1, labels.file)
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
