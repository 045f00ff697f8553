import { hostname } from 'node:os'
import { callRoll, isSameVersion, versionInWords } from '../../../actors/fleet/discover-workers.js'
import { drawId, type Stranger, SUBJECTS, type WorkerOffer } from '../../../actors/fleet/fleet-messages.js'
import { ownVersions } from '../../../actors/fleet/join-fleet.js'
import { freeSlots } from '../../../actors/fleet/pick-slots.js'
import { RunError } from '../../../events/errors.js'
import type { JsonValue } from '../../../rendezvous/json-value.js'
import type { Rendezvous } from '../../../rendezvous/rendezvous.js'
import type { SelfCheck } from '../self-check.js'
import { attempt, tried } from './attempt.js'
import { checkClock } from './clock-check.js'
import { checkPorts, type Dialling } from './dial-checks.js'
import type { JoinLimits } from './join-limits.js'

/** Round trips of which the median is reported. */
const ROUND_TRIPS = 5
/** No run has this stamp. */
const NO_RUN = { run: 'antidrome doctor', epoch: 0, start: 1 } as const

/**
 * Does what a coordinator does, but for a run; then looks at every worker that replies.
 *
 * @param dialling how links to them are opened; null: none are
 */
export async function checkWorkers(
  rendezvous: Rendezvous,
  limits: JoinLimits,
  dialling: Dialling | null,
): Promise<readonly SelfCheck[]> {
  const checks = [
    await checkReports(rendezvous),
    await checkFence(rendezvous, limits),
    await checkOrders(rendezvous, limits),
  ]
  const from = limits.now()
  const roll = await attempt('workers', 'the right to ask who is there', () =>
    callRoll(rendezvous, ownVersions(), limits.enough, limits.roll),
  )
  if ('failure' in roll) return [...checks, roll.failure]
  const span = { from, to: limits.now() }
  const { offers, strangers } = roll.result
  const all = [...offers, ...strangers].sort((a, b) => (a.name < b.name ? -1 : 1))
  const free = offers.reduce((sum, offer) => sum + freeSlots(offer), 0)
  const found = all.length === 0 ? 'none yet' : `${all.length}, with ${free} free slots`
  checks.push({ check: 'workers', ok: true, found, expected: 'any number' })
  const nameOf = (worker: Stranger) => {
    return `worker ${all.some(({ name, id }) => name === worker.name && id !== worker.id) ? worker.id : worker.name}`
  }
  for (const stranger of strangers) checks.push(checkVersion(nameOf(stranger), stranger))
  for (const offer of offers) {
    const whose = nameOf(offer)
    checks.push(checkVersion(whose, offer), checkClock(whose, offer.clock, span))
    checks.push(await checkTrip(rendezvous, whose, offer, limits))
  }
  if (dialling === null) return checks
  const ports = offers.map((offer) => checkPorts(rendezvous, nameOf(offer), offer, dialling))
  return [...checks, ...(await Promise.all(ports)).flat()]
}

/** Ends of processes are reported there. */
function checkReports(rendezvous: Rendezvous): Promise<SelfCheck> {
  return tried('reports of workers', 'the right to hear them', async () => {
    const subject = SUBJECTS.session(drawId(rendezvous.user))
    await using _replies = await rendezvous.reply(subject, async () => ({}))
    return `heard at ${subject.slice(0, subject.lastIndexOf('.'))}.>`
  })
}

function checkFence(rendezvous: Rendezvous, { trip }: JoinLimits): Promise<SelfCheck> {
  return tried('fences', 'the right to end what is left of earlier starts', async () => {
    await rendezvous.requestAll(SUBJECTS.fence, NO_RUN, { patience: trip, enough: isSome })
    return 'may be raised'
  })
}

/** Sends orders to a subject without listeners, of which the server tells at once. */
function checkOrders(rendezvous: Rendezvous, { trip }: JoinLimits): Promise<SelfCheck> {
  return tried('round trip to the server', 'the right to give orders', async () => {
    const trips: number[] = []
    for (let k = 0; k < ROUND_TRIPS; k++) {
      const started = performance.now()
      await rendezvous.requestAll(SUBJECTS.worker(drawId(rendezvous.user)), {}, { patience: trip })
      trips.push(performance.now() - started)
    }
    return tripInWords(trips)
  })
}

function checkVersion(whose: string, worker: WorkerOffer | Stranger): SelfCheck {
  const own = ownVersions()
  const words = versionInWords(worker.versions)
  const expected = versionInWords(own)
  if (!('slots' in worker) || !isSameVersion(worker.versions, own)) {
    const remedy = `Install the same version there and on ${hostname()}.`
    return { check: whose, ok: false, found: words, expected, remedy }
  }
  const { machine, slots, isLeaving } = worker
  const state = `${slots} ${slots === 1 ? 'slot' : 'slots'} on ${machine}${isLeaving ? ', leaving' : ''}`
  return { check: whose, ok: true, found: `${words}; ${state}`, expected }
}

/** To let go of a process that it does not hold changes nothing. */
function checkTrip(
  rendezvous: Rendezvous,
  whose: string,
  { id, machine }: WorkerOffer,
  { trip }: JoinLimits,
): Promise<SelfCheck> {
  return tried(`round trip to ${whose}`, 'a reply', async () => {
    const order = { type: 'release', stamp: NO_RUN, host: 0, force: false } satisfies JsonValue
    const trips: number[] = []
    for (let k = 0; k < ROUND_TRIPS; k++) {
      const started = performance.now()
      const replies = await rendezvous.requestAll(SUBJECTS.worker(id), order, { patience: trip, enough: isSome })
      if (replies.length === 0) throw noReplyFrom(machine)
      trips.push(performance.now() - started)
    }
    return tripInWords(trips)
  })
}

const isSome = (replies: readonly JsonValue[]) => replies.length > 0

function noReplyFrom(machine: string): RunError {
  return new RunError({
    code: 'RENDEZVOUS_NO_ANSWER',
    message: 'It was here a moment ago, and does not reply to what is asked of it alone.',
    details: { machine },
    remedy: `See whether it lives and may subscribe to its orders: its log on ${machine} says so.`,
  })
}

function tripInWords(trips: readonly number[]): string {
  const sorted = [...trips].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return `${median.toFixed(median < 10 ? 2 : 0)} ms, median of ${trips.length}`
}
