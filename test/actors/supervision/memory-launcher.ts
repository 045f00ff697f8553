import type { ClusterSpec } from '../../../src/actors/supervision/cluster-spec.js'
import type { CoreWorker, HostingWorker } from '../../../src/actors/supervision/core-worker.js'
import type { CoreWorkerEnd } from '../../../src/actors/supervision/failure-report.js'
import type { Launcher } from '../../../src/actors/supervision/launcher.js'
import { controlOptions, workerControlOptions } from '../../../src/actors/supervision/links/cluster-link-options.js'
import { linkOverPort } from '../../../src/actors/supervision/links/link-over-port.js'
import { drawLinkSecrets } from '../../../src/actors/supervision/links/link-secrets.js'
import { runCoreWorker } from '../../../src/actors/supervision/run-core-worker.js'
import { createDeferred } from '../../../src/events/deferred.js'
import type { Placement } from '../../../src/hardware/placement.js'
import { placementHash } from '../../../src/hardware/placement-hash.js'
import type { Network } from '../../../src/network/description/network.js'
import { structureHash } from '../../../src/network/file/structure-hash.js'
import type { Link } from '../../../src/streams/link.js'
import { createLink } from '../../../src/streams/links/create-link.js'
import { COORDINATOR } from '../../../src/streams/links/link-options.js'
import { createMemoryPorts } from '../../../src/streams/links/memory-port.js'
import type { Port } from '../../../src/streams/links/port.js'
import { clusterSpec } from '../../support/cluster-spec.js'

/** Partitions that run in this process, yet are linked and set up like others; a test may lay hands on them. */
export interface MemoryLauncher extends Launcher {
  /** The ends of the control links at the partitions. */
  readonly workers: readonly { readonly control: Link; readonly port: Port }[]
  /** The port through which a core sends to another. */
  portBetween(core: number, peer: number): Port
  /** How each core worker was ended, in order: `0 dismiss`, by its first core. */
  readonly ended: readonly string[]
  /** From now on nothing reaches a core, and nothing comes from it, as if its process had been stopped. */
  freeze(core: number): void
  /** Lets the core worker of a core end as if its process had, or, where that is only reported, go on. */
  die(core: number, end: CoreWorkerEnd, how?: 'as is reported'): void
}

export interface MemoryLauncherOptions {
  readonly network: Network
  readonly placement: Placement
  readonly seed?: number
  /** Per core worker: the cores it holds; default: one each. */
  readonly dealt?: readonly (readonly number[])[]
  /** In ms. */
  readonly silence?: number
  /** Cores that never say a word. */
  readonly mute?: readonly number[]
  /** A core that never gets as far as links to its neighbours, though it says a word. */
  readonly stalled?: number
  /** A core whose process never comes so far as to say who it is. */
  readonly absent?: number
  /** A core whose spikes never reach another, though it believes so. */
  readonly muffled?: { readonly core: number; readonly towards: number }
  /** What a core tells the coordinator in the place of a value. */
  readonly forge?: (core: number, value: unknown) => unknown
  /** Worker of another machine that holds all cores; default: this machine does. */
  readonly worker?: HostingWorker
  /** A core that runs with the reference kernel, as nobody else does: towards everybody, or towards its neighbours alone. */
  readonly stray?: { readonly core: number; readonly towards: 'all' | 'neighbours' }
}

