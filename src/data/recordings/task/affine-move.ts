import { InputError } from '../../../events/errors.js'
import { cosPi } from '../../../numerics/cos-pi.js'
import type { Augmentation } from './augmentation-options.js'
import { planeOf } from './plane-of.js'

/** How a picture is moved about its centre, or a strip of channels along itself. */
export interface AffineMove {
  /** In channels or pixels. */
  readonly right: number
  readonly down: number
  /** In rad, from right to down. */
  readonly angle: number
  /** By which distances are multiplied. */
  readonly factor: number
}

const PICTURE_ONLY = ['rotation', 'zoom', 'translation'] as const

/** Raises `InputError` SHAPE_MISMATCH for what needs a picture, where there are channels alone. */
export function requirePicture(augment: Augmentation, shape: readonly number[]): void {
  const name = PICTURE_ONLY.find((each) => (augment[each] ?? 0) > 0)
  if (name === undefined || shape.length === 3) return
  throw new InputError({
    ...{ code: 'SHAPE_MISMATCH', field: `augment.${name}`, found: `recordings of shape [${shape.join(', ')}]` },
    expected: 'those of a camera, [polarities, height, width]',
    remedy: 'Leave it out, or use shift, which moves channels, too.',
  })
}

/**
 * Where a unit goes; -1 if it leaves.
 *
 *     x' = floor(cx + right + factor (cos(angle) (x - cx) - sin(angle) (y - cy)) + 1/2)
 *     y' = floor(cy + down  + factor (sin(angle) (x - cx) + cos(angle) (y - cy)) + 1/2)
 *
 * with the centre cx = (width - 1) / 2, cy = (height - 1) / 2: the nearest pixel, and of two the one to the right, or below.
 * Polarities stay. The same bits on every machine.
 */
export function affineMove(
  shape: readonly number[],
  { right, down, angle, factor }: AffineMove,
): (unit: number) => number {
  const { height, width } = planeOf(shape)
  const turn = angle / Math.PI
  const [along, across] = [factor * cosPi(turn), factor * cosPi(turn - 0.5)]
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2]
  const pixels = height * width
  return (unit) => {
    const pixel = unit % pixels
    const column = pixel % width
    const x = column - cx
    const y = (pixel - column) / width - cy
    const toColumn = Math.floor(cx + right + (along * x - across * y) + 0.5)
    const toRow = Math.floor(cy + down + (across * x + along * y) + 0.5)
    const isThere = toColumn >= 0 && toColumn < width && toRow >= 0 && toRow < height
    return isThere ? unit - pixel + toRow * width + toColumn : -1
  }
}
