import { type ConnectionRule, expectedSynapses, type RuleShape } from '../description/connection-rule.js'
import { isFanIn, settleFanIn } from '../description/fan-in.js'
import type { Projection, RuleConnectivity } from '../description/network.js'
import { formatDelays } from '../file/format-quantities.js'
import { singleValuesOf } from '../instance/draw.js'
import type { SynapseDraws } from '../instance/instance.js'
import type { ProjectionOrigin } from '../instance/projection-origin.js'
import type { NumberRule } from '../reading/read-number.js'
import { blocksOf } from '../slices/blocks.js'
import { quantityRange, type ValueRange } from '../validation/quantity-range.js'
import { DELAY_RULE } from '../validation/quantity-rule.js'
import { readDelays } from '../validation/read-delays.js'
import type { MatrixShape } from '../validation/read-matrix.js'
import { drawnOf } from '../validation/read-quantity.js'
import { ruleFor } from '../validation/read-rule.js'
import { refuseTooMany } from '../validation/refuse-too-many.js'
import type { ConnectivityKind, DescribedSynapses, PatternPlace } from './connectivity.js'
import { joinSlices } from './join-slices.js'
import { ruleSynapses, visitRule } from './rule-synapses.js'

/** A rule as it was handed over. */
export interface GivenRule {
  readonly kind: 'rule'
  readonly rule: unknown
  readonly weights: unknown
}

/** Synapses that are drawn, by target: they are unknown before there is a seed, and any pair may have some. */
export const RULE: ConnectivityKind<RuleConnectivity, GivenRule> = {
  validate,
  of({ rule }, projection) {
    const { key, source, target, weights, delays } = projection
    const shapeOf = (sizes: MatrixShape): RuleShape => ({ ...sizes, isRecurrent: source === target })
    return {
      layout: 'synapses',
      absent: [],
      drawsSingles: true,
      count: (sizes) => expectedSynapses(rule, shapeOf(sizes), sizes.targets),
      countByBlock(sizes, add) {
        blocksOf(sizes.targets).forEach(({ start, end }, block) => {
          add(block, Math.round(expectedSynapses(rule, shapeOf(sizes), end - start)))
        })
      },
      isEmpty: () => false,
      joinedUnits: ({ sources }) => new Uint8Array(sources).fill(1),
      addTo: (hash) => hash.text(JSON.stringify(rule)),
      format: (sources) => [
        `"connect": ${JSON.stringify(rule)}`,
        `"weights": ${JSON.stringify(weights)}`,
        ...formatDelays(delays, sources),
      ],
      shape: (values) => values,
      hold: (sizes, seed, slice) => ({
        layout: 'synapses',
        sourceSize: sizes.sources,
        targetSize: slice.end - slice.start,
        absent: null,
        ...ruleSynapses(rule, shapeOf(sizes), { seed, stream: `${key}/connect` }, slice),
      }),
      draws: (from) => synapseDraws(projection, rule, from),
      // Those that one seed has drawn are a list.
      settled: ({ sources, targets }) => ({ kind: 'synapses', sources: [...sources], targets: [...targets] }),
      cut(whole, { count, before }) {
        const from = before()
        return whole.subarray(from, from + count)
      },
      merge: joinSlices,
    }
  },
}

function validate(
  { rule: given, weights }: GivenRule,
  { place, shape, delays, ...ends }: PatternPlace,
  weightRule: NumberRule,
): DescribedSynapses {
  const rule = ruleFor(shape)(given, `${place}.connect`)
  const count = expectedSynapses(rule, shape, shape.targets)
  refuseTooMany(count, `${place}.connect`)
  const field = `${place}.weights`
  const settled = isFanIn(weights) ? settleFanIn(weights, { ...ends, inputs: count / shape.targets }, field) : weights
  return {
    connectivity: { kind: 'rule', rule },
    weights: drawnOf(weightRule)(settled, field),
    delays: readDelays(delays, { shape, own: null, perSynapse: drawnOf(DELAY_RULE) }),
  }
}

/** The synapses of a rule into a slice, as they are drawn. */
function synapseDraws(
  { key, source, target, weights, delays }: Projection,
  rule: ConnectionRule,
  { seed, slice, whole }: ProjectionOrigin,
): SynapseDraws {
  const origin = (field: string) => ({ seed, stream: `${key}/${field}` })
  const shape = { ...whole, isRecurrent: source === target }
  return {
    visit: (add) => visitRule(rule, shape, origin('connect'), slice, add),
    weights: singleValuesOf(weights, origin('weights')),
    weightRange: singleRange(quantityRange(weights)),
    delayRange: singleRange(quantityRange(delays.kind === 'perSynapse' ? delays.values : 0)),
    delaysPerSynapse: delays.kind === 'perSynapse' ? singleValuesOf(delays.values, origin('delays')) : null,
  }
}

/** Rounding may carry values beyond a bound. */
function singleRange({ least, most }: ValueRange): ValueRange {
  return { least: Math.min(least, Math.fround(least)), most: Math.max(most, Math.fround(most)) }
}
