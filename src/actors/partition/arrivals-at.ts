import type { Network } from '../../network/network.js'
import type { Arrival } from '../../streams/pathways/arrival-check.js'
import type { PathwayTable } from './pathway-table.js'
import { nodesOfSlice, type PlacedSlice } from './placed-slices.js'

/** What each stream from another core brings to a core: spikes or vectors one way, what answers them the other. */
export function arrivalsAt(core: number, network: Network, table: PathwayTable): ReadonlyMap<number, Arrival> {
  const arrivals = new Map<number, Arrival>()
  const groupOf = new Map(network.groups.map((group) => [group.name, group]))
  const sumsOf = ({ group, start, end }: PlacedSlice) =>
    nodesOfSlice(groupOf.get(group)?.size ?? 0, { start, end }).length
  const join = (stream: number, from: number, to: number, forward: Arrival, backward: Arrival) => {
    if (from === to) return
    if (to === core) arrivals.set(stream, forward)
    else if (from === core) arrivals.set(stream, backward)
  }

  for (const { stream, source, target } of table.projections)
    join(stream, source.core, target.core, { kind: 'spikes', units: source }, gradients(sumsOf(target)))
  for (const { stream, slice, core: loss } of table.losses) {
    const size = slice.end - slice.start
    // A readout sends maxima with their times, and learns dL/d(maximum).
    if (groupOf.get(slice.group)?.kind === 'li') join(stream, slice.core, loss, vector(2 * size), vector(size))
    else join(stream, slice.core, loss, { kind: 'spikes', units: slice }, gradients(1))
  }
  for (const { stream, order, follower, owner } of table.shares) {
    const projection = network.projections[order]
    const units = groupOf.get(projection?.source ?? '')?.size ?? 0
    const delays = projection?.delays.kind === 'scalar' ? 1 : units
    join(stream, follower.core, owner.core, fixed(sumsOf(follower) * units), fixed(delays))
  }
  for (const { stream, count, follower, owner } of table.taus)
    join(stream, follower.core, owner.core, fixed(sumsOf(follower) * count), fixed(count))
  return arrivals
}

const gradients = (sums: number): Arrival => ({ kind: 'gradients', sums })
const vector = (perTrial: number): Arrival => ({ kind: 'vector', length: (trials) => perTrial * trials })
const fixed = (length: number): Arrival => ({ kind: 'vector', length: () => length })
