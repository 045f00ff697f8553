import type { Deliver } from '../../../streams/deliver.js'
import type { Link } from '../../../streams/link.js'
import { type Arrival, createArrivalCheck } from '../../../streams/pathways/arrival-check.js'
import { createRemoteEnds } from '../../../streams/pathways/remote-ends.js'
import { spanOf } from '../../group/run.js'
import type { RunStages } from '../../trace/run-stages.js'
import type { RunOrder } from '../partition.js'
import { replicaStream } from '../pathways/neighbours.js'
import type { Wait } from '../status.js'
import { createReplicaSums, mostVectors, type ReplicaSums } from './replica-sums.js'

/** Where a partition stands among the replicas of its core. */
export interface ReplicaLinks {
  readonly own: number
  /** Cores of the placement. */
  readonly cores: number
  /** By replica: an opened link to it, which the partition closes; null in the own place. */
  readonly links: readonly (Link | null)[]
}

/** The streams between the replicas of a core. */
interface ReplicaEnds {
  readonly links: readonly Link[]
  readonly sums: ReplicaSums
  /** A run begins. */
  begin(order: RunOrder): void
  /** @param member that waits */
  waits(member: number): readonly Wait[]
  close(): void
}

/** The links of a partition by the member of the cluster that each leads to, see `neighbourhood`. */
export function linksByMember(
  links: ReadonlyMap<number, Link>,
  core: number,
  { own, cores, links: others }: ReplicaLinks,
): ReadonlyMap<number, Link> {
  const within = [...links].map(([peer, link]) => [own * cores + peer, link] as const)
  const across = others.flatMap((link, replica) => (link === null ? [] : [[replica * cores + core, link] as const]))
  return new Map([...within, ...across])
}

/** Every link carries one stream, whose number is that of both replicas. */
export function createReplicaEnds(
  { own, links }: ReplicaLinks,
  deliver: Deliver,
  stageOf?: RunStages['sums'],
): ReplicaEnds {
  const peers = links.filter((link) => link !== null)
  const streamTo = (replica: number) => replicaStream(own, replica, links.length)
  const byStream = new Map(links.map((link, replica) => [streamTo(replica), link]))
  const check = createArrivalCheck()
  const ends = createRemoteEnds({
    links: peers,
    deliver,
    check,
    linkOf(stream) {
      const link = byStream.get(stream) ?? null
      if (link === null) throw new RangeError(`replica ${own} has no link that carries stream ${stream}`)
      return link
    },
  })
  const arrival: Arrival = { kind: 'vector', lengths: new Array(mostVectors(links.length)).fill(null) }
  const streams = links.map((link, replica) => (link === null ? null : ends.vectorStream(streamTo(replica))))
  const sums = createReplicaSums(own, streams, stageOf)
  function waits(member: number): readonly Wait[] {
    const replica = sums.awaited()
    const link = replica === null ? null : links[replica]
    if (link == null) return []
    const awaited = { link: link.name, stream: 'sums over trials', awaited: 'a vector', sender: link.peer } as const
    return [{ core: member, actor: 'learning', state: 'backward', watermark: Number.POSITIVE_INFINITY, ...awaited }]
  }
  function begin({ number, run, share }: RunOrder): void {
    const { trials, gradients } = run
    check.begin({ trials: trials.count, span: spanOf(run), gradients, arrivalOf: () => (share ? arrival : undefined) })
    ends.begin(number)
  }
  return { links: peers, sums, waits, begin, close: ends.close }
}
