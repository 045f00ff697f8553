/** The right to write checkpoints to a store that many machines share, until it is disposed of. */
export interface CheckpointLease extends AsyncDisposable {
  readonly name: string
  /** Every later holder has a higher one. */
  readonly epoch: number
  /** Resolves with `RunError` LEASE_LOST once somebody else has taken it. */
  readonly lost: Promise<Error>
  /** Asks whether it is held still: rejects with `RunError` LEASE_LOST, or RENDEZVOUS_… if nobody can be asked. */
  confirm(): Promise<void>
}

/** Takes the lease of a name. Raises `RunError` LEASE_HELD, with who holds it. */
export type TakeLease = (name: string) => Promise<CheckpointLease>
