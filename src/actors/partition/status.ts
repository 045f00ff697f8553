import type { AwaitedArrival } from '../../streams/pathways/arrival-check.js'
import type { WaitingActor } from '../group/run-actors.js'
import type { PathwayTable } from './pathways/pathway-table.js'

/** What a partition does in a run, and waits for. Plain data. */
export interface PartitionStatus {
  /** The current run; null between runs. */
  readonly run: number | null
  /** Changes with every message that comes or goes, also within the partition. */
  readonly progress: number
  readonly waits: readonly Wait[]
}

/** An actor waits for something that another core has to send. */
export interface Wait extends WaitingActor {
  readonly core: number
  /** Name of the link it has to come over. */
  readonly link: string
  /** The group that emits the stream's spikes. */
  readonly stream: string
  readonly awaited: AwaitedArrival['what']
  /** The actor that has to send it; several with plus signs between them where all of them have to. */
  readonly sender: string
  /** Everything before it is known of those spikes, in ms. */
  readonly watermark: number
}

export interface WaitsOptions {
  readonly core: number
  readonly table: PathwayTable
  readonly actors: readonly WaitingActor[]
  readonly awaited: readonly AwaitedArrival[]
  /** The group that the loss of the run looks at. */
  readonly observed: string | null
  linkNameOf(stream: number): string
}

/** Which actor waits for which stream. */
export function waitsOf({ core, table, actors, awaited, observed, linkNameOf }: WaitsOptions): readonly Wait[] {
  const receivers = receiversOf(table, observed)
  return awaited.flatMap(({ stream, what, watermark }) => {
    const ends = receivers.get(stream)
    if (ends === undefined) return []
    const { group, targets } = ends
    const [names, sender] = what === 'gradients' ? [[group], targets.join('+')] : [targets, group]
    // A component of several groups has all their names.
    const waiting = actors.filter(({ actor }) =>
      names.some((name) => actor === name || actor.split('+').includes(name)),
    )
    return waiting.map((each) => ({
      ...each,
      core,
      link: linkNameOf(stream),
      stream: group,
      awaited: what,
      sender,
      watermark,
    }))
  })
}

/** Per stream the group that emits and the actors that listen; the loss listens to one group at most. */
function receiversOf({ routes, losses }: PathwayTable, observed: string | null) {
  const ends = new Map<number, { readonly group: string; readonly targets: readonly string[] }>()
  for (const { stream, source, branches } of routes)
    ends.set(stream, { group: source.group, targets: [...new Set(branches.map(({ target }) => target.group))] })
  for (const { stream, slice } of losses)
    if (slice.group === observed) ends.set(stream, { group: slice.group, targets: ['loss'] })
  return ends
}
