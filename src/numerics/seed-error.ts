/** A seed that is not an integer from 0 to 2^53 - 1. */
export class SeedError extends RangeError {
  readonly code = 'SEED_INVALID'
  readonly seed: number

  constructor(seed: number) {
    super(`seed: found ${seed}, expected an integer from 0 to 2^53 - 1.`)
    this.name = 'SeedError'
    this.seed = seed
  }
}
