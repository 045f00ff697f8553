import type { WorkerOffer } from '../../../actors/fleet/fleet-messages.js'
import { freeSlots } from '../../../actors/fleet/pick-slots.js'
import { type TriedListener, tryListeners } from '../../../actors/fleet/try-listeners.js'
import type { ListenerAddress } from '../../../actors/supervision/cluster-spec.js'
import { RunError } from '../../../events/errors.js'
import type { Rendezvous } from '../../../rendezvous/rendezvous.js'
import type { SelfCheck } from '../self-check.js'
import { attempt } from './attempt.js'

/** How workers are dialled: whom to trust, and how long for, in ms. */
export interface Dialling {
  readonly authorities: string | undefined
  readonly limit: number
}

const EXPECTED = 'an open link, as a run opens it'

/** Starts a process in every free slot of a worker, and opens a link to it from here. */
export async function checkPorts(
  rendezvous: Rendezvous,
  whose: string,
  offer: WorkerOffer,
  dialling: Dialling,
): Promise<readonly SelfCheck[]> {
  const check = `ports of ${whose}`
  const passed = (found: string): SelfCheck => ({ check, ok: true, found, expected: EXPECTED })
  if (!offer.isDialled) return [passed('not to be dialled (--listen none): of use with --transport nats alone')]
  if (offer.isLeaving) return [passed('not tried, for it leaves')]
  if (freeSlots(offer) === 0) return [passed('not tried, for all its slots are taken')]
  const made = await attempt(check, EXPECTED, () => tryListeners(rendezvous, offer, dialling))
  if ('failure' in made) return [made.failure]
  return Promise.all(made.result.map((tried) => checkListener(whose, offer, tried, dialling.limit)))
}

async function checkListener(
  whose: string,
  { machine }: WorkerOffer,
  { door, failure }: TriedListener,
  limit: number,
): Promise<SelfCheck> {
  const place = door === null ? null : hostAndPort(door)
  const check = place === null ? `ports of ${whose}` : `port ${place} of ${whose}`
  const made = await attempt(check, EXPECTED, async () => {
    if (failure !== null) throw place === null ? failure : inWords(failure, place, machine, limit)
    return `reached, ${door === null ? '' : securityInWords(door)}`
  })
  return 'failure' in made ? made.failure : { check, ok: true, found: made.result, expected: EXPECTED }
}

function hostAndPort({ url }: ListenerAddress): string {
  return url.replace(/^wss?:\/\//, '')
}

function securityInWords({ security }: ListenerAddress): string {
  if (security === null) return 'not encrypted (--insecure)'
  return security === 'psk' ? 'TLS with the secret of the link' : 'TLS with a certificate'
}

/** What goes wrong on the way to a port, by what the system says of it; what is wrong with TLS is said by the link. */
function inWords(error: Error, place: string, machine: string, limit: number): Error {
  const port = place.slice(place.lastIndexOf(':') + 1)
  const of = (what: string, remedy: string) =>
    new RunError({ code: 'LINK_UNREACHABLE', message: what, remedy, cause: error })
  const cause = error.cause instanceof Error ? error.cause : error
  switch ('code' in cause ? cause.code : undefined) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return of(
        'The name has no address here.',
        `Put it into the DNS or /etc/hosts, or start the worker with --advertise ADDRESS:PORT.`,
      )
    case 'ECONNREFUSED':
      return of(
        'Refused: no process listens there.',
        `The worker on ${machine} does listen, so see whether --advertise names it, and whether a router passes port ${port} on to it.`,
      )
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return of(
        'No way leads there from this machine.',
        'See to a route, or start the worker with --advertise ADDRESS:PORT of an address that is reached from here.',
      )
    default:
      if (!/within \d+ ms|ETIMEDOUT/.test(cause.message)) return error
      return of(
        `Timed out: no reply within ${limit / 1000} s.`,
        `Let port ${port} of ${machine} through the firewalls on the way from here, or start the worker with --listen or --advertise of an address that is reached.`,
      )
  }
}
