import { InputError } from '../../../events/errors.js'
import { wrongEventUnit } from '../../recordings/file-errors.js'
import { MOST_UNITS } from '../../recordings/recordings-description.js'
import { shapeSize } from '../../shape-size.js'

/** Where the events of a table are: in units, or at pixels of a camera. */
export type EventPlaces =
  | { readonly kind: 'units'; readonly units: ArrayLike<number> }
  | {
      readonly kind: 'pixels'
      readonly x: ArrayLike<number>
      readonly y: ArrayLike<number>
      /** Null: there is one alone. */
      readonly polarity: ArrayLike<number> | null
    }

/** The names of their columns. */
export type PlaceColumn = 'unit' | 'x' | 'y' | 'polarity'

/** The shape of the units, and the unit of each event. */
export interface PlacedEvents {
  readonly shape: readonly number[]
  readonly units: Uint32Array
}

/**
 * Places as units of the shape, or of the least that holds them.
 *
 * Raises `InputError` UNIT_OUT_OF_RANGE, SHAPE_MISMATCH.
 *
 * @param place of a number, for errors
 */
export function placeEvents(
  places: EventPlaces,
  shape: readonly number[] | undefined,
  { file, place }: { readonly file: string; place(column: PlaceColumn, event: number): string },
): PlacedEvents {
  const limit = (column: PlaceColumn, values: ArrayLike<number>, size: number | undefined): number => {
    let most = 0
    for (let k = 0; k < values.length; k++) {
      const value = values[k] as number
      if (!(Number.isInteger(value) && value >= 0 && value < (size ?? MOST_UNITS)))
        throw wrongEventUnit({ file, field: place(column, k), found: String(value) }, size ?? MOST_UNITS, REMEDY)
      if (value >= most) most = value + 1
    }
    return size ?? Math.max(1, most)
  }
  if (places.kind === 'units') {
    const size = limit('unit', places.units, shape && shapeSize(shape))
    return { shape: shape ?? [size], units: Uint32Array.from(places.units) }
  }
  if (shape !== undefined && shape.length !== 3)
    throw mismatch(file, `${shape.join(' x ')}, beside columns x and y`, '[polarities, height, width]')
  const { x, y, polarity } = places
  const width = limit('x', x, shape?.[2])
  const height = limit('y', y, shape?.[1])
  // A polarity that none of a few events has is there all the same.
  const polarities = polarity === null ? (shape?.[0] ?? 1) : limit('polarity', polarity, shape?.[0] ?? 2)
  if (polarities * height * width > MOST_UNITS)
    throw mismatch(file, `${polarities} x ${height} x ${width} units`, `${MOST_UNITS} at most`)
  const units = Uint32Array.from({ length: x.length }, (_, k) => {
    const row = (polarity === null ? 0 : (polarity[k] as number)) * height + (y[k] as number)
    return row * width + (x[k] as number)
  })
  return { shape: shape ?? [polarities, height, width], units }
}

const REMEDY = 'Give the option shape if there are more, or number them from 0.'

function mismatch(file: string, found: string, expected: string): InputError {
  const remedy = 'Give the option shape as the sensor has it, or leave it out.'
  return new InputError({ code: 'SHAPE_MISMATCH', file, field: 'shape', found, expected, remedy })
}
