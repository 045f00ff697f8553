/** The gradient that a run has left in a kernel, in the places of its parameters. */
export interface KernelGradient {
  /** Of all parameters but the weights; what stands at the places of these may be old. */
  readonly butWeights: Float64Array
  /** Of all parameters. */
  whole(): Float64Array
  /** `whole` was written to. */
  changed(): void
  /** Per neuron the sum of (factor g)^2 over its weights of a projection, in their order; null where nobody keeps them. */
  squares(projection: number, factor: number): Float64Array | null
}

/** A gradient that lies in one vector. */
export function vectorGradient(vector: Float64Array): KernelGradient {
  return { butWeights: vector, whole: () => vector, changed: () => undefined, squares: () => null }
}
