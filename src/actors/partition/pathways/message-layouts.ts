import { EXPLICIT } from '../../../dynamics/kernels/returned-events.js'
import { microBatches } from '../../../events/trial-range.js'
import type { UnitSet } from '../../../events/unit-set.js'
import type { Group, Network } from '../../../network/description/network.js'
import { isReadout } from '../../../network/models/models.js'
import type { Slice } from '../../../network/slices/blocks.js'
import { sumsLength } from '../../../numerics/tree-nodes.js'
import type { Arrival } from '../../../streams/pathways/arrival-check.js'
import { type ReturningRun, returnsGradients } from '../../group/group-ends.js'
import { numbersFor, readoutLength, readoutReturnedLength } from '../../group/readout-layout.js'
import type { Run } from '../../group/run.js'
import type { PartialSumPathway, PathwayTable } from './pathway-table.js'
import type { PlacedSlice } from './placed-slices.js'

/** What one stream carries in a run: spikes or vectors one way, what returns for them the other. */
export interface MessageLayout {
  readonly from: number
  readonly to: number
  /** Undefined where the run has nothing to say. */
  forward(run: LayoutRun): Arrival | undefined
  backward(run: LayoutRun): Arrival | undefined
}

/** What decides about the layout of messages in a run. */
export type LayoutRun = Pick<Run, 'loss' | 'microBatch'> &
  ReturningRun & { readonly trials: Pick<Run['trials'], 'count'> }

/**
 * How long every message of every stream between cores, and of every vector stream, is: sender and receiver are both
 * checked by this record.
 */
export function messageLayouts({ groups }: Network, table: PathwayTable): ReadonlyMap<number, MessageLayout> {
  const layouts = new Map<number, MessageLayout>()
  const groupOf = ({ group }: PlacedSlice): Group => {
    const found = groups.find(({ name }) => name === group)
    if (found === undefined) throw new RangeError(`a slice of "${group}" is placed, which is no group`)
    return found
  }
  for (const { stream, source, core, branches } of table.routes) {
    const sums = branches.reduce((sum, { returned }) => sum + returned.nodes.length, 0)
    layouts.set(stream, { from: source.core, to: core, ...spikes(groupOf(source), source, sums) })
  }
  for (const { stream, slice, core } of table.losses) {
    const group = groupOf(slice)
    const carried = isReadout(group) ? readout(slice) : spikes(group, slice, EXPLICIT.nodes.length)
    layouts.set(stream, { from: slice.core, to: core, ...carried })
  }
  for (const way of [...table.partialSums, ...table.taus])
    layouts.set(way.stream, { from: way.follower.core, to: way.owner.core, ...partialSums(way) })
  return layouts
}

/** What a stream brings to a core; undefined where it leads elsewhere, stays there, or brings nothing in the run. */
export function arrivalAt(core: number, layout: MessageLayout | undefined, run: LayoutRun): Arrival | undefined {
  if (layout === undefined || layout.from === layout.to) return undefined
  if (layout.to === core) return layout.forward(run)
  return layout.from === core ? layout.backward(run) : undefined
}

/** The same, where spikes of some units alone are heard. */
export function heardArrival(arrival: Arrival | undefined, heard: UnitSet | undefined): Arrival | undefined {
  return heard === undefined || arrival?.kind !== 'spikes' ? arrival : { ...arrival, heard }
}

type Carried = Pick<MessageLayout, 'forward' | 'backward'>

function spikes(group: Group, units: Slice, sums: number): Carried {
  const forward: Arrival = { kind: 'spikes', units }
  const backward: Arrival = { kind: 'gradients', sums }
  return { forward: () => forward, backward: (run) => (returnsGradients(group, run) ? backward : undefined) }
}

function readout({ group, start, end }: PlacedSlice): Carried {
  const neurons = end - start
  const numbersOf = ({ loss }: LayoutRun) => (loss !== null && loss.loss.group === group ? numbersFor(loss.loss) : null)
  return {
    forward(run) {
      const numbers = numbersOf(run)
      return numbers === null ? undefined : vectors(run, (trials) => readoutLength(numbers, trials, neurons))
    },
    backward(run) {
      return numbersOf(run) === null ? undefined : vectors(run, (trials) => readoutReturnedLength(trials, neurons))
    },
  }
}

function partialSums({ nodes, sums, values }: PartialSumPathway): Carried {
  const [forward, backward] = [once(sumsLength(nodes, sums)), once(values)]
  return { forward: () => forward, backward: () => backward }
}

function once(length: number): Arrival {
  return { kind: 'vector', lengths: [length] }
}

/** One vector for every micro-batch; its length depends on the number of trials. */
function vectors({ trials, microBatch }: LayoutRun, lengthOf: (trials: number) => number): Arrival {
  const lengths = microBatches(trials.count, microBatch).map(({ start, end }) => lengthOf(end - start))
  return { kind: 'vector', lengths }
}
