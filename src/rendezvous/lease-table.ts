import type { LeaseHolder } from './lease.js'

/** What the table of leases says of one that is held. */
export interface LeaseRecord {
  /** Tells this holder from every other. */
  readonly token: string
  /** Null in the entry by which the lease was taken: there it is the revision. */
  readonly epoch: number | null
  readonly holder: LeaseHolder
}

export interface LeaseEntry {
  /** Of the last change; 0: there has been none. Revisions only grow. */
  readonly revision: number
  /** Null: free. */
  readonly record: LeaseRecord | null
}

/**
 * Entries that are changed by compare and set. Both reject where the server cannot be reached; a change may then still have
 * been made.
 */
export interface LeaseTable {
  read(name: string): Promise<LeaseEntry>
  /** Changes an entry if its revision is the given one, and returns the new one; null if it is another. */
  write(name: string, record: LeaseRecord | null, revision: number): Promise<number | null>
}

/** Null of a lease without a holder. */
export function epochIn({ revision, record }: LeaseEntry): number | null {
  return record === null ? null : (record.epoch ?? revision)
}
