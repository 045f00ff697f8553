import { connectivityOf } from '../network/connectivity/connectivity-of.js'
import type { Group, Network } from '../network/description/network.js'
import { respondsInSpikes } from '../network/models/models.js'
import type { GroupSlice } from '../network/slices/group-slice.js'
import { BLOCK } from '../numerics/block-sum.js'
import { measureLoads } from './load.js'

/**
 * What a trial costs, forward and backward, in ns on the machine that the benchmarks were measured on: only ratios count.
 * They are constants, so that a placement is the same on every machine.
 */
const COST = {
  /** A spike of a neuron: its crossing, the way back, the messages that carry it. */
  spike: 350,
  /**
   * A spike that arrives at a neuron; at a leaky integrator, whose maxima are followed, it costs far more,
   * and its cost in an actor is unknown.
   */
  arrival: { lif: 2, li: 15, actor: 15, source: 0 },
  /** A spike that arrives at a slice, through each projection, however many neurons there receive it. */
  row: 240,
} as const satisfies {
  readonly spike: number
  readonly arrival: Readonly<Record<Group['kind'], number>>
  readonly row: number
}

/** Spikes of a unit in a trial, by the name of its group. */
export type FiringRates = Readonly<Record<string, number>>

/** Gives the work of any slice that is cut between blocks, in whole ns a trial; sources have none. */
export type WorkOf = (slice: GroupSlice) => number

/** @param rateOf spikes of a unit of a group in a trial */
export function measureWork(network: Network, rateOf: (group: string) => number): WorkOf {
  const groups = new Map(network.groups.map((group) => [group.name, group]))
  const costOfArrivals = measureLoads(network, ({ source, target }) => {
    return rateOf(source) * COST.arrival[groups.get(target)?.kind ?? 'source']
  })
  return (slice) => {
    const { neurons, synapses } = costOfArrivals(slice)
    const group = groups.get(slice.group)
    const spikes = group !== undefined && respondsInSpikes(group) ? neurons * rateOf(slice.group) : 0
    return Math.round(COST.spike * spikes + synapses)
  }
}

/**
 * What every slice of a group costs on top of `measureWork`, in whole ns a trial, by the name of the group: each of them
 * takes in all spikes of the projections whose units reach at least as many neurons as a block has.
 *
 *     rows(g) = row cost * sum over projections into g (units of the source * spikes of a unit)
 */
export function measureRows(network: Network, rateOf: (group: string) => number): (group: string) => number {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const rows = new Map<string, number>()
  for (const projection of network.projections) {
    const { source, target } = projection
    const [sources, targets] = [sizes.get(source) ?? 0, sizes.get(target) ?? 0]
    if (connectivityOf(projection).count({ sources, targets }) < BLOCK * sources) continue
    rows.set(target, (rows.get(target) ?? 0) + COST.row * sources * rateOf(source))
  }
  return (group) => Math.round(rows.get(group) ?? 0)
}
