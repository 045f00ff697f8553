import { RunError } from '../events/errors.js'
import { messageOf } from '../events/message-of.js'
import { createOneAtATime } from '../events/one-at-a-time.js'
import type { Lease } from './lease.js'
import type { LeaseSetup } from './lease-setup.js'
import type { LeaseEntry, LeaseRecord } from './lease-table.js'
import { patiently } from './patiently.js'

/** A lease that was taken by the entry of this revision. */
export function createHeldLease(
  name: string,
  taken: { readonly revision: number; readonly epoch: number; readonly record: LeaseRecord },
  setup: LeaseSetup,
): Lease {
  const { table, clock, numbers, report } = setup
  const { epoch } = taken
  const record: LeaseRecord = { ...taken.record, epoch }
  let tellLoss: (loss: Error) => void = () => undefined
  const lost = new Promise<Error>((resolve) => {
    tellLoss = resolve
  })
  let { revision } = taken
  let loss: Error | null = null
  let isOver = false
  let isRenewing = false
  let isLate = false
  const { inTurn } = createOneAtATime()

  const stop = clock.every(numbers.renewal, () => {
    if (isRenewing) return
    isRenewing = true
    void inTurn(renew).then(renewed, notRenewed)
  })

  return {
    name,
    epoch,
    lost,
    confirm: () => patiently(() => inTurn(renew), setup),
    async [Symbol.asyncDispose]() {
      stop()
      await inTurn(async () => {
        if (isOver || loss !== null) return
        isOver = true
        // A lease that cannot be given back expires: another process takes it after one lease time.
        await table.write(name, null, revision).catch(() => null)
      })
    },
  }

  async function renew(): Promise<void> {
    for (;;) {
      if (loss !== null) throw loss
      if (isOver) throw lostLease(name, epoch, null)
      const written = await table.write(name, record, revision)
      if (written !== null) {
        revision = written
        return
      }
      // Perhaps by an earlier change of ours whose reply was lost; only a change that comes true shows that it is so.
      const entry = await table.read(name)
      if (entry.record?.token !== record.token) {
        stop()
        loss = lostLease(name, epoch, entry)
        tellLoss(loss)
        throw loss
      }
      revision = entry.revision
    }
  }

  function renewed(): void {
    isRenewing = false
    if (!isLate) return
    isLate = false
    report({ kind: 'lease-renewed', lease: name })
  }

  function notRenewed(error: unknown): void {
    isRenewing = false
    if (loss !== null || isOver || isLate) return
    isLate = true
    report({ kind: 'lease-unrenewed', lease: name, reason: messageOf(error) })
  }
}

function lostLease(name: string, epoch: number, entry: LeaseEntry | null): RunError {
  const holder = entry?.record?.holder
  const how =
    entry === null
      ? 'was given back'
      : holder === undefined
        ? 'was taken from us, and is free again'
        : `was taken by ${holder.name} on ${holder.machine}`
  return new RunError({
    code: 'LEASE_LOST',
    message: `The lease of ${name} (epoch ${epoch}) ${how}.`,
    details: { lease: name, epoch, ...(holder === undefined ? {} : { holder: holder.name, machine: holder.machine }) },
  })
}
