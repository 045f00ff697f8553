import { RunError } from '../../events/errors.js'
import { noReply } from '../../rendezvous/failures.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import type { Waiting } from '../../streams/waiting.js'
import { type LinkWay, type Stranger, SUBJECTS, type WorkerOffer, type WorkerVersions } from './fleet-messages.js'
import type { OrderEpoch } from './order-epoch.js'
import { freeSlots, pickSlots } from './pick-slots.js'
import { readOffer, readStranger } from './read-messages.js'
import type { UnreachableWorker, UnreachableWorkers } from './unreachable-workers.js'

/** Time that workers have to reply, in ms; one that takes longer is too far away to be of use. */
const ROLL_CALL = 1000
/** Between two roll calls, in ms. */
const PAUSE = 500
/** Most repeated orders to end processes of earlier starts; after these the slots of such workers count as taken. */
const MOST_REMINDERS = 5

/** Who was found. */
export interface WorkerDiscovery {
  readonly offers: readonly WorkerOffer[]
  /** Those that compute something else. */
  readonly strangers: readonly Stranger[]
}

/** Asks who is there. What cannot be read as an offer is none. */
export async function callRoll(
  rendezvous: Rendezvous,
  versions: WorkerVersions,
  enough: (offers: readonly WorkerOffer[]) => boolean = () => false,
  patience = ROLL_CALL,
): Promise<WorkerDiscovery> {
  const sort = (replies: readonly unknown[]): WorkerDiscovery => {
    const isAlike = (worker: Stranger) => isSameVersion(worker.versions, versions)
    const all = replies.flatMap((reply) => understood(() => readStranger(reply)))
    return {
      offers: replies.flatMap((reply) => understood(() => readOffer(reply))).filter(isAlike),
      strangers: all.filter((worker) => !isAlike(worker)),
    }
  }
  const isEnough = (replies: readonly unknown[]) => enough(sort(replies).offers)
  return sort(await rendezvous.requestAll(SUBJECTS.roll, {}, { patience, enough: isEnough }))
}

/** What is read; nothing where it is something else. */
function understood<Value>(read: () => Value): readonly Value[] {
  try {
    return [read()]
  } catch {
    return []
  }
}

export function isSameVersion(a: WorkerVersions, b: WorkerVersions): boolean {
  return a.antidrome === b.antidrome && a.protocol === b.protocol && a.arithmetic === b.arithmetic
}

/** What a start needs of workers. */
export interface Need {
  /** Processes that are wanted, and without which nothing starts. */
  readonly most: number
  readonly least: number
  /** For so long they are waited for. */
  readonly waiting: Pick<Waiting, 'limit' | 'left' | 'isOver'>
  /** Number of workers that are known to be present: the wait ends when all of them have replied. Default: unknown. */
  readonly known?: number | undefined
  /** Those that have failed before are taken last. */
  isTrusted(offer: WorkerOffer): boolean
  /** Those that cannot be dialled. */
  readonly unreachable: Pick<UnreachableWorkers, 'isAside' | 'aside'>
  /** Whether the rendezvous itself is out of reach. */
  isAway(): boolean
  readonly versions: WorkerVersions
  /** Workers that cannot be dialled are of use by way of the server alone. */
  readonly links: LinkWay
  /** The run and its epoch: slots that it holds are those of its earlier starts. */
  readonly stamp: Pick<OrderEpoch, 'run' | 'epoch'>
  /** Orders workers again to end what earlier starts of the run have left; resolves when they have. */
  endEarlier(workers: ReadonlySet<string>): Promise<unknown>
  pause(ms: number): Promise<void>
  /** How long workers have to answer a roll call, in ms; default `ROLL_CALL`. */
  readonly rollCall?: number | undefined
}

/**
 * Returns per process the worker that is to hold it: the wanted number of workers, or at least the needed number.
 *
 * Raises `RunError` WORKERS_TOO_FEW if there are too few free slots, also after the wait, and WORKERS_UNREACHABLE if
 * some of the slots are with workers that cannot be dialled. A rendezvous that is out of reach meanwhile counts as one
 * without workers, and is named when the wait is over: RENDEZVOUS_NO_ANSWER.
 */
