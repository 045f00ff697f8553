import { setImmediate } from 'node:timers/promises'
import { filter, firstValueFrom, map } from 'rxjs'
import type { WorkerPool } from '../../dynamics/kernels/simd/worker-pool.js'
import { recordOfError } from '../../events/error-record.js'
import { InternalError, RunError } from '../../events/errors.js'
import { placementHash } from '../../hardware/placement-hash.js'
import type { Network } from '../../network/description/network.js'
import { structureHash } from '../../network/file/structure-hash.js'
import { moduleReferences } from '../../network/modules/module-references.js'
import type { NoteVerbs } from '../../network/modules/module-verbs.js'
import type { Link } from '../../streams/link.js'
import { loadModules } from '../modules/load-modules.js'
import { identifyModules, requireSameModules } from '../modules/module-identity.js'
import type { ModulePolicy } from '../modules/module-policy.js'
import type { LoadedLosses } from '../partition/learning/loaded-losses.js'
import type { MemoryUse } from '../partition/partition.js'
import { type Neighbourhood, neighbourhood } from '../partition/pathways/neighbours.js'
import { messageOf } from '../partition/remote/partition-calls.js'
import { servePartition } from '../partition/remote/serve-partition.js'
import type { TaskEncoder } from '../partition/tasks/task-encoder.js'
import { createPartition } from '../partition/wiring/create-partition.js'
import { requireMemory } from '../require-memory.js'
import type { ListenerAddress, PartitionSpec } from './cluster-spec.js'
import { settlesWithin } from './core-worker.js'
import type { CoreWorkerPulse } from './core-worker-pulse.js'
import type { PeerSecret } from './links/link-secrets.js'
import type { StartOrder, StartReport } from './start-messages.js'

/** The way from one partition to the others. */
export interface Peers {
  /** Where the others find this one; null if they need not look. */
  readonly address: ListenerAddress | null
  /** Resolves once both sides have agreed. */
  linkTo(peer: PeerSecret, address: ListenerAddress | null): Promise<Link>
}

/** What a process or thread knows of its machine and of the modules that may be loaded on it. */
export interface MachineServices {
  /** Called with the user function that is being executed; optional. */
  readonly noteVerbs?: NoteVerbs | undefined
  /** A clock in seconds, for the time spent in kernels. */
  seconds(): number
  /** For metrics. */
  memory(): MemoryUse
  /** A clock in microseconds, the same for all processes of the machine, for traces. */
  microseconds(): number
}

export interface WorkerOptions extends MachineServices {
  readonly spec: PartitionSpec
  /** To the coordinator; not yet opened. */
  readonly control: Link
  openPeers(around: Neighbourhood, secrets: readonly PeerSecret[]): Promise<Peers>
  /** Reads a network file. */
  networkOf(text: string): Network
  /** Which modules may be loaded. */
  readonly modules: ModulePolicy
  /** Of all cores that share this process or thread. */
  readonly tasks: TaskEncoder
  /** Of all cores that share this process or thread. */
  readonly losses: LoadedLosses
  /** Of all cores that share this process or thread. */
  readonly pulse: CoreWorkerPulse
  /** Threads that share the work of the kernels; the caller that provides them closes them. */
  readonly pool: WorkerPool
}

/**
 * The life of one core of a process or thread: its partition is set up as the coordinator says, and served.
 *
 * Resolves when the coordinator has closed its link and everything here is closed; rejects as soon as that link breaks.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { spec, control, openPeers, networkOf, modules, tasks, losses, pulse } = options
  const links = new Map<number, Link>()
  pulse.include(control)
  const ended = new Promise<void>((resolve, reject) =>
    control.messages$.subscribe({ complete: resolve, error: reject }),
  )
  const say = (report: StartReport) => control.send({ kind: 'value', value: report })

  async function setUp(): Promise<void> {
    const [{ network: text, placement, secrets, modules: expected }] = await Promise.all([
      ordered(control, 'prepare'),
      control.opened,
    ])
    const network = networkOf(text)
    pulse.beat()
    if (structureHash(network) !== spec.structure) throw new InternalError('The network changed on its way.')
    if (placementHash(placement) !== spec.placement) throw new InternalError('The placement changed on its way.')
    requireSameModules(await identifyModules(moduleReferences(network), modules), expected)
    const loaded = await loadModules(network, modules, tellLoading)
    requireMemory({ network, cores: placement.cores.filter(({ core }) => core === spec.core) }, spec)
    const around = neighbourhood(network, placement, spec.kernel)
    const peers = await openPeers(around, secrets)
    const joined = ordered(control, 'join')
    say({ type: 'listening', address: peers.address })
    const { addresses } = await joined
    if (!(await join(peers, secrets, addresses))) return
    const partition = createPartition({
      ...spec,
      ...options,
      network,
      placement,
      // In the order of cores, whichever was quicker to agree.
      links: new Map([...links].sort(([one], [other]) => one - other)),
      beat: pulse.beat,
      flushed: pulse.flushed,
      memory: spec.metrics ? options.memory : undefined,
      trace: spec.trace ? options.microseconds : undefined,
      modules: loaded,
    })
    servePartition(control, partition, tasks.on(spec.core, network), losses)
    const watching = ordered(control, 'watch')
    say({ type: 'ready' })
    await watching
    for (const link of links.values()) link.watch()
  }

  /** What hangs as it is loaded leaves no time for a word. */
  async function tellLoading(module: string | null): Promise<void> {
    say({ type: 'loading', module })
    await pulse.flushed()
    await setImmediate()
  }

  /** False if a link could not be opened, which the coordinator then knows. */
  async function join(
    open: Peers,
    secrets: readonly PeerSecret[],
    addresses: readonly (ListenerAddress | null)[],
  ): Promise<boolean> {
    const tellBroken = (peer: number) => (error: unknown) => {
      say({ type: 'linkBroke', peer, error: recordOfError(error) })
      return null
    }
    const opened = await Promise.all(
      secrets.map(async (secret) => {
        const { peer } = secret
        const link = await open.linkTo(secret, addresses[peer] ?? null).catch(tellBroken(peer))
        link?.messages$.subscribe({ error: tellBroken(peer) })
        if (link === null) return null
        links.set(peer, link)
        pulse.include(link)
        return link
      }),
    )
    return opened.every((link) => link !== null)
  }

  /** Also a coordinator that gives signs of life may never end the start; once it has, its silence counts. */
  async function limitStart(): Promise<void> {
    const { core, startLimit, coordinatorSilence } = spec
    const limit = startLimit + coordinatorSilence
    if (await settlesWithin(ordered(control, 'watch'), limit)) {
      control.watch()
      return
    }
    const message = `The coordinator of core ${core} did not end the start within ${limit} ms.`
    control.fail(new RunError({ code: 'COORDINATOR_MISSING', message, details: { core, limit } }))
  }

  void limitStart()
  setUp().catch((error: unknown) => say({ type: 'refused', error: recordOfError(error) }))
  await ended
  await Promise.all([...links.values()].map((link) => link.close()))
}

function ordered<Type extends StartOrder['type']>(
  control: Link,
  type: Type,
): Promise<Extract<StartOrder, { readonly type: Type }>> {
  const orders$ = control.messages$.pipe(
    map((message) => (message.kind === 'value' ? messageOf<StartOrder>(message.value, type) : null)),
    filter((order) => order !== null),
  )
  return firstValueFrom(orders$) as Promise<Extract<StartOrder, { readonly type: Type }>>
}
