/** Places in an array of a shape, such as `[height, width]`. */
export function shapeSize(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1)
}
