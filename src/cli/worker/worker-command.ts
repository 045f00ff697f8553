import { X509Certificate } from 'node:crypto'
import { availableParallelism, cpus, freemem, hostname, loadavg, networkInterfaces } from 'node:os'
import { Command } from 'commander'
import { drawId, type WorkerOffer } from '../../actors/fleet/fleet-messages.js'
import { type FleetWorker, openFleetWorker } from '../../actors/fleet/fleet-worker.js'
import { ownVersions } from '../../actors/fleet/join-fleet.js'
import type { AddressListener, LinkSecurity } from '../../actors/supervision/cluster-spec.js'
import { InputError } from '../../events/errors.js'
import { openRendezvous } from '../../rendezvous/open-rendezvous.js'
import { createSealKeys } from '../../rendezvous/seal.js'
import { isFolder } from '../../storage/is-folder.js'
import { isLoopback } from '../../streams/links/loopback.js'
import { listenForLinks } from '../../streams/links/websocket-listener.js'
import { watchInterrupt } from '../interruption.js'
import { joinMissing } from '../join/join-flags.js'
import { inTermsOfJoinFlags } from '../join/join-rendezvous.js'
import { readJoin } from '../join/read-join.js'
import type { PrometheusRegistry } from '../metrics/prometheus-registry.js'
import { serveMetrics } from '../metrics/serve-metrics.js'
import type { Terminal } from '../terminal.js'
import { warn } from '../warn.js'
import { chooseListeners, describeListeners } from './choose-listener.js'
import { addWorkerFlags, type WorkerFlags } from './worker-flags.js'
import { createWorkerLog, type WorkerLog } from './worker-log.js'

type Series = readonly [name: string, help: string, value: (offer: WorkerOffer) => number]

const GAUGES: readonly Series[] = [
  ['worker_slots', 'Processes that the worker holds at most.', ({ slots }) => slots],
  ['worker_slots_taken', 'Processes that it holds.', ({ taken }) => taken.length],
  ['worker_leaving', 'Whether it takes no more runs.', ({ isLeaving }) => Number(isLeaving)],
  ['worker_load', 'Load of its machine in the last minute, per hardware thread.', ({ load }) => load],
  ['worker_free_memory_bytes', 'Free memory of its machine.', ({ freeMemory }) => freeMemory],
  ['worker_uptime_seconds', 'Time since it started.', ({ uptime }) => uptime],
]

