export type { Lease } from '../storage/checkpoint/lease.js'

/** Who holds a lease, for people. */
export interface LeaseHolder {
  readonly name: string
  readonly machine: string
  /** Since when, as people write it; for example 2024-05-01T12:00:00Z. */
  readonly since: string
}
