import type { ConnectionRule } from '../description/connection-rule.js'
import type { Projection } from '../description/network.js'
import { singleValuesOf } from '../instance/draw.js'
import type { SynapseDraws } from '../instance/instance.js'
import type { ProjectionOrigin } from '../instance/projection-origin.js'
import { quantityRange, type ValueRange } from '../validation/quantity-range.js'
import { visitRule } from './rule-synapses.js'

/** The synapses of a rule into a slice, as they are drawn. */
export function synapseDraws(
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
