/** Room for what a loss works out per unit of its group, used again from trial to trial. */
export interface UnitWorkspace {
  /** The entry of each unit's first spike. */
  readonly firsts: Int32Array
  /** What the softmax is taken of. */
  readonly scores: Float64Array
  /** What a prediction is chosen by, where that is not the score. */
  readonly rivals: Float64Array
  /** dL/d(score). */
  readonly slopes: Float64Array
}

export function createUnitWorkspace(size: number): UnitWorkspace {
  return {
    firsts: new Int32Array(size),
    scores: new Float64Array(size),
    rivals: new Float64Array(size),
    slopes: new Float64Array(size),
  }
}
