/** The right to act for a name, such as to write its checkpoints, which one at most has until it is disposed of. */
export interface Lease extends AsyncDisposable {
  readonly name: string
  /** Larger than that of every holder before. */
  readonly epoch: number
  /**
   * Resolves with `RunError` LEASE_LOST once another process has taken it. While the server is away, the lease is not
   * lost as long as no other process takes it.
   */
  readonly lost: Promise<Error>
  /**
   * Asks whether it is still held: rejects with `RunError` LEASE_LOST, or RENDEZVOUS_… if the server cannot be asked.
   */
  confirm(): Promise<void>
}

/** Takes the lease of a name. Raises `RunError` LEASE_HELD, with who holds it. */
export type TakeLease = (name: string) => Promise<Lease>

/** Aborted, with the reason, once another process has taken a lease; null where there is none. */
export function lossOf(lease: Lease | null): AbortSignal | null {
  if (lease === null) return null
  const lost = new AbortController()
  void lease.lost.then((reason) => lost.abort(reason))
  return lost.signal
}
