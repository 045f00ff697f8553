/** The gradient events one projection, or the explicit term of a loss, sends back for a spike batch. */
export interface ProjectionAnswer {
  /** The projection's place in the network's list; Infinity for a loss. */
  readonly order: number
  /** One per spike of the batch. */
  readonly values: Float64Array
}

/** Sums what came back per spike: projections in file order, then the explicit term. */
export function sumAnswers(count: number, answers: readonly ProjectionAnswer[]): Float64Array {
  const total = new Float64Array(count)
  for (const { values } of [...answers].sort((a, b) => a.order - b.order))
    for (let k = 0; k < count; k++) total[k] = (total[k] as number) + (values[k] as number)
  return total
}
