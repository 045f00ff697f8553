import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import { createArrivalCounter } from '../../../dynamics/traffic/arrival-counter.js'
import { type UnitSet, unitSet } from '../../../events/unit-set.js'
import type { Deliver } from '../../../streams/deliver.js'
import type { Link } from '../../../streams/link.js'
import type { ListenersMessage } from '../../../streams/message.js'
import type { Pathway } from '../../../streams/pathway.js'
import type { PathwayEnds } from '../../../streams/pathways/pathway-ends.js'
import { createSharedRoute, type SharedRoute as RouteEnd } from '../../../streams/pathways/shared-route.js'
import type { PathwayTable, ProjectionPathway, SharedRouteOf } from './pathway-table.js'

export interface SharedRouteEndsOptions {
  readonly core: number
  readonly table: PathwayTable
  /** What the streams of routes are ends of. */
  readonly remote: Pick<PathwayEnds, 'pathway'>
  linkOf(stream: number): Link
  /** See `RemoteEndsOptions`. */
  readonly deliver: Deliver
}

/** The ends here of all routes that lead to or from a core. */
export interface SharedRouteEnds {
  /** The end of a pathway to or from another core; undefined where it leads to none. */
  pathway(stream: number): Pathway | undefined
  /** The kernels are there: from now on it is known which units are heard here. */
  wired(kernels: readonly Kernel[]): void
  /**
   * A run begins. Before the first run the other ends are sent the units that are heard here: earlier they might not
   * listen.
   *
   * @param returnsGradients whether gradients return for what is sent on a stream
   */
  begin(returnsGradients: (stream: number) => boolean): void
  /** The units whose spikes alone may come on a stream; undefined where all may. */
  heardOf(stream: number): UnitSet | undefined
  /** Takes what the other end of a route says; returns why it cannot be right, as a clause, or null. */
  hear(message: ListenersMessage): string | null
}

export function createSharedRouteEnds({
  core,
  table,
  remote,
  linkOf,
  deliver,
}: SharedRouteEndsOptions): SharedRouteEnds {
  const ends = new Map<SharedRouteOf, RouteEnd>()
  const branches = new Map<number, Pathway>()
  for (const route of table.routes) {
    if (route.source.core !== core && route.core !== core) continue
    const sums = route.branches.map(({ returned }) => returned.nodes.length)
    const way = remote.pathway(route.stream)
    const end = createSharedRoute({ way, sums, first: route.source.start, isWhole: route.isWhole })
    ends.set(route, end)
    for (const [k, { stream }] of route.branches.entries()) branches.set(stream, end.branches[k] as Pathway)
  }
  /** Streams whose other end has not said yet what is heard there. */
  const untold = new Map<number, { readonly route: SharedRouteOf; readonly end: RouteEnd }>()
  for (const [route, end] of ends)
    if (route.source.core === core && !route.isWhole) untold.set(route.stream, { route, end })
  /** What is heard here, where the description does not say so. */
  let heardHere: ReadonlyMap<number, UnitSet> = new Map()
  let isTold = false

  return {
    pathway: (stream) => branches.get(stream),
    wired(kernels) {
      const inward = [...ends.keys()].filter((route) => route.core === core && !route.isWhole)
      heardHere = new Map(inward.map((route) => [route.stream, heardUnits(route, kernels)]))
    },
    begin(returnsGradients) {
      if (!isTold) for (const [stream, heard] of heardHere) linkOf(stream).send({ kind: 'listeners', stream, heard })
      isTold = true
      for (const [{ stream }, end] of ends) end.begin(returnsGradients(stream))
    },
    heardOf: (stream) => heardHere.get(stream),
    hear({ stream, heard }) {
      const due = untold.get(stream)
      if (due === undefined) return `listeners of stream ${stream}, which are not awaited`
      const { start, end } = due.route.source
      if (heard.count !== end - start) return `listeners of ${heard.count} units in place of ${end - start}`
      untold.delete(stream)
      deliver(() => due.end.hear(heard))
      return null
    },
  }
}

/** The units of a route's slice that have a synapse with some neuron of the core it leads to, whose kernels these are. */
function heardUnits({ source, branches }: SharedRouteOf, kernels: readonly Kernel[]): UnitSet {
  const counters = branches.map((branch) => counterInto(branch, kernels))
  return unitSet(source.end - source.start, (k) => counters.some((counter) => counter.isHeard(source.start + k)))
}

function counterInto({ order, target }: ProjectionPathway, kernels: readonly Kernel[]) {
  const kernel = kernels.find(({ values }) => values.name === target.group)
  const input = kernel?.inputs.find((candidate) => candidate.order === order)
  if (kernel === undefined || input === undefined)
    throw new RangeError(`no kernel of "${target.group}" here has projection ${order}`)
  return kernel.countArrivals?.(input.projection) ?? createArrivalCounter(kernel, input.projection)
}
