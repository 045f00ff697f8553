import type { LeaseTable } from './lease-table.js'
import type { Patience } from './patiently.js'
import type { RendezvousStatus } from './rendezvous.js'
import type { RendezvousNumbers } from './rendezvous-numbers.js'

/** What one holder of a lease needs. */
export interface LeaseSetup extends Patience {
  readonly table: LeaseTable
  readonly numbers: RendezvousNumbers
  /** Tells the new holder from every other. */
  readonly token: string
  report(status: RendezvousStatus): void
}
