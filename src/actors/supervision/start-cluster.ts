import type { InputError } from '../../events/errors.js'
import type { Placement } from '../../hardware/placement.js'
import type { Network } from '../../network/description/network.js'
import { formatNetwork } from '../../network/file/format-network.js'
import type { Link } from '../../streams/link.js'
import { LinkError } from '../../streams/link-error.js'
import { reviveError } from '../../streams/revive-error.js'
import { systemClock } from '../../streams/system-clock.js'
import type { Computation } from '../computation-options.js'
import type { ModuleIdentity } from '../modules/module-identity.js'
import type { Partition } from '../partition/partition.js'
import { neighbourhood } from '../partition/pathways/neighbours.js'
import { isReply, takeReadable } from '../partition/remote/partition-calls.js'
import { createRemotePartition, partitionOfCalls, type RemotePartition } from '../partition/remote/remote-partition.js'
import { heldCores } from '../partition/replies/held-core.js'
import { replyReader } from '../partition/replies/read-replies.js'
import type { ListenerAddress } from './cluster-spec.js'
import { type CoreWorker, endCoreWorker, type Patience, settlesWithin } from './core-worker.js'
import { clusterClosed, endControls } from './end-controls.js'
import { interruptionOf } from './interruption-of.js'
import type { Launcher } from './launcher.js'
import { startReportReader } from './read-start-report.js'
import type { StartOrder, StartReport } from './start-messages.js'
import { createSupervisor, type Supervisor } from './supervisor.js'
import { startWatchdog } from './watchdog.js'

/** Partitions elsewhere, ready for orders, and watched. */
export interface Cluster {
  readonly partitions: readonly Partition[]
  readonly supervisor: Supervisor
}

export interface StartOptions extends Pick<Computation, 'seed'>, Partial<Pick<Computation, 'kernel'>> {
  readonly network: Network
  readonly placement: Placement
  readonly launcher: Launcher
  /** Of all cores; default 1. */
  readonly replicas?: number
  /** The code of the modules that the network names; default: it names none. */
  readonly modules?: readonly ModuleIdentity[]
  readonly startLimit: number
  /** Every core says a word at least so often, in ms, or has fallen silent; default: it need not. */
  readonly heartbeat?: number
  /** See `ClusterOptions`; default: never. */
  readonly stall?: number
  /** Once aborted, every core worker ends at once, during the start and after it. */
  readonly signal?: AbortSignal | undefined
}

/** Survivors notice within this many ms that a peer is gone, unless they are deep in a kernel. */
const GATHER_LIMIT = 500

/** Number of missing heartbeats that make a silence. */
const HEARTBEATS = 4

/** How long an orderly end may take, in ms: no work is left, so a core worker that takes longer will never end. */
const CLOSE_LIMIT = 2000

const ORDERLY: Patience = { dismissed: 2000, terminated: 1000 }
/** After a failure: a process that can end by itself does so at once. */
const AT_ONCE: Patience = { dismissed: 300, terminated: 300 }
/** After an interruption: nothing that anybody could still say is waited for. */
const BY_FORCE: Patience = { dismissed: 0, terminated: 0 }

/**
 * Sets up the partitions that a launcher has started; resolves when all are ready.
 *
 * Rejects with the one error that explains why they are not, and then every core worker has ended.
 */
export async function startCluster(options: StartOptions): Promise<Cluster> {
  const { launcher, startLimit, stall = Number.POSITIVE_INFINITY, signal } = options
  const { neighbours } = neighbourhood(options.network, options.placement, options)
  const limits = { startLimit, gatherLimit: GATHER_LIMIT }
  const each = (options.replicas ?? 1) === 1 ? undefined : options.placement.cores.length
  const supervisor = createSupervisor({
    neighbours,
    ...limits,
    unheard: (core) => cores.unheard(core),
    loadingOn: (core) => cores.loadingOn(core),
    where: { each, workerOf: (core) => coreWorkerOf(launcher, core)?.worker ?? null },
    end,
  })
  const cores = createCoordinatedCores(options, neighbours, supervisor)
  let endWatch: () => void = () => undefined
  const interrupt = () => supervisor.interrupt(interruptionOf(signal as AbortSignal))
  signal?.addEventListener('abort', interrupt)
  for (const { cores: held, ended } of launcher.coreWorkers)
    void ended.then((reached) => supervisor.report({ kind: 'ended', cores: held, end: reached }))
  cores.welcome()
  if (signal?.aborted === true) interrupt()
  await supervisor.opened
  cores.watch()
  endWatch = startWatchdog({
    partitions: cores.partitions,
    limit: stall,
    each,
    clock: systemClock(),
    onStall: (error) => supervisor.interrupt(error),
  })
  return { partitions: cores.partitions.map((partition) => supervised(partition, supervisor)), supervisor }

  async function end(failure: Error | null): Promise<void> {
    endWatch()
    cores.welcomeNoMore()
    const isOrderly = failure === null && (await settlesWithin(cores.close(), CLOSE_LIMIT))
    endControls(launcher, failure ?? clusterClosed())
    const patience = isOrderly ? ORDERLY : signal?.aborted === true ? BY_FORCE : AT_ONCE
    await Promise.all(launcher.coreWorkers.map((coreWorker) => endCoreWorker(coreWorker, patience)))
    signal?.removeEventListener('abort', interrupt)
    await launcher.close(failure)
  }
}

