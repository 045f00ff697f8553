import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { RunError } from '../../events/errors.js'
import { messageOf } from '../../events/message-of.js'
import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR, type LinkOptions } from '../../streams/links/link-options.js'
import type { Neighbourhood } from '../partition/pathways/neighbours.js'
import type { HeldCore, ListenerAddress, ListenerSpec, PartitionSpec, ProcessSpec } from './cluster-spec.js'
import { settlesWithin } from './core-worker.js'
import { IN_PARTITION } from './in-partition.js'
import { writeLastWords, writeListenerAddress } from './last-output.js'
import { listenOptions, workerControlOptions } from './links/cluster-link-options.js'
import { dialLink } from './links/dial-link.js'
import { type LinkCarrier, SOCKETS } from './links/link-carrier.js'
import { linkOverPort, peerOptions } from './links/link-over-port.js'
import type { PeerSecret } from './links/link-secrets.js'
import type { Peers } from './links/neighbour-links.js'
import { openPeerListener, type PeerListener } from './links/peer-listener.js'
import { openRelay } from './links/relay/open-relay.js'
import { runCoreWorker } from './run-core-worker.js'
import { removeSocketFolder } from './socket-folder.js'
import { machineMicroseconds, memoryInUse, wallSeconds } from './system-clock.js'
import { verbLimit } from './verb-memory.js'
import { createVerbWitness } from './verb-witness.js'

/**
 * The process of one or more cores: its first line of standard input says what it is to do. When the input ends before
 * the coordinator has taken its leave, the coordinator is gone and the process ends.
 */
function main(): void {
  process.env[IN_PARTITION] = 'yes'
  const lines = createInterface({ input: process.stdin, terminal: false })
  let place: ListenerSpec | null = null
  /** Removes the folder of sockets, as the process that made it may be gone: a cluster that loses a core has ended. */
  const onEnd = () => {
    if (place !== null && 'path' in place) removeSocketFolder(dirname(place.path))
    process.exit(1)
  }
  lines.once('close', onEnd)
  lines.once('line', (line) => {
    const released = () => void lines.off('close', onEnd)
    const spec = JSON.parse(line) as ProcessSpec
    place = spec.door
    serve(spec, released).then(
      () => process.exit(0),
      (error: unknown) => {
        writeLastWords(messageOf(error))
        onEnd()
      },
    )
  })
  // The interrupt key reaches every process of a terminal; only the coordinator decides what comes of it.
  process.on('SIGINT', () => undefined)
}

/**
 * While this thread computes, it could send nothing over an encrypted socket of its own; a relay does.
 *
 * @param released called when the coordinator has taken its leave of all cores
 */
async function serve(spec: ProcessSpec, released: () => void): Promise<void> {
  if (!needsRelay(spec.door)) return serveOver(SOCKETS, spec, released)
  const relay = openRelay()
  const lost = relay.lost.then((error) => Promise.reject(error))
  try {
    await Promise.race([serveOver(relay, spec, released), lost])
  } finally {
    await relay.close()
  }
}

function needsRelay(listener: ListenerSpec): boolean {
  return 'nats' in listener || ('host' in listener && listener.security !== undefined)
}

async function serveOver(carrier: LinkCarrier, spec: ProcessSpec, released: () => void): Promise<void> {
  const { cores } = spec
  const limit = verbLimit(spec)
  const listener = await openPeerListener(spec.door, listenOptions(spec, spec.mostLinks), carrier)
  const controlOf =
    spec.coordinator === null
      ? await awaitControls(listener, spec)
      : await dialControls(spec.coordinator, spec, carrier)
  let held = cores.length
  const leave = () => {
    held--
    if (held === 0) released()
  }
  let introduced = 0
  await runCoreWorker({
    spec,
    modules: spec.modules,
    noteVerbs: limit === null ? undefined : createVerbWitness(limit),
    async controlOf(own) {
      const control = await controlOf(own)
      control.messages$.subscribe({ complete: leave, error: () => undefined })
      return control
    },
    async openPeers(own, around, secrets) {
      const peers = await openProcessPeers({ listener, carrier }, { ...spec, ...own }, around, secrets)
      introduced++
      if (introduced === cores.length) listener.seal()
      return peers
    },
    seconds: wallSeconds,
    memory: memoryInUse,
    microseconds: machineMicroseconds,
  })
  await listener.close()
}

