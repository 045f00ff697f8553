import { isFanIn, settleFanIn } from '../description/fan-in.js'
import type { DenseConnectivity } from '../description/network.js'
import { formatDelays, formatPairs } from '../file/format-quantities.js'
import { placesBetween } from '../instance/draw.js'
import type { NumberRule } from '../reading/read-number.js'
import { blockOf, blocksOf, type Slice } from '../slices/blocks.js'
import { DELAY_RULE } from '../validation/quantity-rule.js'
import { readDelays } from '../validation/read-delays.js'
import { type MatrixShape, readMatrix, readOverlay } from '../validation/read-matrix.js'
import { quantityOf } from '../validation/read-quantity.js'
import { refuseTooMany } from '../validation/refuse-too-many.js'
import type { ConnectivityKind, DescribedSynapses, HeldSynapses, PatternPlace } from './connectivity.js'
import { joinSlices } from './join-slices.js'
import { pairRows } from './pair-rows.js'

/** A matrix of weights as it was handed over, or what stands for one. */
export interface GivenMatrix {
  readonly kind: 'dense'
  readonly weights: unknown
}

/** A number for every pair, whether or not it has a synapse: index target · sourceSize + source. */
export const DENSE: ConnectivityKind<DenseConnectivity, GivenMatrix> = {
  validate,
  of(connectivity, { weights, delays }) {
    const { absent } = connectivity
    return {
      layout: 'dense',
      absent,
      drawsSingles: false,
      count: ({ sources, targets }) => sources * targets - absent.length,
      countByBlock({ sources, targets }, add) {
        blocksOf(targets).forEach(({ start, end }, block) => {
          add(block, sources * (end - start))
        })
        for (const pair of absent) add(blockOf(Math.floor(pair / sources)), -1)
      },
      isEmpty: ({ sources, targets }) => absent.length === sources * targets,
      joinedUnits: (sizes) => joinedUnits(absent, sizes),
      addTo: (hash) => hash.numbers(absent),
      format: (sources) => [`"weights": ${formatPairs(weights, sources, absent)}`, ...formatDelays(delays, sources)],
      shape: (values, sources) => pairRows(values, sources, absent),
      hold: ({ sources }, _, slice) => rowsOfSlice(absent, sources, slice),
      draws: () => null,
      settled: () => connectivity,
      cut: (whole, { start, end }, sources) => whole.subarray(start * sources, end * sources),
      merge: joinSlices,
    }
  },
}

function validate(
  { weights: given }: GivenMatrix,
  { place, shape, delays, ...ends }: PatternPlace,
  rule: NumberRule,
): DescribedSynapses {
  const field = `${place}.weights`
  const pairs = shape.targets * shape.sources
  refuseTooMany(pairs, field)
  const { values: weights, absent } = Array.isArray(given)
    ? readMatrix(given, shape, rule, field)
    : { values: quantityOf(rule, pairs)(settled(), field), absent: [] }
  return {
    connectivity: { kind: 'dense', absent },
    weights,
    delays: readDelays(delays, { shape, own: null, perSynapse: delaysPerSynapse }),
  }

  function settled(): unknown {
    return isFanIn(given) ? settleFanIn(given, { ...ends, inputs: shape.sources }, field) : given
  }

  function delaysPerSynapse(values: unknown, at: string) {
    if (Array.isArray(values)) return readOverlay(values, absent, shape, DELAY_RULE, at)
    return quantityOf(DELAY_RULE, pairs)(values, at)
  }
}

/** All units but those that lack every neuron. */
function joinedUnits(absent: readonly number[], { sources, targets }: MatrixShape): Uint8Array {
  const without = new Uint32Array(sources)
  for (const pair of absent) without[pair % sources] = (without[pair % sources] as number) + 1
  return Uint8Array.from(without, (neurons) => Number(neurons < targets))
}

function rowsOfSlice(allAbsent: readonly number[], sourceSize: number, { start, end }: Slice): HeldSynapses {
  const targetSize = end - start
  const places = placesBetween(start * sourceSize, end * sourceSize)
  const sources = new Uint32Array(places.count)
  const targets = new Uint32Array(places.count)
  for (let target = 0, s = 0; target < targetSize; target++) {
    for (let source = 0; source < sourceSize; source++, s++) {
      sources[s] = source
      targets[s] = target
    }
  }
  const absent = absentMask(allAbsent, start * sourceSize, places.count)
  return { layout: 'dense', sourceSize, targetSize, sources, targets, absent, places }
}

function absentMask(absent: readonly number[], first: number, count: number): Uint8Array | null {
  const here = absent.filter((index) => index >= first && index < first + count)
  if (here.length === 0) return null
  const mask = new Uint8Array(count)
  for (const index of here) mask[index - first] = 1
  return mask
}
