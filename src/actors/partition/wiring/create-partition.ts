import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import { createSoloPool, type WorkerPool } from '../../../dynamics/kernels/simd/worker-pool.js'
import { RunError } from '../../../events/errors.js'
import type { Placement } from '../../../hardware/placement.js'
import type { Network } from '../../../network/description/network.js'
import { instantiate } from '../../../network/instance/instantiate.js'
import type { NoteVerbs } from '../../../network/modules/module-verbs.js'
import type { Deliver } from '../../../streams/deliver.js'
import { createDeliveries } from '../../../streams/deliveries.js'
import { flushedOf } from '../../../streams/flushed-of.js'
import type { Link } from '../../../streams/link.js'
import { createMicrotaskMailbox } from '../../../streams/mailbox.js'
import { createArrivalCheck } from '../../../streams/pathways/arrival-check.js'
import { createLocalEnds } from '../../../streams/pathways/local-ends.js'
import type { PathwayEnds } from '../../../streams/pathways/pathway-ends.js'
import { createRemoteEnds } from '../../../streams/pathways/remote-ends.js'
import { COMPUTATION_DEFAULTS, type ComputationOptions } from '../../computation-options.js'
import { createMeter, type Meter } from '../../group/meter.js'
import { spanOf } from '../../group/run.js'
import { createStopwatch, type Stopwatch, timingOf } from '../../group/stopwatch.js'
import { type LoadedModules, NO_MODULES } from '../../modules/load-modules.js'
import { createPartitionTracer, type PartitionTracer } from '../../trace/partition-tracer.js'
import { UNTRACED } from '../../trace/run-stages.js'
import { type ActorPartition, type ActorPartitionOptions, createActorPartition } from '../actor-partition.js'
import { createReplicaEnds, linksByMember, type ReplicaLinks } from '../learning/replica-links.js'
import type { MemoryUse, RunOrder } from '../partition.js'
import { measuredVectorStream } from '../pathways/measured-vector-stream.js'
import { arrivalAt, heardArrival, type LayoutRun, messageLayouts } from '../pathways/message-layouts.js'
import { type PathwayTable, pathwayTable, streamEnds } from '../pathways/pathway-table.js'
import { createSharedRouteEnds } from '../pathways/shared-route-ends.js'
import { waitsOf } from '../status.js'
import { refuseToStall } from './refuse-to-stall.js'
import { type PartitionSetup, wirePartition } from './wire-partition.js'

/** What a process or thread offers the partitions that it holds. */
interface PartitionServices {
  /** Threads that share the work of the SIMD kernels; default: this one alone. A caller that gives a pool closes it. */
  readonly pool?: WorkerPool
  /** Decides when a message between actors here arrives; default: soon, in the order sent. */
  readonly deliver?: Deliver
  /** About how many spikes that a source emits by itself go into a batch; never changes a result. */
  readonly spikesPerBatch?: number
  /** Called by kernels as they go, beside the beats of the links. */
  readonly beat?: () => void
  /** What has to leave this process before anything is computed; default: what the links have to say. */
  readonly flushed?: () => Promise<void> | null
  /** A clock in seconds, for `kernelSeconds`; default: it stands still. */
  readonly seconds?: () => number
  /** Counts for `metrics`, with the memory in use; default: nothing is counted. */
  readonly memory?: (() => MemoryUse) | undefined
  /** A clock in microseconds, the same for all partitions: what happens is recorded for `trace`; default: nothing is. */
  readonly trace?: (() => number) | undefined
  /** What the modules that the network names export; the caller loads them. */
  readonly modules?: LoadedModules
  /** See `PartitionSetup`. */
  readonly noteVerbs?: NoteVerbs | undefined
}

/** Which part of what is computed, and with what; the kernel is 'simd' by default. */
export interface PartitionOptions extends PartitionServices, Omit<ComputationOptions, 'threads'> {
  readonly seed: number
  readonly network: Network
  readonly placement: Placement
  readonly core: number
  /** An opened link per core that a stream leads to or comes from; the partition closes them. */
  readonly links: ReadonlyMap<number, Link>
  /** Default: the core has no replicas. */
  readonly among?: ReplicaLinks | undefined
}

/**
 * The partition of one core, whose neighbours are reached over links. Only the slices of this core are built.
 *
 * Raises `InputError` for drawn numbers that are out of range.
 */
