import { randomUUID } from 'node:crypto'
import { Subject } from 'rxjs'
import { RunError } from '../../src/events/errors.js'
import { bucketExists, bucketMissing, closed, noReply, storeUnreachable } from '../../src/rendezvous/failures.js'
import type { JsonValue } from '../../src/rendezvous/json-value.js'
import { epochIn, type LeaseEntry, type LeaseTable } from '../../src/rendezvous/lease-table.js'
import { type Patience, patiently, rest } from '../../src/rendezvous/patiently.js'
import { rememberReplies } from '../../src/rendezvous/remember-replies.js'
import type { Rendezvous, RendezvousStatus } from '../../src/rendezvous/rendezvous.js'
import { RENDEZVOUS_NUMBERS, type RendezvousNumbers } from '../../src/rendezvous/rendezvous-numbers.js'
import { bodyOf, readReply, readRequest, writeRequest } from '../../src/rendezvous/request-codec.js'
import { takeLease } from '../../src/rendezvous/take-lease.js'
import type { Clock } from '../../src/streams/clock.js'
import { startWaiting } from '../../src/streams/waiting.js'
import { type MemoryObjects, memoryBucket } from './memory-bucket.js'

/** A rendezvous within one process, for tests of code that needs one. */
export interface MemoryBoard {
  join(name: string): MemoryMember
  /** Simulates the end of the server: no member reaches another until it is back. Its stored state remains. */
  goAway(): void
  comeBack(): void
}

/** One of those that have joined. */
export interface MemoryMember extends Rendezvous {
  /** Cuts this member off from all others, silently, until it is healed. */
  part(): void
  heal(): void
}

export interface MemoryBoardOptions {
  readonly clock: Clock
  readonly numbers?: RendezvousNumbers
  /** How each request travels to one who replies, and the reply back; default: at once, and once. */
  readonly carry?: (deliver: () => Promise<string>) => Promise<string>
}

type Take = (text: string) => Promise<string>

/** Who replies at a subject, and whether one gets there. */
interface Responder {
  readonly take: Take
  isReached(): boolean
}

