import { randomUUID } from 'node:crypto'
import { Subject } from 'rxjs'
import { RunError } from '../events/errors.js'
import type { Clock } from '../streams/clock.js'
import { bucketExists, bucketMissing, closed, noAnswer, storeUnreachable } from './failures.js'
import type { JsonValue } from './json-value.js'
import { epochIn, type LeaseEntry, type LeaseTable } from './lease-table.js'
import { bodyOf, readAnswer, readQuestion, writeQuestion } from './letters.js'
import { type MemoryObjects, memoryBucket } from './memory-bucket.js'
import { type Patience, patiently, rest } from './patiently.js'
import { rememberAnswers } from './remember-answers.js'
import type { Rendezvous, RendezvousStatus } from './rendezvous.js'
import { RENDEZVOUS_NUMBERS, type RendezvousNumbers } from './rendezvous-numbers.js'
import { takeLease } from './take-lease.js'

/** A rendezvous within one process, for tests of whoever needs one. */
export interface MemoryBoard {
  join(name: string): MemoryMember
  /** What a server does that ends: nobody reaches anybody until it is back. What it knows stays. */
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
  /** How each question travels to one who answers it, and the answer back; default: at once, and once. */
  readonly carry?: (deliver: () => Promise<string>) => Promise<string>
}

type Take = (text: string) => Promise<string>

/** Who answers at a subject, and whether one gets there. */
interface Answerer {
  readonly take: Take
  isReached(): boolean
}

export function createMemoryBoard({
  clock,
  numbers = RENDEZVOUS_NUMBERS,
  carry = (deliver) => deliver(),
}: MemoryBoardOptions): MemoryBoard {
  const answerers = new Map<string, Set<Answerer>>()
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
      ask,
      askAll,
      answer,
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

    async function ask(subject: string, body: JsonValue): Promise<JsonValue> {
      const text = writeQuestion({ id: randomUUID(), body })
      const answered = await patiently(async () => {
        await reach()
        const [first] = reachedAt(subject)
        if (first === undefined) throw unreached(subject)
        return within(numbers.requestTimeout, first.take(text), subject)
      }, patienceAt(subject))
      return readAnswer(subject, answered)
    }

    async function askAll(
      subject: string,
      body: JsonValue,
      { patience, enough = () => false }: { patience: number; enough?: (answers: readonly JsonValue[]) => boolean },
    ): Promise<readonly JsonValue[]> {
      if (isClosed) throw closed()
      const text = writeQuestion({ id: randomUUID(), body })
      const answers: JsonValue[] = []
      const asked = isCut() ? [] : reachedAt(subject)
      if (asked.length === 0) return answers
      await new Promise<void>((resolve) => {
        const stop = clock.every(patience, end)
        for (const { take } of asked) {
          void take(text).then((answer) => {
            const told = bodyOf(answer)
            if (told !== null) answers.push(told.body)
            if (enough(answers)) end()
          }, end)
        }
        function end(): void {
          stop()
          resolve()
        }
      })
      return [...answers]
    }

    async function answer(subject: string, take: (body: JsonValue) => Promise<JsonValue>): Promise<AsyncDisposable> {
      await patiently(reach, patienceAt(subject))
      const answerOnce = rememberAnswers(take, numbers)
      const answerer: Answerer = {
        take: (text) => carry(() => answerOnce(readQuestion(subject, text))),
        isReached: () => !isParted && !isClosed,
      }
      const there = answerers.get(subject) ?? new Set()
      answerers.set(subject, there.add(answerer))
      const leave = () => void there.delete(answerer)
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

  function reachedAt(subject: string): readonly Answerer[] {
    return [...(answerers.get(subject) ?? [])].filter((each) => each.isReached())
  }

  function patienceAt(subject: string): Patience & { readonly numbers: RendezvousNumbers } {
    return { clock, numbers, isPassing, giveUp: (tries, last) => noAnswer(subject, tries, last) }
  }

  async function within(ms: number, answer: Promise<string>, subject: string): Promise<string> {
    return await new Promise((resolve, reject) => {
      const stop = clock.every(ms, () => {
        stop()
        reject(unreached(subject))
      })
      answer.then(resolve, reject).finally(stop)
    })
  }
}

const UNREACHED = 'MEMORY_UNREACHED'

function unreached(what: string): RunError {
  return new RunError({ code: UNREACHED, message: `Nobody is reached at ${what}.` })
}

function isPassing(error: unknown): boolean {
  return error instanceof RunError && error.code === UNREACHED
}
