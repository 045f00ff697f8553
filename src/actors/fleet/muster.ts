import { AntidromeError, RunError } from '../../events/errors.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { SUBJECTS, type WorkerOffer, type WorkerVersions } from './fleet-messages.js'
import { freeSlots, pickSlots } from './pick-slots.js'
import { readOffer } from './read-messages.js'

/** Workers answer within so many ms, or are too far away to be of use. */
const ROLL_CALL = 1000
/** Between two roll calls, in ms. */
const PAUSE = 500

/** Who was found. */
export interface Muster {
  readonly offers: readonly WorkerOffer[]
  /** Those that compute something else. */
  readonly strangers: readonly WorkerOffer[]
}

/** Asks who is there. What cannot be read as an offer is none. */
export async function callRoll(
  rendezvous: Rendezvous,
  versions: WorkerVersions,
  enough: (offers: readonly WorkerOffer[]) => boolean = () => false,
  patience = ROLL_CALL,
): Promise<Muster> {
  const sort = (answers: readonly unknown[]): Muster => {
    const all = answers.flatMap(offerIn)
    const isAlike = (offer: WorkerOffer) => isSameVersion(offer.versions, versions)
    return { offers: all.filter(isAlike), strangers: all.filter((offer) => !isAlike(offer)) }
  }
  const isEnough = (answers: readonly unknown[]) => enough(sort(answers).offers)
  return sort(await rendezvous.askAll(SUBJECTS.roll, {}, { patience, enough: isEnough }))
}

function offerIn(answer: unknown): readonly WorkerOffer[] {
  try {
    return [readOffer(answer)]
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
  /** For so many ms they are waited for. */
  readonly wait: number
  /** Those that have failed before are taken last. */
  isTrusted(offer: WorkerOffer): boolean
  readonly versions: WorkerVersions
  readonly now: () => number
  pause(ms: number): Promise<void>
}

/**
 * Per process the worker that is to hold it, as many as are wanted or at least as many as are needed.
 *
 * Raises `RunError` WORKERS_TOO_FEW when there are not so many free slots, nor are after the wait. A rendezvous that is
 * out of reach meanwhile counts as one where nobody is.
 */
export async function musterWorkers(rendezvous: Rendezvous, need: Need): Promise<readonly WorkerOffer[]> {
  const { most, least, wait, isTrusted, versions, now, pause } = need
  const since = now()
  for (;;) {
    const slotsOf = (offers: readonly WorkerOffer[]) => offers.reduce((sum, offer) => sum + freeSlots(offer), 0)
    let away: AntidromeError | null = null
    const { offers, strangers } = await callRoll(rendezvous, versions).catch((error: unknown): Muster => {
      if (!(error instanceof AntidromeError) || !isAway(error)) throw error
      away = error
      return { offers: [], strangers: [] }
    })
    const trusted = offers.filter(isTrusted)
    const usable = slotsOf(trusted) >= least ? trusted : offers
    const free = slotsOf(usable)
    if (free >= least) return pickSlots(usable, Math.min(most, free))
    if (now() - since >= wait) throw away ?? tooFew({ least, free, waited: wait, offers, strangers, versions })
    await pause(Math.min(PAUSE, Math.max(0, since + wait - now())))
  }
}

/** Nobody can be asked at the moment. */
function isAway({ code }: AntidromeError): boolean {
  return code === 'RENDEZVOUS_NO_ANSWER' || code === 'RENDEZVOUS_AWAY'
}

function tooFew({
  least,
  free,
  waited,
  offers,
  strangers,
  versions,
}: Muster & {
  readonly least: number
  readonly free: number
  readonly waited: number
  readonly versions: WorkerVersions
}): RunError {
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`
  const busy = offers.flatMap(({ taken }) => taken).length
  const others = strangers.map(({ name, versions: found }) => `${name} (${versionInWords(found)})`).join(', ')
  const parts = [
    `${count(least, 'process')} wanted, and there ${free === 1 ? 'is' : 'are'} ${count(free, 'free slot')} on ${count(offers.length, 'worker')}`,
    ...(busy === 0 ? [] : [`${count(busy, 'slot')} taken by other runs`]),
    ...(strangers.length === 0 ? [] : [`not counted as they are not of ${versionInWords(versions)}: ${others}`]),
    ...(waited === 0 ? [] : [`waited for ${Math.round(waited / 1000)} s`]),
  ]
  return new RunError({
    code: 'WORKERS_TOO_FEW',
    message: `Too few workers: ${parts.join('; ')}.`,
    details: { found: free, expected: least, workers: offers.length, strangers: strangers.length },
    remedy:
      free === 0
        ? 'Start workers with antidrome worker --join, or wait for them with --wait SECONDS.'
        : `Start more workers, wait for them with --wait SECONDS, or spread over fewer processes with --processes ${free}.`,
  })
}

/** For people. */
export function versionInWords({ antidrome, protocol, arithmetic }: WorkerVersions): string {
  return `version ${antidrome}, protocol ${protocol}, arithmetic ${arithmetic}`
}