export function createMemoryBoard({
  clock,
  numbers = RENDEZVOUS_NUMBERS,
  carry = (deliver) => deliver(),
}: MemoryBoardOptions): MemoryBoard {
  const responders = new Map<string, Set<Responder>>()
  const leases = new Map<string, LeaseEntry>()
  const buckets = new Map<string, MemoryObjects>()
  const members = new Set<(isThere: boolean) => void>()
  let isAway = false
  let revision = 0

  return {
    join,
    goAway() {
      isAway = true
      for (const tell of members) tell(false)
    },
    comeBack() {
      isAway = false
      for (const tell of members) tell(true)
    },
  }

  function join(member: string): MemoryMember {
    const server = 'memory'
    const status$ = new Subject<RendezvousStatus>()
    const mine = new Set<() => void>()
    let [isParted, isClosed] = [false, false]
    const isCut = () => isAway || isParted
    const tell = (isThere: boolean) => status$.next({ kind: isThere ? 'reconnected' : 'disconnected', server })
    members.add(tell)

    const table: LeaseTable = {
      async read(name) {
        await reach()
        return leases.get(name) ?? { revision: 0, record: null }
      },
      async write(name, record, expected) {
        await reach()
        if ((leases.get(name)?.revision ?? 0) !== expected) return null
        revision++
        leases.set(name, { revision, record: structuredClone(record) })
        return revision
      },
    }

    return {
      server,
      seenAs: null,
      user: member,
      status$: status$.asObservable(),
      request,
      requestAll,
      reply,
      takeLease(name, holder) {
        const report = (status: RendezvousStatus) => status$.next(status)
        return takeLease(name, holder, { table, token: randomUUID(), report, ...patienceAt(`the lease of ${name}`) })
      },
      epochOf: async (name) => epochIn(await patiently(() => table.read(name), patienceAt(`the lease of ${name}`))),
      serverTime: async () => null,
      async bucket(name) {
        await reachStore(name)
        const held = buckets.get(name)
        if (held === undefined) throw bucketMissing(name, server)
        return memoryBucket(held, numbers.mostObject, () => reachStore(name))
      },
      async makeBucket(name, maxBytes) {
        await reachStore(name)
        if (buckets.has(name)) throw bucketExists(name, server)
        const held: MemoryObjects = { name, maxBytes, objects: new Map() }
        buckets.set(name, held)
        return memoryBucket(held, numbers.mostObject, () => reachStore(name))
      },
      part() {
        isParted = true
        tell(false)
      },
      heal() {
        isParted = false
        tell(true)
      },
      async [Symbol.asyncDispose]() {
        isClosed = true
        members.delete(tell)
        for (const leave of mine) leave()
        status$.complete()
      },
    }

    async function request(subject: string, body: JsonValue): Promise<JsonValue> {
      const text = writeRequest({ id: randomUUID(), body })
      const replied = await patiently(async () => {
        await reach()
        const [first] = reachedAt(subject)
        if (first === undefined) throw unreached(subject)
        return within(numbers.requestTimeout, first.take(text), subject)
      }, patienceAt(subject))
      return readReply(subject, replied)
    }

    async function requestAll(
      subject: string,
      body: JsonValue,
      { patience, enough = () => false }: { patience: number; enough?: (replies: readonly JsonValue[]) => boolean },
    ): Promise<readonly JsonValue[]> {
      if (isClosed) throw closed()
      const text = writeRequest({ id: randomUUID(), body })
      const replies: JsonValue[] = []
      const asked = isCut() ? [] : reachedAt(subject)
      if (asked.length === 0) return replies
      await new Promise<void>((resolve) => {
        const waiting = startWaiting(clock, patience, end)
        for (const { take } of asked) {
          void take(text).then((reply) => {
            const answer = bodyOf(reply)
            if (answer !== null) replies.push(answer.body)
            if (enough(replies)) end()
          }, end)
        }
        function end(): void {
          waiting[Symbol.dispose]()
          resolve()
        }
      })
      return [...replies]
    }

    async function reply(subject: string, take: (body: JsonValue) => Promise<JsonValue>): Promise<AsyncDisposable> {
      await patiently(reach, patienceAt(subject))
      const replyOnce = rememberReplies(take, numbers)
      const responder: Responder = {
        take: (text) => carry(() => replyOnce(readRequest(subject, text))),
        isReached: () => !isParted && !isClosed,
      }
      const there = responders.get(subject) ?? new Set()
      responders.set(subject, there.add(responder))
      const leave = () => void there.delete(responder)
      mine.add(leave)
      return { [Symbol.asyncDispose]: async () => leave() }
    }

    /** A request that gets nowhere fails when its time is over. */
    async function reach(): Promise<void> {
      if (isClosed) throw closed()
      if (isCut()) await rest(clock, numbers.requestTimeout)
      if (isClosed) throw closed()
      if (isCut()) throw unreached(member)
    }

    async function reachStore(bucket: string): Promise<void> {
      const giveUp = (_: number, cause: unknown) => storeUnreachable(bucket, cause)
      await patiently(reach, { clock, numbers, isPassing, giveUp })
    }
  }

  function reachedAt(subject: string): readonly Responder[] {
    return [...(responders.get(subject) ?? [])].filter((each) => each.isReached())
  }

  function patienceAt(subject: string): Patience & { readonly numbers: RendezvousNumbers } {
    return { clock, numbers, isPassing, giveUp: (tries, last) => noReply(subject, tries, last) }
  }

  async function within(ms: number, reply: Promise<string>, subject: string): Promise<string> {
    return await new Promise((resolve, reject) => {
      const waiting = startWaiting(clock, ms, () => reject(unreached(subject)))
      reply.then(resolve, reject).finally(waiting[Symbol.dispose])
    })
  }
}

const UNREACHED = 'MEMORY_UNREACHED'

function unreached(what: string): RunError {
  return new RunError({ code: UNREACHED, message: `No member is reached at ${what}.` })
}

function isPassing(error: unknown): boolean {
  return error instanceof RunError && error.code === UNREACHED
}
