import { RunError } from '../../src/events/errors.js'
import type { Lease } from '../../src/rendezvous/lease.js'
import type { LeaseEntry, LeaseTable } from '../../src/rendezvous/lease-table.js'
import { takeLease } from '../../src/rendezvous/take-lease.js'
import type { Clock } from '../../src/streams/clock.js'
import { createManualClock } from '../suites/link-fixture.js'
import { HASTY, holder } from '../suites/rendezvous-suite.js'

/** What may happen to members that want one lease. */
export type Happening =
  | { readonly do: 'advance'; readonly steps: number }
  | { readonly do: 'take' | 'confirm' | 'release' | 'die'; readonly who: number }
  /** Cut off from the table, or asleep as a stopped process is; and the end of both. */
  | { readonly do: 'part' | 'heal' | 'sleep' | 'wake'; readonly who: number }
  /** The next change comes true, but nobody hears of it; or it comes true only when it is delivered. */
  | { readonly do: 'lose' | 'delay' | 'deliver'; readonly who: number }

/** A lease that was taken in the course of what happened. */
export interface Tenure {
  readonly who: number
  readonly lease: Lease
  isLost: boolean
  isReleased: boolean
}

export interface Contest {
  /** In the order in which they were taken, as their holders learnt it. */
  readonly tenures: readonly Tenure[]
  /** What must never happen. */
  readonly violations: readonly string[]
  happen(happening: Happening): Promise<void>
}

const STEP = 50
const PASSING = 'UNREACHED'

interface Member {
  isParted: boolean
  isAsleep: boolean
  isDead: boolean
  losesNext: boolean
  delaysNext: boolean
  readonly delayed: (() => void)[]
}

const newMember = (): Member => {
  return { isParted: false, isAsleep: false, isDead: false, losesNext: false, delaysNext: false, delayed: [] }
}

/** Members around one table, which compares before it changes; or not, to see whether that would be found. */
export function createContest(count: number, compares = true): Contest {
  const clock = createManualClock()
  const members = Array.from({ length: count }, newMember)
  const tenures: Tenure[] = []
  const violations: string[] = []
  let entry: LeaseEntry = { revision: 0, record: null }
  let tokens = 0

  return { tenures, violations, happen }

  async function happen(happening: Happening): Promise<void> {
    if (happening.do === 'advance') {
      for (let k = 0; k < happening.steps; k++) {
        clock.advance(STEP)
        await settled()
      }
      return
    }
    const { who } = happening
    const member = members[who] as Member
    switch (happening.do) {
      case 'take':
        void take(who, member)
        break
      case 'confirm':
        for (const each of held(who)) void confirm(each)
        break
      case 'release':
        for (const each of held(who)) {
          each.isReleased = true
          void each.lease[Symbol.asyncDispose]()
        }
        break
      case 'die':
        member.isDead = true
        members[who] = newMember()
        break
      case 'part':
      case 'heal':
        member.isParted = happening.do === 'part'
        break
      case 'sleep':
      case 'wake':
        member.isAsleep = happening.do === 'sleep'
        break
      case 'lose':
        member.losesNext = true
        break
      case 'delay':
        member.delaysNext = true
        break
      case 'deliver':
        for (const change of member.delayed.splice(0)) change()
        break
    }
    await settled()
  }

  function held(who: number): readonly Tenure[] {
    return tenures.filter((each) => each.who === who && !each.isReleased)
  }

  async function take(who: number, member: Member): Promise<void> {
    const numbers = HASTY
    try {
      const lease = await takeLease('it', holder(`member ${who}`), {
        table: tableOf(member),
        token: String(tokens++),
        clock: clockOf(member),
        numbers,
        report: () => undefined,
        isPassing: (error) => error instanceof RunError && error.code === PASSING,
        giveUp: () => new RunError({ code: 'RENDEZVOUS_NO_ANSWER', message: 'no answer' }),
      })
      if (tenures.some((each) => each.lease.epoch === lease.epoch)) violations.push(`epoch ${lease.epoch} twice`)
      const tenure: Tenure = { who, lease, isLost: false, isReleased: false }
      tenures.push(tenure)
      void lease.lost.then(() => {
        tenure.isLost = true
        if (entry.revision <= lease.epoch) violations.push(`epoch ${lease.epoch} lost to nobody`)
      })
    } catch (error) {
      const isTold = error instanceof RunError && /^(LEASE_HELD|RENDEZVOUS_NO_ANSWER)$/.test(error.code)
      if (!isTold) violations.push(String(error))
    }
  }

  async function confirm({ lease }: Tenure): Promise<void> {
    const known = Math.max(...tenures.map((each) => each.lease.epoch))
    try {
      await lease.confirm()
      if (lease.epoch < known) violations.push(`epoch ${lease.epoch} confirmed after ${known}`)
    } catch (error) {
      const isTold = error instanceof RunError && /^(LEASE_LOST|RENDEZVOUS_NO_ANSWER)$/.test(error.code)
      if (!isTold) violations.push(String(error))
    }
  }

  function tableOf(member: Member): LeaseTable {
    const reach = () => {
      if (member.isParted || member.isDead) throw unreached()
    }
    return {
      async read() {
        reach()
        return entry
      },
      async write(_, record, revision) {
        reach()
        const change = () => {
          if (compares && entry.revision !== revision) return null
          entry = { revision: entry.revision + 1, record }
          return entry.revision
        }
        if (member.delaysNext) {
          member.delaysNext = false
          member.delayed.push(change)
          throw unreached()
        }
        const changed = change()
        if (!member.losesNext) return changed
        member.losesNext = false
        throw unreached()
      },
    }
  }

  function clockOf(member: Member): Clock {
    return {
      now: clock.now,
      every: (ms, tick) => clock.every(ms, () => (member.isDead || member.isAsleep ? undefined : tick())),
    }
  }
}

const unreached = () => new RunError({ code: PASSING, message: 'The table is not reached.' })

/** Whatever promises can do without the clock is done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
