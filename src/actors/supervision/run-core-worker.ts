import { setImmediate as afterTurn } from 'node:timers/promises'
import { filter, firstValueFrom, map } from 'rxjs'
import type { WorkerPool } from '../../dynamics/kernels/simd/worker-pool.js'
import { recordOfError } from '../../events/error-record.js'
import { InternalError, RunError } from '../../events/errors.js'
import { placementHash } from '../../hardware/placement-hash.js'
import type { Network } from '../../network/description/network.js'
import { parseNetwork } from '../../network/file/parse-network.js'
import { structureHash } from '../../network/file/structure-hash.js'
import { moduleReferences } from '../../network/modules/module-references.js'
import type { NoteVerbs } from '../../network/modules/module-verbs.js'
import type { Link } from '../../streams/link.js'
import { createMemoryPorts } from '../../streams/links/memory-port.js'
import type { Port } from '../../streams/links/port.js'
import { systemClock } from '../../streams/system-clock.js'
import { loadModules } from '../modules/load-modules.js'
import { identifyModules, requireSameModules } from '../modules/module-identity.js'
import { ANY_MODULE, type ModulePolicy } from '../modules/module-policy.js'
import { createLoadedLosses, type LoadedLosses } from '../partition/learning/loaded-losses.js'
import type { MemoryUse } from '../partition/partition.js'
import { type Neighbourhood, neighbourhood } from '../partition/pathways/neighbours.js'
import { messageOf } from '../partition/remote/partition-calls.js'
import { servePartition } from '../partition/remote/serve-partition.js'
import { createTaskEncoder, type TaskEncoder } from '../partition/tasks/task-encoder.js'
import { openKernelPool } from '../partition/threads/kernel-pool.js'
import { createPartition, type PartitionOptions } from '../partition/wiring/create-partition.js'
import { requireMemory } from '../require-memory.js'
import type { CoreWorkerSpec, PartitionSpec } from './cluster-spec.js'
import { settlesWithin } from './core-worker.js'
import { type CoreWorkerPulse, createCoreWorkerPulse } from './core-worker-pulse.js'
import { linkOverPort } from './links/link-over-port.js'
import type { PeerSecret } from './links/link-secrets.js'
import { createNeighbourLinks, type NeighbourLinks, type Peers } from './links/neighbour-links.js'
import type { StartOrder, StartReport } from './start-messages.js'

/** What a process or thread knows of its machine and of the modules that may be loaded on it. */
interface MachineServices {
  /** Called with the user function that is being executed; optional. */
  readonly noteVerbs?: NoteVerbs | undefined
  /** A clock in seconds, for the time spent in kernels. */
  seconds(): number
  /** For metrics. */
  memory(): MemoryUse
  /** A clock in microseconds, the same for all processes of the machine, for traces. */
  microseconds(): number
}

export interface CoreWorkerOptions extends MachineServices {
  readonly spec: CoreWorkerSpec
  /** Default: any. */
  readonly modules?: ModulePolicy | undefined
  /** A core's link to the coordinator, over which nothing has come yet. */
  controlOf(spec: PartitionSpec): Promise<Link>
  /** The ways to cores elsewhere. */
  openPeers(spec: PartitionSpec, around: Neighbourhood, secrets: readonly PeerSecret[]): Promise<Peers>
}

/**
 * The life of a process or thread: each of its cores is set up and served as if it were alone, over links of its own, so
 * that every observer sees cores, wherever they are. The cores compute in turn and share the threads of the kernels.
 *
 * Resolves when the coordinator has closed all links and everything here is closed; rejects as soon as one of them breaks.
 */
export async function runCoreWorker(options: CoreWorkerOptions): Promise<void> {
  const {
    spec: { cores, ...spec },
    controlOf,
    openPeers,
    modules = ANY_MODULE,
    ...machine
  } = options
  const pool = openKernelPool(spec.threads)
  const pulse = createCoreWorkerPulse(spec.heartbeat, systemClock().now)
  const mates = createCoLocatedCores(cores.map(({ core }) => core))
  const networkOf = createReading()
  const tasks = createTaskEncoder(pulse.beat, modules, machine.noteVerbs)
  const losses = createLoadedLosses(modules, pulse.beat)
  await Promise.all(
    cores.map(async (held) => {
      const own: PartitionSpec = { ...spec, ...held }
      return runCore({
        ...machine,
        spec: own,
        control: await controlOf(own),
        async openPeers(around, secrets) {
          const others = await openPeers(own, around, secrets)
          return {
            ...others,
            linkTo: (secret, address) =>
              mates.has(secret.peer)
                ? linkOverPort(mates.port(own.core, secret.peer), own, secret, around)
                : others.linkTo(secret, address),
          }
        },
        networkOf,
        modules,
        tasks,
        losses,
        pulse,
        pool,
      })
    }),
  )
  await pool.close()
}

