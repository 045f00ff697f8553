/** A distribution to draw initial values from; value i is a pure function of (seed, key, i). */
export type Initializer =
  | { readonly distribution: 'constant'; readonly value: number }
  | { readonly distribution: 'normal'; readonly mean: number; readonly std: number }
  | { readonly distribution: 'uniform'; readonly low: number; readonly high: number }