export function memoryLauncher(options: MemoryLauncherOptions): MemoryLauncher {
  const { network, placement, seed = 7, silence = 400, mute = [], stray, muffled, stalled, absent } = options
  const hashes = { structure: structureHash(network), placement: placementHash(placement) }
  const spec = clusterSpec({ ...hashes, seed, silence, heartbeat: 100, startLimit: 5000 })
  const secrets = drawLinkSecrets()
  const ended: string[] = []
  const frozen = new Set<number>()
  const between = (core: number, peer: number | null) => (arrive: () => void) => {
    if (!frozen.has(core) && (peer === null || !frozen.has(peer))) queueMicrotask(arrive)
  }
  const ways = new Map<string, Port>()
  for (const { core } of placement.cores) {
    for (let peer = 0; peer < core; peer++) {
      const { left, right } = createMemoryPorts(between(core, peer))
      ways.set(`${core}-${peer}`, left)
      ways.set(`${peer}-${core}`, right)
    }
  }
  const portBetween = (core: number, peer: number) => ways.get(`${core}-${peer}`) as Port
  if (absent !== undefined) frozen.add(absent)
  const workers = placement.cores.map(({ core }) => {
    const ports = createMemoryPorts(between(core, null))
    const secret = secrets.of(core, COORDINATOR)
    const opening = createLink(
      ports.left,
      controlOptions(spec, { role: 'accept', index: COORDINATOR, peers: [core], token: secret }),
    )
    const towardsCoordinator = stray?.towards === 'all' ? { ...spec, ...straysOf(core) } : spec
    const control = createLink(
      ports.right,
      workerControlOptions({ ...towardsCoordinator, core, secret }, { role: 'dial' }),
    )
    control.messages$.subscribe({ error: () => undefined })
    return { control, port: ports.right, opened: opening.opened.then((): Link => opening) }
  })
  const workerOf = (core: number) => workers[core] as (typeof workers)[number]
  function straysOf(core: number): Partial<ClusterSpec> {
    return stray?.core === core ? { kernel: 'reference' } : {}
  }

  function forging(core: number, control: Link): Link {
    const { forge } = options
    if (forge === undefined) return control
    const send: Link['send'] = (message) => {
      control.send(message.kind === 'value' ? { kind: 'value', value: forge(core, message.value) } : message)
    }
    return { ...control, send }
  }

  const { dealt = placement.cores.map(({ core }) => [core]) } = options
  const coreWorkers = dealt.map((cores) => {
    const end = createDeferred<CoreWorkerEnd>()
    if (!cores.some((core) => mute.includes(core))) {
      runCoreWorker({
        spec: { ...spec, cores: secrets.held(cores) },
        controlOf: async ({ core }) => forging(core, workerOf(core).control),
        seconds: () => 0,
        memory: () => ({ rss: 0, heapUsed: 0, arrayBuffers: 0 }),
        microseconds: () => 0,
        openPeers: async (own, around) => ({
          address: null,
          async linkTo(secret) {
            const { peer } = secret
            const { core } = own
            if (core === stalled) return new Promise<never>(() => undefined)
            const link = await linkOverPort(portBetween(core, peer), { ...own, ...straysOf(core) }, secret, around)
            return muffled?.core === core && muffled.towards === peer ? withoutSpikes(link) : link
          },
        }),
      }).then(
        () => end.resolve({ exitCode: 0, signal: null, lastWords: '' }),
        () => end.resolve({ exitCode: 1, signal: null, lastWords: '' }),
      )
    }
    const way = (name: string, last: boolean) => () => {
      ended.push(`${cores[0]} ${name}`)
      if (last) end.resolve({ exitCode: null, signal: name, lastWords: '' })
    }
    const coreWorker: CoreWorker = {
      cores,
      id: cores[0] ?? -1,
      ...(options.worker === undefined ? {} : { worker: options.worker }),
      ended: end.promise,
      dismiss: way('dismiss', false),
      terminate: way('SIGTERM', false),
      kill: way('SIGKILL', true),
    }
    return { coreWorker, end }
  })
  return {
    coreWorkers: coreWorkers.map(({ coreWorker }) => coreWorker),
    controls: workers.map(({ opened }) => opened),
    secrets,
    workers,
    portBetween,
    ended,
    freeze: (core) => void frozen.add(core),
    die(core, end, how) {
      const gone = coreWorkers.find(({ coreWorker }) => coreWorker.cores.includes(core))
      gone?.end.resolve(end)
      for (const own of how === undefined ? (gone?.coreWorker.cores ?? []) : []) {
        workerOf(own).port.abort()
        for (const [way, port] of ways) if (way.startsWith(`${own}-`)) port.abort()
      }
    },
    close: async () => void ended.push('launcher'),
  }
}

function withoutSpikes(link: Link): Link {
  return {
    ...link,
    send: (message) => {
      if (message.kind !== 'spikes') link.send(message)
    },
  }
}