export function createPartition(options: PartitionOptions): ActorPartition {
  const setup = { ...COMPUTATION_DEFAULTS, pool: createSoloPool(), modules: NO_MODULES, ...options }
  const { network, seed, placement, core, kernel, beat = () => undefined } = setup
  const { among: given = { own: 0, cores: placement.cores.length, links: [] } } = options
  const { own, cores } = given
  const member = own * cores + core
  const slices = placement.cores.find((place) => place.core === core)?.slices ?? []
  const table = pathwayTable(network, placement, kernel)
  const streamsOf = streamEnds(table)
  const groupOf = (stream: number) => streamsOf.get(stream)?.group ?? 'sums'
  const tracer = options.trace === undefined ? undefined : createPartitionTracer(member, options.trace, groupOf)
  const traced = (link: Link, peer: number) => tracer?.link(link, peer) ?? link
  const links = new Map([...options.links].map(([peer, link]) => [peer, traced(link, own * cores + peer)]))
  const toReplicas = given.links.map((link, replica) => (link === null ? null : traced(link, replica * cores + core)))
  const among = { ...given, links: toReplicas }
  const stages = tracer?.stages ?? UNTRACED
  const flushed = options.flushed ?? (() => flushedOf(links.values()))
  const mailbox = () =>
    createMicrotaskMailbox(() => (links.size === 0 ? refuseToStall([partition]) : undefined), flushed)
  const deliveries = createDeliveries(options.deliver ?? mailbox())
  const { deliver } = deliveries
  const replicas = among.links.length === 0 ? null : createReplicaEnds(among, deliver, stages.sums)
  const streams = createCoreStreams({ core, network, table, links, deliver })
  const beatAll = () => {
    for (const link of every) link.beat()
    beat()
  }
  const every = [...links.values(), ...(replicas?.links ?? [])]
  const watch = createStopwatch(options.seconds ?? (() => 0))
  const { memory } = options
  const meter = memory === undefined ? undefined : createMeter()
  const instance = instantiate(network, seed, slices, beatAll)
  const observed = { observersOf: observersBy(watch, meter, tracer), evaluated: tracer?.stages.loss }
  const { ends } = streams
  const wired = wirePartition({ ...setup, ...observed, instance, table, ends, deliver, beat: beatAll })
  streams.wired(wired.kernels)
  tracer?.watch(wired.loss, [...wired.groups, ...wired.sources])
  const partition = createActorPartition({
    core: member,
    network,
    wired,
    stages,
    starting(order) {
      tracer?.begin(order.number)
      streams.begin(order)
      replicas?.begin(order)
      // An empty message, so that a run in which nothing is sent is looked at, too.
      deliver(() => undefined)
    },
    ended: () => tracer?.end(),
    recorded: () => tracer?.take() ?? null,
    quiet: () => deliveries.quiet(),
    progress: () => deliveries.count + [...links.values()].reduce((sum, link) => sum + messagesOver(link), 0),
    waits: (actors, observed) => [
      ...streams.waits(actors, observed).map((wait) => ({ ...wait, core: member })),
      ...(replicas?.waits(member) ?? []),
    ],
    replicas: replicas?.sums ?? null,
    traffic: () =>
      [...linksByMember(links, core, among)].map(([peer, { sent, received }]) => ({ peer, sent, received })),
    watch,
    reading: () => (meter === undefined || memory === undefined ? null : { ...meter.reading(), memory: memory() }),
    async close() {
      ends.close()
      replicas?.close()
      await Promise.all([...every].map((link) => link.close()))
    },
  })
  for (const link of every)
    link.messages$.subscribe({
      error: (error) => partition.fail(error),
      complete: () => partition.fail(closedByPeer(link)),
    })
  return partition
}

/** The streams that lead to and from the actors of a core: inside it, or over links. */
interface CoreStreams extends Pick<ActorPartitionOptions, 'waits'> {
  readonly ends: PathwayEnds
  /** The kernels are there: from now on it is known which units are heard here. */
  wired(kernels: readonly Kernel[]): void
  /** A run begins: what may arrive depends on it. */
  begin(order: RunOrder): void
}

interface CoreStreamsOptions extends Pick<PartitionOptions, 'core' | 'network' | 'links'> {
  readonly table: PathwayTable
  readonly deliver: Deliver
}

function createCoreStreams({ core, network, table, links, deliver }: CoreStreamsOptions): CoreStreams {
  const streams = streamEnds(table)
  const peerOf = (stream: number) => {
    const { from, to } = streams.get(stream) ?? { from: core, to: core }
    return from === core ? to : from
  }
  const linkOf = (stream: number): Link => {
    const link = links.get(peerOf(stream))
    if (link === undefined) throw new RangeError(`core ${core} has no link to core ${peerOf(stream)}`)
    return link
  }
  const layouts = messageLayouts(network, table)
  const check = createArrivalCheck()
  let current: LayoutRun = { loss: null, inputTimes: false, trials: { count: 0 } }
  const local = createLocalEnds(deliver)
  const remote = createRemoteEnds({
    links: links.values(),
    linkOf,
    deliver,
    check,
    hear: (message) => routes.hear(message),
  })
  const routes = createSharedRouteEnds({ core, table, remote, linkOf, deliver })
  const endsOf = (stream: number): PathwayEnds => (peerOf(stream) === core ? local : remote)

  return {
    ends: {
      pathway: (stream) => routes.pathway(stream) ?? endsOf(stream).pathway(stream),
      vectorStream: (stream) =>
        measuredVectorStream(endsOf(stream).vectorStream(stream), stream, layouts.get(stream), () => current),
      close() {
        local.close()
        remote.close()
      },
    },
    wired: routes.wired,
    begin({ number, run }) {
      current = run
      check.begin({
        trials: run.trials.count,
        span: spanOf(run),
        microBatch: run.microBatch,
        gradients: run.gradients,
        arrivalOf: (stream) => heardArrival(arrivalAt(core, layouts.get(stream), run), routes.heardOf(stream)),
      })
      routes.begin((stream) => run.gradients && layouts.get(stream)?.backward(run) !== undefined)
      remote.begin(number)
    },
    waits: (actors, observed) =>
      waitsOf({
        core,
        table,
        actors,
        awaited: check.awaited(layouts.keys()),
        observed,
        linkNameOf: (stream) => linkOf(stream).name,
      }),
  }
}

function messagesOver({ sent, received }: Link): number {
  return sent.messages + received.messages
}

function closedByPeer({ name, peer }: Link): RunError {
  return new RunError({
    code: 'LINK_CLOSED',
    message: `${peer} has closed the link ${name}.`,
    details: { link: name, peer },
  })
}

/** Time is measured innermost: what the others do is no work of the component. */
function observersBy(
  watch: Stopwatch,
  meter: Meter | undefined,
  tracer: PartitionTracer | undefined,
): NonNullable<PartitionSetup['observersOf']> {
  return (component, receivers) =>
    [timingOf(watch), meter?.observerOf(component, receivers), tracer?.component(component)].filter(
      (observer) => observer !== undefined,
    )
}
