import type { InputError } from '../../../events/errors.js'
import { readList } from '../../../network/reading/read-list.js'
import { numberThat } from '../../../network/reading/read-number.js'
import type { Reader } from '../../../network/reading/read-value.js'
import { wrongShape } from '../../../network/reading/wrong-value.js'
import { wrongEventUnit } from '../file-errors.js'

/** The pixels of an event camera; each has two polarities, 0 for darker and 1 for brighter. */
export interface Camera {
  readonly width: number
  readonly height: number
}

/** Formats have at most 15 bits for a coordinate, and units of two polarities 31. */
const MOST_PIXELS = 32_767

/** Whether a camera may have this many pixels in a row or a column. */
export const isExtent = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MOST_PIXELS

const readExtent = numberThat({ expected: `an integer from 1 to ${MOST_PIXELS}`, holds: isExtent })

/** A camera, as `[height, width]`. Raises `InputError` FIELD_*, SHAPE_MISMATCH, OPTION_OUT_OF_RANGE. */
export const readSize: Reader<readonly [height: number, width: number]> = (value, field) => {
  const list = readList(value, field)
  if (list.length !== 2) throw wrongShape(field, `${list.length} values`, '[height, width]')
  return [readExtent(list[0], `${field}[0]`), readExtent(list[1], `${field}[1]`)]
}

/** What a unit is the number in: polarities, height, width. */
export function shapeOf({ width, height }: Camera): readonly [number, number, number] {
  return [2, height, width]
}

const REMEDY = 'The file is damaged, or of a camera of another size: then say size, as [height, width].'

/** The error for an event that is at no pixel: at a column or, if that exists, a row beyond the last. */
export function outsideCamera(file: string, field: string, x: number, y: number, camera: Camera): InputError {
  const [axis, found, size] = x < camera.width ? ['y', y, camera.height] : ['x', x, camera.width]
  return wrongEventUnit({ file, field, found: `an event at ${axis} ${found}` }, size as number, REMEDY)
}
