import type { AddressListener, LinkSecurity } from '../../actors/supervision/cluster-spec.js'
import { InputError } from '../../events/errors.js'
import { NOWHERE, type WorkerFlags } from './worker-flags.js'

/** What is known of this machine's place in the network. */
export interface Whereabouts {
  /** Its address as the server sees it; null: unknown. */
  readonly seenAs: string | null
  /** Its own addresses. */
  readonly own: readonly string[]
}

const EVERYWHERE: readonly string[] = ['0.0.0.0', '::']

/**
 * Where the process of each slot listens, and what others dial: what the flags say, else the address that the server sees,
 * as everybody else can see it there, too; null where the flags say that no process can dial it.
 *
 * Raises `InputError` ADDRESS_UNKNOWN where neither is of use, FLAG_VALUE for a range that has too few ports.
 */
export function chooseListeners(
  { listen, advertise, slots }: Pick<WorkerFlags, 'listen' | 'advertise' | 'slots'>,
  security: LinkSecurity | null,
  { seenAs, own }: Whereabouts,
): ((slot: number) => AddressListener) | null {
  if (listen === NOWHERE) return null
  const ports = listen?.ports ?? null
  if (ports !== null && ports.to - ports.from + 1 < slots) throw tooFewPorts(ports.to - ports.from + 1, slots)
  const seen = seenAs !== null && own.includes(seenAs) ? seenAs : null
  const host = listen?.host ?? seen
  if (host === null) throw addressUnknown('--listen', seenAs)
  const told = advertise?.host ?? (EVERYWHERE.includes(host) ? seen : host)
  if (told === null) throw addressUnknown('--advertise', seenAs)
  return (slot) => {
    const port = advertise?.port === undefined ? {} : { port: advertise.port + slot }
    return {
      host,
      ...(ports === null ? {} : { port: ports.from + slot }),
      ...(told === host && advertise === undefined ? {} : { advertise: { host: told, ...port } }),
      ...(security === null ? {} : { security }),
    }
  }
}

/** For people: what others dial, and where the processes of all slots listen if that is another place. */
export function describeListeners(listenerOf: ((slot: number) => AddressListener) | null, slots: number): string {
  if (listenerOf === null) return 'links by way of the server alone'
  const listeners = Array.from({ length: slots }, (_, slot) => listenerOf(slot))
  const listened = placeOf(listeners)
  const dialled = placeOf(listeners.map((door) => ({ ...door, ...door.advertise })))
  return dialled === listened ? `links at ${dialled}` : `links at ${dialled}, listening at ${listened}`
}

/** As `--listen` has it, and as one place though each slot has a port of its own. */
function placeOf(listeners: readonly Pick<AddressListener, 'host' | 'port'>[]): string {
  const [{ host, port } = { host: '' }] = listeners
  const last = listeners.at(-1)?.port
  const name = host.includes(':') ? `[${host}]` : host
  if (port === undefined) return name
  return last === port ? `${name}:${port}` : `${name}:${port}-${last}`
}

function tooFewPorts(found: number, slots: number): InputError {
  return new InputError({
    code: 'FLAG_VALUE',
    field: '--listen',
    found: `${found} ${found === 1 ? 'port' : 'ports'}`,
    expected: `a port for each of ${slots} slots`,
    remedy: 'Give a longer range, fewer --slots, or no port at all for any that are free.',
  })
}

function addressUnknown(field: string, seenAs: string | null): InputError {
  return new InputError({
    code: 'ADDRESS_UNKNOWN',
    field,
    found:
      seenAs === null
        ? 'nothing, and the server does not say'
        : `nothing, and the server sees ${seenAs}, which is not of this machine`,
    expected: 'the address at which other machines reach this one',
    remedy:
      'Give --listen HOST and, where others see another address, --advertise HOST:PORT; or --listen none, for runs with --transport nats alone.',
  })
}
