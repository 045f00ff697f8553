/** The pictures of a camera, one per polarity; channels are a single row of one. */
export interface Plane {
  readonly polarities: number
  readonly height: number
  readonly width: number
}

/** Of a shape `[channels]` or `[polarities, height, width]`, which a unit is the row-major number in. */
export function planeOf(shape: readonly number[]): Plane {
  const [polarities = 1, height = 1, width = 1] = shape.length === 3 ? shape : [1, 1, ...shape]
  return { polarities, height, width }
}
