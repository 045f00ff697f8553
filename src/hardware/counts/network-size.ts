import type { Network, Projection } from '../../network/description/network.js'
import { tauShapes } from '../../network/description/time-constants.js'
import { isSpiking, learnableOf } from '../../network/models/models.js'
import type { Incoming } from '../reach/incoming.js'
import type { NetworkSize } from './chip-counts.js'
import { eventsInto } from './synaptic-events.js'

type IncomingOf = ReadonlyMap<string, readonly Incoming[]>

/** Counts what a network has. */
export function networkSize(network: Network, incoming: IncomingOf): NetworkSize {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const sizeOf = (group: string) => sizes.get(group) as number
  const size = { neurons: 0, spiking: 0, synapses: 0, zeroWeights: 0, pairs: 0, parameters: 0 }
  for (const group of network.groups) {
    if (group.kind === 'source') continue
    size.neurons += group.size
    if (isSpiking(group)) size.spiking += group.size
    size.parameters += learnableOf(group).length * group.size
    for (const { isCommon } of tauShapes(group)) size.parameters += isCommon ? 1 : group.size
  }
  for (const [projection, into] of projectionsInto(network, incoming)) {
    const [sources, targets] = [sizeOf(projection.source), sizeOf(projection.target)]
    let synapses = 0
    for (let neuron = 0; neuron < targets; neuron++) synapses += into.synapsesOf(neuron)
    const delays = { none: 0, scalar: 1, perSource: sources, perSynapse: synapses }[projection.delays.kind]
    size.synapses += synapses
    size.parameters += synapses + delays
    size.pairs += sources * targets
    size.zeroWeights += zeroWeightsOf(projection) === 'all' ? synapses : zeroSources(projection, sources).length
  }
  return size
}

/** Spikes that reach a synapse of weight 0. */
export function zeroEventsOf(
  network: Network,
  incoming: IncomingOf,
  spikes: ReadonlyMap<string, Float64Array>,
): number {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  return projectionsInto(network, incoming).reduce((sum, [projection, into]) => {
    const own = spikes.get(projection.source) as Float64Array
    if (zeroWeightsOf(projection) === 'all')
      return sum + eventsInto(into, { start: 0, end: sizes.get(projection.target) as number }, own)
    return zeroSources(projection, own.length).reduce((events, unit) => events + (own[unit] as number), sum)
  }, 0)
}

/** Every projection with what it brings to its target; of each target they are in the same order. */
function projectionsInto(
  network: Network,
  incoming: IncomingOf,
): readonly (readonly [projection: Projection, into: Incoming])[] {
  const met = new Map<string, number>()
  return network.projections.map((projection) => {
    const place = met.get(projection.target) ?? 0
    met.set(projection.target, place + 1)
    return [projection, incoming.get(projection.target)?.[place] as Incoming]
  })
}

/** Drawn weights are not 0, but by a chance that there is not. */
function zeroWeightsOf({ weights }: Projection): 'all' | 'some' {
  const isZero = typeof weights === 'number' ? weights === 0 : 'value' in weights && weights.value === 0
  return isZero ? 'all' : 'some'
}

/** The source unit of every synapse whose weight is listed as 0. */
function zeroSources({ weights, connectivity }: Projection, sources: number): readonly number[] {
  if (!Array.isArray(weights) || connectivity.kind === 'rule') return []
  const zeros = (weights as readonly number[]).flatMap((weight, s) => (weight === 0 ? [s] : []))
  if (connectivity.kind === 'synapses') return zeros.map((s) => connectivity.sources[s] as number)
  const absent = new Set(connectivity.absent)
  return zeros.filter((pair) => !absent.has(pair)).map((pair) => pair % sources)
}
