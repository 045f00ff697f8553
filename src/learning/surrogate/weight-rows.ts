import type { ProjectionValues } from '../../network/instance/instance.js'
import type { GridMemory } from './loops/grid-memory.js'

/** The weights from every unit to every target, and their gradients, by rows that a spike adds at once. */
export class WeightRows {
  /** [source][target] */
  readonly rows: Float32Array
  readonly gradients: Float32Array
  private readonly values: ProjectionValues
  private readonly lanes: number

  /** @param lanes of the target */
  constructor(values: ProjectionValues, lanes: number, memory: GridMemory) {
    this.values = values
    this.lanes = lanes
    this.rows = memory.floats(values.sourceSize * lanes)
    this.gradients = memory.floats(values.sourceSize * lanes)
  }

  /** The weights of a mini-batch, [target][source]; gradients are zero. */
  begin(weights: Float64Array): void {
    const { sourceSize, targetSize } = this.values
    const matrix = { rows: targetSize, columns: sourceSize }
    transpose(weights, this.rows, matrix, { from: sourceSize, to: this.lanes })
    this.gradients.fill(0)
  }

  /** dL/dw, [target][source]. */
  weightGradients(): Float64Array {
    const { sourceSize, targetSize, absent } = this.values
    const weights = new Float64Array(sourceSize * targetSize)
    const matrix = { rows: sourceSize, columns: targetSize }
    transpose(this.gradients, weights, matrix, { from: this.lanes, to: sourceSize })
    absent?.forEach((isAbsent, s) => {
      if (isAbsent !== 0) weights[s] = 0
    })
    return weights
  }
}

type Numbers = Float32Array | Float64Array

/** Squares of a matrix that are read row by row and written column by column while they are at hand. */
const TILE = 16

/** from[row][column] to to[column][row]; `strides` are the lengths of the rows of both. */
function transpose(
  from: Numbers,
  to: Numbers,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  strides: { readonly from: number; readonly to: number },
): void {
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(rows, top + TILE)
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(columns, left + TILE)
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++)
          to[column * strides.to + row] = from[row * strides.from + column] as number
    }
  }
}
