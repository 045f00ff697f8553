import { RunError } from '../events/errors.js'
import type { Clock } from '../streams/clock.js'
import { startWaiting, type Waiting } from '../streams/waiting.js'
import { createHeldLease } from './held-lease.js'
import type { Lease, LeaseHolder } from './lease.js'
import type { LeaseSetup } from './lease-setup.js'
import { epochIn, type LeaseEntry, type LeaseRecord } from './lease-table.js'
import { patiently, rest } from './patiently.js'

/**
 * Takes the lease of a name.
 *
 * Entries never expire by themselves. A holder changes its entry every few seconds; a process that wants the lease
 * watches the revision, and if it has not moved for one lease time *of its own clock*, in which it was awake, changes
 * the entry to its own, provided that the revision is still that one. So
 *
 * - no two clocks are compared, and neither the server's clock nor its restart ends a lease: a holder that finds its entry
 *   as it left it continues with its epoch, however long it could not reach the server;
 * - a holder and its successor cannot both succeed: each change names the revision it follows, and the successor's makes
 *   every later one of the holder fail, also one that was long in flight. That is how it learns of its loss;
 * - the epoch is the revision of the change by which the lease was taken. Revisions of a table that is kept on disk only
 *   grow, so it is larger than any before. (A key with a time to live would disappear with its epoch, and a process
 *   that finds it missing cannot tell whether another process held it meanwhile.)
 *
 * Deleting the table deletes the order of epochs, too.
 */
export async function takeLease(name: string, holder: LeaseHolder, setup: LeaseSetup): Promise<Lease> {
  const { table, clock, numbers, token } = setup
  const record: LeaseRecord = { token, epoch: null, holder }
  using watch = createWatch(clock, numbers.leaseTime)
  for (;;) {
    const isOver = watch.isOver()
    const entry = await patiently(() => table.read(name), setup)
    const epoch = epochIn(entry)
    // By a change whose reply was lost.
    if (epoch !== null && entry.record?.token === token) return hold(entry.revision, epoch)
    if (entry.record !== null && watch.hasMoved(entry)) throw heldBy(name, entry.record, entry)
    if (entry.record === null || isOver) {
      const revision = await patiently(() => table.write(name, record, entry.revision), setup)
      if (revision !== null) return hold(revision, revision)
      watch.see(entry)
      continue
    }
    watch.see(entry)
    await rest(clock, numbers.leasePoll)
  }

  function hold(revision: number, epoch: number): Lease {
    return createHeldLease(name, { revision, epoch, record }, setup)
  }
}

/** Watches an entry from when it is first seen. */
interface Watch extends Disposable {
  see(entry: LeaseEntry): void
  /** Whether it has been seen before with another revision. */
  hasMoved(entry: LeaseEntry): boolean
  /** Whether one lease time has passed since, of which this process was awake. */
  isOver(): boolean
}

function createWatch(clock: Clock, leaseTime: number): Watch {
  let seen: { readonly revision: number; readonly waiting: Waiting } | null = null
  return {
    see({ revision }) {
      seen ??= { revision, waiting: startWaiting(clock, leaseTime) }
    },
    hasMoved: ({ revision }) => seen !== null && seen.revision !== revision,
    isOver: () => seen?.waiting.isOver === true,
    [Symbol.dispose]: () => seen?.waiting[Symbol.dispose](),
  }
}

function heldBy(name: string, { holder }: LeaseRecord, entry: LeaseEntry): RunError {
  return new RunError({
    code: 'LEASE_HELD',
    message: `The lease of ${name} is held by ${holder.name} on ${holder.machine} since ${holder.since}.`,
    details: {
      lease: name,
      holder: holder.name,
      machine: holder.machine,
      since: holder.since,
      epoch: epochIn(entry) ?? 0,
    },
    remedy: 'Wait until it has ended, or choose another name.',
  })
}
