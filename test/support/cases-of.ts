/** How many cases a law is tried on, by `npm test` and by `npm run test:long`. */
export interface Cases {
  readonly short: number
  readonly long: number
}

/** The number for the run that goes on. Both runs cover the same kinds of cases; the long one has more of each. */
export function casesOf({ short, long }: Cases): number {
  return isLong() ? long : short
}

/** Whether this is `npm run test:long`, which is vitest's `--mode long`. */
export function isLong(): boolean {
  return process.env.MODE === 'long'
}