/** What the cores of a process or thread share. */
interface SharedByCores extends MachineServices {
  /** Reads a network file. */
  networkOf(text: string): Network
  /** Which modules may be loaded. */
  readonly modules: ModulePolicy
  readonly tasks: TaskEncoder
  readonly losses: LoadedLosses
  readonly pulse: CoreWorkerPulse
  /** Threads that share the work of the kernels. */
  readonly pool: WorkerPool
}

interface CoreOptions extends SharedByCores {
  readonly spec: PartitionSpec
  /** To the coordinator; not yet opened. */
  readonly control: Link
  openPeers(around: Neighbourhood, secrets: readonly PeerSecret[]): Promise<Peers>
}

/**
 * The life of one core of a process or thread: its partition is set up as the coordinator says, and served.
 *
 * Resolves when the coordinator has closed its link and everything here is closed; rejects as soon as that link breaks.
 */
async function runCore(options: CoreOptions): Promise<void> {
  const { spec, control, pulse } = options
  pulse.include(control)
  const ended = new Promise<void>((resolve, reject) =>
    control.messages$.subscribe({ complete: resolve, error: reject }),
  )
  const say = (report: StartReport) => control.send({ kind: 'value', value: report })
  const links = createNeighbourLinks(say, pulse)
  void limitStart(control, spec)
  setUp(options, links, say).catch((error: unknown) => say({ type: 'refused', error: recordOfError(error) }))
  await ended
  await links.close()
}

async function setUp(
  { openPeers, networkOf, ...options }: CoreOptions,
  links: NeighbourLinks,
  say: (report: StartReport) => void,
): Promise<void> {
  const { spec, control, modules, tasks, losses, pulse } = options
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
  const count = placement.cores.length
  const core = spec.core % count
  requireMemory({ network, cores: placement.cores.filter((each) => each.core === core) }, spec)
  const around = neighbourhood(network, placement, spec)
  const peers = await openPeers(around, secrets)
  const joined = ordered(control, 'join')
  say({ type: 'listening', address: peers.address })
  const { addresses } = await joined
  if (!(await links.open(peers, secrets, addresses))) return
  const partition = createPartition({
    ...spec,
    ...options,
    network,
    placement,
    core,
    ...linksOf(links.inOrder(), spec, count),
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
  links.watch()

  /** What hangs as it is loaded leaves no time for a word. */
  async function tellLoading(module: string | null): Promise<void> {
    say({ type: 'loading', module })
    await pulse.flushed()
    await afterTurn()
  }
}

/** The links of a member of the cluster: to its neighbours in the replica by core, and to the other replicas of its core. */
function linksOf(
  links: ReadonlyMap<number, Link>,
  { core: member, replicas }: PartitionSpec,
  cores: number,
): Pick<PartitionOptions, 'links' | 'among'> {
  const own = Math.floor(member / cores)
  const within = [...links].filter(([peer]) => Math.floor(peer / cores) === own)
  const across = Array.from({ length: replicas }, (_, replica) => links.get(replica * cores + (member % cores)) ?? null)
  return {
    links: new Map(within.map(([peer, link]) => [peer % cores, link])),
    among: replicas === 1 ? undefined : { own, cores, links: across },
  }
}

/** Also a coordinator that gives signs of life may never end the start; once it has, its silence counts. */
async function limitStart(control: Link, { core, startLimit, coordinatorSilence }: PartitionSpec): Promise<void> {
  const limit = startLimit + coordinatorSilence
  if (await settlesWithin(ordered(control, 'watch'), limit)) {
    control.watch()
    return
  }
  const message = `The coordinator of core ${core} did not end the start within ${limit} ms.`
  control.fail(new RunError({ code: 'COORDINATOR_MISSING', message, details: { core, limit } }))
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

/** Every core receives the same network; it is read once. */
function createReading(): (text: string) => Network {
  let last: { readonly text: string; readonly network: Network } | null = null
  return (text) => {
    if (last?.text !== text) last = { text, network: parseNetwork(text, undefined, { modules: 'file:///' }) }
    return last.network
  }
}

/** Ways between the cores of one process or thread. */
interface CoLocatedCores {
  has(core: number): boolean
  /** A core's end of its way to another. */
  port(core: number, mate: number): Port
}

/**
 * Nothing leaves memory, but all else is as between core workers: frames, credits and a handshake, so what is counted of a
 * link does not depend on where its ends are.
 *
 * A frame arrives in a turn of its own of the event loop, or what comes from outside would wait until the cores here have
 * nothing left to say to each other.
 */
function createCoLocatedCores(cores: readonly number[]): CoLocatedCores {
  const ports = new Map<string, Port>()
  const nameOf = (core: number, mate: number) => `${core}-${mate}`
  cores.forEach((low, place) => {
    for (const high of cores.slice(place + 1)) {
      const { left, right } = createMemoryPorts((arrive) => void setImmediate(arrive))
      ports.set(nameOf(low, high), left)
      ports.set(nameOf(high, low), right)
    }
  })
  return {
    has: (core) => cores.includes(core),
    port(core, mate) {
      const port = ports.get(nameOf(core, mate))
      if (port === undefined) throw new RangeError(`core ${core} has no way to core ${mate} in memory`)
      return port
    },
  }
}
