/** A distribution to draw initial values from; value i is a pure function of (seed, key, i). */
export type Initializer =
  | { readonly distribution: 'constant'; readonly value: number }
  | { readonly distribution: 'normal'; readonly mean: number; readonly std: number }
  | { readonly distribution: 'uniform'; readonly low: number; readonly high: number }

/** The same value everywhere. */
export function constant(value: number): Initializer {
  return Object.freeze({ distribution: 'constant', value })
}

/** Normal variates: mean + std · z, z standard normal; std >= 0. */
export function normal(mean: number, std: number): Initializer {
  return Object.freeze({ distribution: 'normal', mean, std })
}

/** Uniform variates: low + (high - low) · u, u uniform on [0, 1); low <= high. */
export function uniform(low: number, high: number): Initializer {
  return Object.freeze({ distribution: 'uniform', low, high })
}
