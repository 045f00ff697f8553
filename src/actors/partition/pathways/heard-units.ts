import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import { createArrivalCounter } from '../../../dynamics/traffic/arrival-counter.js'
import { type UnitSet, unitSet } from '../../../events/unit-set.js'
import type { ProjectionPathway, Trunk } from './pathway-table.js'

/** The units of a trunk's slice that have a synapse with some neuron of the core it leads to, whose kernels these are. */
export function heardUnits({ source, facets }: Trunk, kernels: readonly Kernel[]): UnitSet {
  const counters = facets.map((facet) => counterInto(facet, kernels))
  return unitSet(source.end - source.start, (k) => counters.some((counter) => counter.isHeard(source.start + k)))
}

function counterInto({ order, target }: ProjectionPathway, kernels: readonly Kernel[]) {
  const kernel = kernels.find(({ values }) => values.name === target.group)
  const input = kernel?.inputs.find((candidate) => candidate.order === order)
  if (kernel === undefined || input === undefined)
    throw new RangeError(`no kernel of "${target.group}" here has projection ${order}`)
  return kernel.countArrivals?.(input.projection) ?? createArrivalCounter(kernel, input.projection)
}
