import { damagedFile, wrongFormat } from '../file-errors.js'
import { type Camera, isExtent } from './camera.js'

/** The camera that a header tells of, by texts of width and height. Raises `InputError` DATA_FILE_DAMAGED, DATA_FILE_FORMAT. */
export function headerCamera(file: string, width: string | undefined, height: string | undefined): Camera {
  if (width === undefined || height === undefined) {
    const remedy = 'Say the size of the camera as the option size, [height, width].'
    throw wrongFormat({ file, field: 'header', found: 'no size of the camera' }, 'its width and height', remedy)
  }
  return { width: extentOf(file, 'width', width), height: extentOf(file, 'height', height) }
}

function extentOf(file: string, name: string, text: string): number {
  const extent = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (isExtent(extent)) return extent
  throw damagedFile({ file, field: `header, ${name}`, found: JSON.stringify(text) }, 'a number of pixels')
}
