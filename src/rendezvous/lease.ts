/** Who holds a lease, for people. */
export interface LeaseHolder {
  readonly name: string
  readonly machine: string
  /** Since when, as people write it; for example 2024-05-01T12:00:00Z. */
  readonly since: string
}

/** The right to act for a name, which one at most has. */
export interface Lease extends AsyncDisposable {
  readonly name: string
  /** Larger than that of every holder before. */
  readonly epoch: number
  /** Resolves with RunError LEASE_LOST when somebody else has taken it. A server that is away is no loss as long as nobody else takes it. */
  readonly lost: Promise<Error>
  /** Asks the server now; rejects with LEASE_LOST, or RENDEZVOUS_* if it cannot be asked. */
  confirm(): Promise<void>
}