/** The cores of a cluster as the coordinator sees them, at the other ends of its control links. */
interface CoordinatedCores {
  readonly partitions: readonly RemotePartition[]
  /** Sends network and placement to every core whose link opens, and the addresses of all once all listen. */
  welcome(): void
  /** The cluster ends: links that open now are left alone. */
  welcomeNoMore(): void
  /** All cores are ready: from now on their silence counts. */
  watch(): void
  /** For how many ms a core has been silent, where that is longer than it may be; null: it is not. */
  unheard(core: number): number | null
  /** The module that a core is loading. */
  loadingOn(core: number): string | null
  close(): Promise<void>
}

function createCoordinatedCores(
  options: StartOptions,
  neighbours: readonly (readonly number[])[],
  supervisor: Supervisor,
): CoordinatedCores {
  const { network, placement, launcher, startLimit, heartbeat = Number.POSITIVE_INFINITY, modules = [] } = options
  const controls: Link[] = []
  const partitions: RemotePartition[] = []
  let isEnding = false
  const heldBy = heldCores({ network, placement, kernel: options.kernel, seed: options.seed, neighbours })
  const text = formatNetwork(network)
  const reports = createStartReports(launcher, supervisor, (addresses) => {
    for (const control of controls) tell(control, { type: 'join', addresses })
  })

  function welcome(core: number, control: Link): void {
    if (isEnding) return
    controls[core] = control
    const refuse = (error: InputError) => {
      supervisor.report({ kind: 'foul', core, error })
      control.fail(error)
    }
    partitions[core] = createRemotePartition(control, core, { readReply: replyReader(heldBy(core)), refuse })
    const lost = (error: Error) => reports.linkBroke(null, core, error)
    const readReport = startReportReader(neighbours[core] ?? [])
    control.messages$.subscribe({
      next: (message) => {
        if (message.kind !== 'value' || isReply(message.value)) return
        takeReadable(() => reports.take(core, readReport(message.value, 'report')), refuse)
      },
      error: lost,
      complete: () => lost(leftEarly(control)),
    })
    const secrets = launcher.secrets.towards(core, neighbours[core] ?? [])
    tell(control, { type: 'prepare', network: text, placement, modules, secrets })
  }

  return {
    partitions,
    welcome: () =>
      launcher.controls.forEach((opening, core) => {
        opening.then(
          (control) => welcome(core, control),
          (error: Error) => reports.linkBroke(null, core, error),
        )
      }),
    welcomeNoMore() {
      isEnding = true
    },
    watch() {
      for (const control of controls) {
        control.watch()
        tell(control, { type: 'watch' })
      }
    },
    /** Who has never come was silent all the time. */
    unheard(core) {
      const control = controls[core]
      if (control === undefined) return startLimit
      return control.unheard < HEARTBEATS * heartbeat ? null : Math.min(Math.round(control.unheard), startLimit)
    },
    loadingOn: reports.loadingOn,
    async close() {
      await Promise.allSettled(partitions.map((partition) => partition.close()))
      await Promise.allSettled(controls.map((control) => control.close()))
    },
  }
}

/** Takes what cores report of their start and of their links. */
interface StartReports {
  take(core: number, report: StartReport): void
  /** @param core that has seen it; null: the coordinator */
  linkBroke(core: number | null, peer: number, error: Error): void
  loadingOn(core: number): string | null
}

/** @param introduce called with the addresses of all cores once all listen */
function createStartReports(
  launcher: Launcher,
  supervisor: Supervisor,
  introduce: (addresses: readonly (ListenerAddress | null)[]) => void,
): StartReports {
  const addresses = new Map<number, ListenerAddress | null>()
  /** Modules, by core. */
  const loading = new Map<number, string>()

  function linkBroke(core: number | null, peer: number, error: Error): void {
    supervisor.report({ kind: 'link', core, peer, error })
    if (supervisor.failure() === null) coreWorkerOf(launcher, peer)?.look?.()
  }

  return {
    take(core, report) {
      switch (report.type) {
        case 'listening':
          addresses.set(core, report.address)
          supervisor.markListening(core)
          if (addresses.size === launcher.controls.length)
            introduce(launcher.controls.map((_, other) => addresses.get(other) ?? null))
          break
        case 'loading':
          if (report.module === null) loading.delete(core)
          else loading.set(core, report.module)
          break
        case 'ready':
          supervisor.markReady(core)
          break
        case 'refused':
          supervisor.report({ kind: 'refused', core, error: reviveError(report.error) })
          break
        case 'linkBroke':
          linkBroke(core, report.peer, reviveError(report.error))
      }
    },
    linkBroke,
    loadingOn: (core) => loading.get(core) ?? null,
  }
}

function coreWorkerOf({ coreWorkers }: Launcher, core: number): CoreWorker | undefined {
  return coreWorkers.find(({ cores }) => cores.includes(core))
}

/** A partition whose calls fail with the error of its cluster, and whose end is the supervisor's. */
function supervised({ core, call, abort }: RemotePartition, supervisor: Supervisor): Partition {
  const partition = partitionOfCalls(core, {
    call: (order) => supervisor.guard(core, () => call(order)),
    abort,
  })
  return { ...partition, close: async () => undefined }
}

function tell(control: Link, order: StartOrder): void {
  control.send({ kind: 'value', value: order })
}

function leftEarly({ name, peer }: Link): LinkError {
  return new LinkError({
    code: 'LINK_CLOSED',
    link: name,
    peer,
    what: `${peer} left before it was dismissed`,
    watermark: null,
  })
}
