import type { Network } from '../../network/description/network.js'
import { parseNetwork } from '../../network/file/parse-network.js'
import type { Link } from '../../streams/link.js'
import { createMemoryPorts } from '../../streams/links/memory-port.js'
import type { Port } from '../../streams/links/port.js'
import { systemClock } from '../../streams/system-clock.js'
import { ANY_MODULE, type ModulePolicy } from '../modules/module-policy.js'
import { createLoadedLosses } from '../partition/learning/loaded-losses.js'
import type { Neighbourhood } from '../partition/pathways/neighbours.js'
import { createTaskEncoder } from '../partition/tasks/task-encoder.js'
import { openKernelPool } from '../partition/threads/kernel-pool.js'
import type { CoreWorkerSpec, PartitionSpec } from './cluster-spec.js'
import { createCoreWorkerPulse } from './core-worker-pulse.js'
import { linkOverPort } from './links/link-over-port.js'
import type { PeerSecret } from './links/link-secrets.js'
import { type MachineServices, type Peers, runWorker } from './partition-worker.js'

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
      return runWorker({
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
