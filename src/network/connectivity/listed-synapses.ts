import type { Projection, SynapseConnectivity } from '../description/network.js'
import { formatDelays, formatLines, isList } from '../file/format-quantities.js'
import { placesAt } from '../instance/draw.js'
import type { NumberRule } from '../reading/read-number.js'
import { blockOf, type Slice } from '../slices/blocks.js'
import { DELAY_RULE } from '../validation/quantity-rule.js'
import { readDelays } from '../validation/read-delays.js'
import { quantityOf } from '../validation/read-quantity.js'
import { readSynapses } from '../validation/read-synapses.js'
import type { ConnectivityKind, DescribedSynapses, HeldSynapses, PatternPlace, SliceNumbers } from './connectivity.js'

/** A list of synapses as it was handed over. */
export interface GivenSynapses {
  readonly kind: 'synapses'
  readonly entries: unknown
}

/** The synapses of a list and no others; a slice has those into it, in the list's order. */
export const LISTED_SYNAPSES: ConnectivityKind<SynapseConnectivity, GivenSynapses> = {
  validate,
  of: (connectivity, projection) => ({
    layout: 'synapses',
    absent: [],
    drawsSingles: false,
    count: () => connectivity.sources.length,
    countByBlock(_, add) {
      for (const unit of connectivity.targets) add(blockOf(unit), 1)
    },
    isEmpty: () => connectivity.sources.length === 0,
    joinedUnits({ sources }) {
      const joined = new Uint8Array(sources)
      for (const unit of connectivity.sources) joined[unit] = 1
      return joined
    },
    addTo(hash) {
      hash.numbers(connectivity.sources)
      hash.numbers(connectivity.targets)
    },
    format: (sources) => format(connectivity, projection, sources),
    shape: (values) => values,
    hold: ({ sources }, _, slice) => synapsesInto(connectivity, sources, slice),
    draws: () => null,
    settled: () => connectivity,
    cut: (whole, { start, end }) =>
      whole.filter((_, synapse) => {
        const target = connectivity.targets[synapse] as number
        return start <= target && target < end
      }),
    merge: (slices) => joinList(slices, connectivity.targets),
  }),
}

function validate(
  { entries }: GivenSynapses,
  { place, shape, delays }: PatternPlace,
  rule: NumberRule,
): DescribedSynapses {
  const { sources, targets, weights, delays: own } = readSynapses(entries, shape, rule, `${place}.synapses`)
  const perSynapse = quantityOf(DELAY_RULE, sources.length)
  return {
    connectivity: { kind: 'synapses', sources, targets },
    weights,
    delays: readDelays(delays, { shape, own, perSynapse }),
  }
}

/** A line for each synapse, with its own delay if there is a list of them. */
function format(connectivity: SynapseConnectivity, { weights, delays }: Projection, sources: number): string[] {
  const own = delays.kind === 'perSynapse' && isList(delays.values) ? delays.values : null
  const entries = connectivity.sources.map((source, s) => {
    const entry = [source, connectivity.targets[s], isList(weights) ? weights[s] : weights]
    return JSON.stringify(own === null ? entry : [...entry, own[s]])
  })
  return [`"synapses": ${formatLines(entries, '      ')}`, ...(own === null ? formatDelays(delays, sources) : [])]
}

function synapsesInto(
  { sources, targets }: SynapseConnectivity,
  sourceSize: number,
  { start, end }: Slice,
): HeldSynapses {
  const indices = indicesWhere(targets, (target) => target >= start && target < end)
  return {
    layout: 'synapses',
    sourceSize,
    targetSize: end - start,
    sources: indices.map((s) => sources[s] as number),
    targets: indices.map((s) => (targets[s] as number) - start),
    absent: null,
    places: placesAt(indices),
  }
}

/** The indices of the entries that are wanted, ascending. */
function indicesWhere(entries: readonly number[], isWanted: (entry: number) => boolean): Uint32Array {
  const indices = new Uint32Array(entries.reduce((count, entry) => count + (isWanted(entry) ? 1 : 0), 0))
  let next = 0
  entries.forEach((entry, index) => {
    if (isWanted(entry)) indices[next++] = index
  })
  return indices
}

function joinList(slices: readonly SliceNumbers[], targets: readonly number[]): Float64Array {
  const rest = slices.map(({ start, end, values }) => ({ start, end, values: values.values() }))
  return Float64Array.from(targets, (target) => {
    const slice = rest.find(({ start, end }) => start <= target && target < end)
    return slice?.values.next().value as number
  })
}
