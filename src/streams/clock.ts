/** Real time, handed in from outside: nothing here reads a clock of its own. */
export interface Clock {
  /** In ms, from any origin; never falls. */
  now(): number
  /** Calls `tick` every `ms` until the returned function is called. */
  every(ms: number, tick: () => void): () => void
}
