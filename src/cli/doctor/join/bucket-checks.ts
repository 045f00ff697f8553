import { randomBytes, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Rendezvous } from '../../../rendezvous/rendezvous.js'
import { bytesInWords } from '../byte-count.js'
import type { SelfCheck } from '../self-check.js'
import { tried } from './attempt.js'
import { checkClock } from './clock-check.js'

export function makeBucket(
  rendezvous: Rendezvous,
  { name, bytes }: { readonly name: string; readonly bytes: number },
): Promise<SelfCheck> {
  return tried(`make bucket ${name}`, 'a server with JetStream, and the right to make it', async () => {
    await rendezvous.makeBucket(name, bytes)
    return `made, for at most ${bytesInWords(bytes)}`
  })
}

/** A lease is taken, confirmed and given back. Its bucket is made if there is none. */
export async function checkLeases(rendezvous: Rendezvous): Promise<readonly SelfCheck[]> {
  const machine = hostname()
  const expected = 'JetStream with a bucket of leases on disk, and the right to take one'
  const check = await tried('lease', expected, async () => {
    const holder = { name: 'antidrome doctor', machine, since: new Date().toISOString() }
    await using lease = await rendezvous.takeLease(`antidrome doctor on ${machine}`, holder)
    await lease.confirm()
    return `taken and given back, epoch ${lease.epoch}`
  })
  if (!check.ok) return [check]
  const before = Date.now()
  const clock = await rendezvous.serverTime()
  return clock === null ? [check] : [check, checkClock('the server', clock, { from: before, to: Date.now() })]
}

/** What a checkpoint is to a bucket, in small. */
export function checkBucket(rendezvous: Rendezvous, name: string): Promise<SelfCheck> {
  const expected = 'a bucket in which this user may write, read and remove'
  return tried(`bucket ${name}`, expected, async () => {
    const bucket = await rendezvous.bucket(name)
    const object = `antidrome-doctor/${randomUUID()}`
    await bucket.create(object, randomBytes(1000))
    await bucket.read(object)
    await bucket.remove(object)
    return 'an object was written, read and removed'
  })
}
