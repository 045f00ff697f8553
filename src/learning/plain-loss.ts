import { entryOf } from '../events/by-name.js'
import { InputError } from '../events/errors.js'
import type { QuantityRule } from '../network/quantity-rule.js'
import { describeValue } from '../network/reading/describe-value.js'
import { expectRecord, expectString } from '../network/reading/expect.js'
import { suggestionFor } from '../network/reading/nearest-name.js'
import { readNumbers } from '../network/reading/read-fields.js'
import { keepsRule, refuseNumber } from '../network/validate-number.js'
import type { Loss } from './loss.js'
import { LOSS_RULES } from './loss-rules.js'
import { plainTargets } from './plain-targets.js'

/**
 * A loss as plain data, whatever object it was, with its numbers checked: instances of classes do not travel.
 *
 * Raises `InputError` LOSS_KIND_UNKNOWN, FIELD_MISSING, FIELD_TYPE, NUMBER_NOT_FINITE, TIME_CONSTANT_NOT_POSITIVE,
 * LOSS_STRENGTH_NEGATIVE, LOSS_SCALE_NOT_POSITIVE, and those of `plainTargets`. Whether its group is there is for the network to say.
 *
 * @param field what the loss is called where it was given
 */
export function plainLoss(given: Loss, field = 'loss'): Loss {
  const fields = expectRecord(given, field)
  const group = () => expectString(fields.group, `${field}.group`)
  const number = (name: string, rule: QuantityRule) => requireNumber(entryOf(fields, name), rule, `${field}.${name}`)
  switch (fields.kind) {
    case 'linear':
      return { kind: 'linear', group: group(), coefficients: plainList(fields.coefficients, `${field}.coefficients`) }
    case 'firstSpike': {
      const [tau0, tau1] = [number('tau0', LOSS_RULES.scale), number('tau1', LOSS_RULES.scale)]
      return { kind: 'firstSpike', group: group(), tau0, alpha: number('alpha', LOSS_RULES.strength), tau1 }
    }
    case 'vMax':
      return { kind: 'vMax', group: group() }
    case 'spikeCount':
      return { kind: 'spikeCount', group: group(), tau: number('tau', LOSS_RULES.scale) }
    case 'liIntegral': {
      const tau = fields.tau === Number.POSITIVE_INFINITY ? fields.tau : number('tau', LOSS_RULES.scale)
      return { kind: 'liIntegral', group: group(), tau, scale: number('scale', LOSS_RULES.factor) }
    }
    case 'vanRossum':
    case 'spikeTimes': {
      const targets = plainTargets(fields.targets, `${field}.targets`)
      return { kind: fields.kind, group: group(), tau: number('tau', LOSS_RULES.scale), targets }
    }
    default:
      throw unknownLossKind(fields.kind, `${field}.kind`)
  }
}

/** Every kind there is. */
const LOSS_KINDS: readonly Loss['kind'][] = [
  'linear',
  'firstSpike',
  'vMax',
  'spikeCount',
  'liIntegral',
  'vanRossum',
  'spikeTimes',
]

/** The error for a kind of loss that there is not. */
export function unknownLossKind(kind: unknown, field: string): InputError {
  return new InputError({
    code: 'LOSS_KIND_UNKNOWN',
    field,
    found: describeValue(kind),
    expected: `one of ${LOSS_KINDS.join(', ')}`,
    ...suggestionFor(kind, LOSS_KINDS),
  })
}

function plainList(given: unknown, field: string): readonly number[] {
  return Array.from(readNumbers(given, field), (value: unknown, index) => {
    return requireNumber(value, LOSS_RULES.coefficient, `${field}[${index}]`)
  })
}

/** The number itself: a -0 stays one. */
function requireNumber(value: unknown, rule: QuantityRule, field: string): number {
  if (keepsRule(value, rule)) return value
  throw refuseNumber(value, rule, field)
}