export async function discoverWorkers(rendezvous: Rendezvous, need: Need): Promise<readonly WorkerOffer[]> {
  const { most, least, waiting, known = Number.POSITIVE_INFINITY, isTrusted, isAway, versions, links, pause } = need
  const { unreachable, rollCall } = need
  const slotsOf = (offers: readonly WorkerOffer[]) => offers.reduce((sum, offer) => sum + freeSlots(offer), 0)
  let reminders = 0
  for (let tries = 1; ; tries++) {
    // Where those who are known have not all that is wanted, others are waited for.
    const enough = (found: readonly WorkerOffer[]) => found.length >= known && slotsOf(found) >= most
    const { offers: alike, strangers } = await callRoll(rendezvous, versions, enough, rollCall)
    const late = alike.filter((offer) => holdsEarlier(offer, need.stamp)).map(({ id }) => id)
    // They were out of reach when the start began.
    if (late.length > 0 && reminders++ < MOST_REMINDERS) {
      await need.endEarlier(new Set(late))
      continue
    }
    const dialled = alike.filter(({ isDialled }) => isDialled || links === 'nats')
    const offers = dialled.filter((offer) => !unreachable.isAside(offer))
    const trusted = offers.filter(isTrusted)
    const usable = slotsOf(trusted) >= least ? trusted : offers
    const free = slotsOf(usable)
    if (free >= least) return pickSlots(usable, Math.min(most, free))
    if (waiting.isOver) {
      if (isAway() && alike.length + strangers.length === 0) throw noReply(SUBJECTS.roll, tries)
      throw tooFew({
        least,
        free,
        waited: waiting.limit,
        offers,
        strangers,
        versions,
        hidden: alike.filter((each) => !dialled.includes(each)),
        unreachable: unreachable.aside,
      })
    }
    await pause(Math.min(PAUSE, waiting.left))
  }
}

function holdsEarlier({ taken }: WorkerOffer, { run, epoch }: Need['stamp']): boolean {
  return taken.some((slot) => slot.run === run && slot.epoch <= epoch)
}

function tooFew({
  least,
  free,
  waited,
  offers,
  strangers,
  versions,
  hidden,
  unreachable,
}: WorkerDiscovery & {
  /** Those that cannot be dialled. */
  readonly hidden: readonly WorkerOffer[]
  readonly unreachable: readonly UnreachableWorker[]
  readonly least: number
  readonly free: number
  readonly waited: number
  readonly versions: WorkerVersions
}): RunError {
  const count = (number: number, noun: string, nouns = `${noun}s`) => `${number} ${number === 1 ? noun : nouns}`
  const busy = offers.flatMap(({ taken }) => taken).length
  const others = strangers.map(({ name, versions: found }) => `${name} (${versionInWords(found)})`).join(', ')
  const parts = [
    `${count(least, 'process', 'processes')} wanted, and there ${free === 1 ? 'is' : 'are'} ${count(free, 'free slot')} on ${count(offers.length, 'worker')}`,
    ...(busy === 0 ? [] : [`${count(busy, 'slot')} taken by other runs`]),
    ...(hidden.length === 0
      ? []
      : [
          `not counted as they cannot be dialled: ${hidden.map(({ name }) => name).join(', ')} (of use with --transport nats)`,
        ]),
    ...unreachable.map(
      ({ offer, error }) => `not counted is ${offer.name} on ${offer.machine}: ${error.message.replace(/\.$/, '')}`,
    ),
    ...(strangers.length === 0 ? [] : [`not counted as they are not of ${versionInWords(versions)}: ${others}`]),
    ...(waited === 0 ? [] : [`waited for ${Math.round(waited / 1000)} s`]),
  ]
  const details = { found: free, expected: least, workers: offers.length, strangers: strangers.length }
  if (unreachable.length > 0)
    return new RunError({
      code: 'WORKERS_UNREACHABLE',
      message: `Too few workers can be reached: ${parts.join('; ')}.`,
      details: { ...details, unreachable: unreachable.map(({ offer }) => offer.name).join(', ') },
      remedy: UNREACHABLE_REMEDY,
      cause: unreachable[0]?.error,
    })
  return new RunError({
    code: 'WORKERS_TOO_FEW',
    message: `Too few workers: ${parts.join('; ')}.`,
    details,
    remedy:
      free === 0
        ? 'Start workers with antidrome worker --join, or wait for them with --wait SECONDS.'
        : `Start more workers, wait for them with --wait SECONDS, or spread over fewer processes with --processes ${free}.`,
  })
}

const UNREACHABLE_REMEDY =
  'Let these workers listen at ports that this machine reaches, with --listen and --advertise, start others, or let links go by way of NATS with --transport nats.'

/** For people. */
export function versionInWords({ antidrome, protocol, arithmetic }: WorkerVersions): string {
  return `version ${antidrome}, protocol ${protocol}, arithmetic ${arithmetic}`
}
