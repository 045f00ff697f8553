import type { ReturnedEvents, ReturnedSums } from '../../../dynamics/kernels/returned-events.js'
import { entryOf } from '../../../events/by-name.js'
import { ANY_NUMBER, doublesThat } from '../../../network/reading/read-array.js'
import { oneOfEach } from '../../../network/reading/read-list.js'
import type { Fields, Reader } from '../../../network/reading/read-value.js'
import { formOf } from '../../../network/reading/read-variant.js'
import { sumsLength } from '../../../numerics/tree-nodes.js'
import type { RunOrder } from '../partition.js'
import type { ProjectionPathway } from '../pathways/pathway-table.js'
import { sameAs } from './read-slices.js'

/**
 * What is returned over some pathways for the spikes of one batch.
 *
 * @param spikes in the batch
 */
export function returnedReader(
  pathways: readonly ProjectionPathway[],
  spikes: number,
): Reader<readonly ReturnedEvents[]> {
  return oneOfEach(new Map(pathways.map(({ returned }) => [sumsKey(returned), ofSums(returned, spikes)])), sumsKey)
}

function sumsKey({ order, nodes }: Fields | ReturnedSums): string {
  return `projection ${String(order)} over ${JSON.stringify(nodes)}`
}

function ofSums({ order, blocks, nodes }: ReturnedSums, spikes: number): Reader<ReturnedEvents> {
  return formOf<ReturnedEvents>({
    order: sameAs(order),
    blocks: sameAs(blocks),
    nodes: sameAs(nodes),
    // Whether a gradient is finite is known where all parts of it are.
    values: doublesThat(sumsLength(nodes, spikes), ANY_NUMBER),
  })
}

/** How many spikes a source is given in a run; null where their samples are encoded elsewhere. */
export function givenSpikes({ run, samples }: RunOrder, source: string): number | null {
  if (samples !== undefined) return null
  return entryOf(run.trials.inputs, source)?.times.length ?? 0
}