/** What a worker says of itself, for Prometheus. */
async function createWorkerRegistry(offer: () => WorkerOffer): Promise<PrometheusRegistry> {
  const { Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  const named = (name: string, help: string) => ({ name: `antidrome_${name}`, help, registers: [registry] })
  for (const [name, help, value] of GAUGES)
    new Gauge({
      ...named(name, help),
      collect() {
        this.set(value(offer()))
      },
    })
  new Gauge({
    ...named('worker_core', 'A core that it holds, with the run it was engaged for and its process; always 1.'),
    labelNames: ['run', 'epoch', 'core', 'pid'],
    collect() {
      this.reset()
      for (const { run, epoch, cores, pid } of offer().taken)
        for (const core of cores) this.set({ run, epoch, core, pid }, 1)
    },
  })
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

/** `antidrome worker`: this machine holds cores of runs that others coordinate. */
export function workerCommand(terminal: Terminal): Command {
  const command = new Command('worker').description(
    'Hold cores for runs that coordinators elsewhere start with --join: run after run, until SIGTERM, which waits for the runs that there are.',
  )
  return addWorkerFlags(command, availableParallelism()).action((flags: WorkerFlags) => work(flags, terminal))
}

async function work(flags: WorkerFlags, terminal: Terminal): Promise<void> {
  const { json, slots, data, modules, insecure } = flags
  if (flags.join === undefined) throw joinMissing()
  await requireFolder('--data', data)
  await requireFolder('--modules', modules)
  const join = await readJoin(flags)
  const security = securityOf(insecure, join.tls)
  const machine = hostname()
  const name = flags.name ?? machine
  using interrupt = watchInterrupt()
  await using rendezvous = await openRendezvous({ ...join, name: `worker ${name}` }).catch((error: Error) => {
    throw inTermsOfJoinFlags(error, flags)
  })
  const log = createWorkerLog(terminal, name, json, Date.now)
  const watching = rendezvous.status$.subscribe((status) => log.status(status))
  const listenerOf = chooseListeners(flags, security, { seenAs: rendezvous.seenAs, own: ownAddresses() })
  const host = listenerOf?.(0).host ?? null
  if (security === null && host !== null && !isLoopback(host))
    warn(terminal, json, {
      code: 'LINKS_INSECURE',
      message: `links at ${host} are not encrypted: anyone who sees the traffic can read and change what is computed.`,
    })
  if (listenerOf !== null) await requireListeners(listenerOf, slots)
  const worker = await openFleetWorker({
    rendezvous,
    identity: { id: drawId(rendezvous.user), name, machine, pid: process.pid, versions: ownVersions() },
    condition: () => ({
      hardwareThreads: availableParallelism(),
      load: (loadavg()[0] ?? 0) / Math.max(1, cpus().length),
      freeMemory: freemem(),
      clock: Date.now(),
      uptime: process.uptime(),
    }),
    slots,
    listenerOf,
    server: join,
    authorities: join.tls?.ca,
    data,
    modules,
    sealKeys: await createSealKeys(),
    onEvent: (event) => log.event(event),
  })
  log.note(
    'ready',
    `worker ${name} waits for runs at ${rendezvous.server}, ${slots} ${slots === 1 ? 'slot' : 'slots'}, ${describeListeners(listenerOf, slots)}.`,
    { slots, server: rendezvous.server },
  )
  await using _metrics = await metricsOf(worker, flags, log)
  // The end of their input tells processes the same, but not one that has stopped.
  const killAll = () => void worker.stop()
  process.on('exit', killAll)
  await untilTold(worker, interrupt.signal, () =>
    log.note('leaving', 'leaves when the runs that it has are over; one more signal ends them.'),
  )
  process.off('exit', killAll)
  watching.unsubscribe()
}

/** The first signal lets it leave; another one ends this process, and with it those that it holds. */
async function untilTold(worker: FleetWorker, signal: AbortSignal, onLeaving: () => void): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  onLeaving()
  await worker.leave()
}

/** The page that Prometheus reads, if it is wanted. */
async function metricsOf(
  { offer }: FleetWorker,
  { metricsPort }: WorkerFlags,
  log: WorkerLog,
): Promise<AsyncDisposable | null> {
  if (metricsPort === undefined) return null
  const server = await serveMetrics(await createWorkerRegistry(offer), metricsPort)
  log.note('metrics', `metrics at ${server.url}`, { url: server.url })
  return { [Symbol.asyncDispose]: () => server.close() }
}

/** Raises `InputError` PORT_IN_USE, HOST_UNKNOWN and their like, which name --listen, where a slot could not listen. */
async function requireListeners(listenerOf: (slot: number) => AddressListener, slots: number): Promise<void> {
  for (let slot = 0; slot < slots; slot++) {
    const { host, port = 0 } = listenerOf(slot)
    await (await listenForLinks({ host, port })).close()
    // Any port that is free is the same for all.
    if (port === 0) return
  }
}

/** Refuses a certificate that no client would trust. */
function requireCurrent(cert: string, now: number): void {
  const { validFrom, validTo } = new X509Certificate(cert)
  if (Date.parse(validFrom) <= now && now <= Date.parse(validTo)) return
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--tls-cert',
    found: `a certificate that is valid from ${validFrom} to ${validTo}`,
    expected: `one that is valid now, ${new Date(now).toUTCString()} by the clock of this machine`,
    remedy: 'Renew it; if it should be valid, set the clock.',
  })
}

function securityOf(
  insecure: boolean,
  tls: { readonly cert?: string; readonly key?: string } | undefined,
): LinkSecurity | null {
  if (insecure) return null
  const { cert, key } = tls ?? {}
  if (cert !== undefined) requireCurrent(cert, Date.now())
  return cert === undefined || key === undefined ? { kind: 'psk' } : { kind: 'certificate', cert, key }
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))
}

async function requireFolder(flag: string, folder: string | undefined): Promise<void> {
  if (folder === undefined || (await isFolder(folder))) return
  throw new InputError({
    code: 'FLAG_VALUE',
    field: flag,
    found: JSON.stringify(folder),
    expected: 'a folder that is there',
  })
}