type ControlOf = (own: PartitionSpec) => Promise<Link>

/** The coordinator dials each core, once it has received the address. */
async function awaitControls(listener: PeerListener, spec: ProcessSpec): Promise<ControlOf> {
  const { cores, ...rest } = spec
  const controls = new Map(
    cores.map((held) => {
      const optionsFor = (refusal: NonNullable<LinkOptions['refusal']>) =>
        workerControlOptions({ ...rest, ...held }, { role: 'accept', refusal })
      return [held.core, listener.expect({ ...held, own: held.core, peer: COORDINATOR, optionsFor })]
    }),
  )
  await listener.ready()
  writeListenerAddress(listener.address)
  return async ({ core, startLimit }) => {
    const control = ofCore(controls, core)
    if (await settlesWithin(control, startLimit)) return control
    throw new RunError({
      code: 'COORDINATOR_MISSING',
      message: `The coordinator of core ${core} did not come within ${startLimit} ms.`,
      details: { core, limit: startLimit },
    })
  }
}

/** Addresses are handed out once all processes listen. */
async function dialControls(
  coordinator: ListenerAddress,
  { cores, startLimit: patience, authorities }: ProcessSpec,
  carrier: LinkCarrier,
): Promise<ControlOf> {
  const dial = async ({ core, secret }: HeldCore) =>
    [
      core,
      await dialLink(coordinator, { own: core, peer: COORDINATOR, secret, patience, authorities }, carrier),
    ] as const
  const ports = new Map(await Promise.all(cores.map(dial)))
  return async (own) => createLink(ofCore(ports, own.core), workerControlOptions(own, { role: 'dial' }))
}

function ofCore<Way>(ways: ReadonlyMap<number, Way>, core: number): Way {
  const way = ways.get(core)
  if (way === undefined) throw new RangeError(`core ${core} is not held here`)
  return way
}

/** A core of a process, among others behind the listener of that process. */
type ListenerOwner = PartitionSpec & Pick<ProcessSpec, 'cores' | 'authorities'>

/** The ways of a process to others. */
interface Ways {
  readonly listener: PeerListener
  readonly carrier: LinkCarrier
}

/**
 * Ways of a core to those of other processes: of two, the one with the higher number dials. Resolves once they can.
 */
async function openProcessPeers(
  { listener, carrier }: Ways,
  keeper: ListenerOwner,
  around: Neighbourhood,
  secrets: readonly PeerSecret[],
): Promise<Peers> {
  const { core, cores, startLimit: patience, authorities } = keeper
  const isElsewhere = (peer: number) => cores.every((held) => held.core !== peer)
  const higher = secrets.filter(({ peer }) => peer > core && isElsewhere(peer))
  const guests = new Map(
    higher.map((secret) => [
      secret.peer,
      listener.expect({
        own: core,
        peer: secret.peer,
        secret: secret.secret,
        optionsFor: (refusal) => ({ ...peerOptions(keeper, secret, around), refusal }),
      }),
    ]),
  )
  await listener.ready()
  return {
    address: listener.address,
    async linkTo(secret, address) {
      const guest = guests.get(secret.peer)
      if (guest !== undefined) return guest
      if (address === null) throw new RangeError(`core ${secret.peer} has no address`)
      const port = await dialLink(address, { ...secret, own: core, patience, authorities }, carrier)
      return linkOverPort(port, keeper, secret, around)
    },
  }
}

main()
