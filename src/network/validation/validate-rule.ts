import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { type ConnectionRule, partnersOf, type RuleShape } from '../description/connection-rule.js'
import { describeValue } from '../reading/describe-value.js'
import { refuseUnknown } from '../reading/read-fields.js'
import { readRecord } from '../reading/read-value.js'
import { wrongType } from '../reading/wrong-value.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * A rule with its defaults filled in: no self-connections, no multiple synapses.
 *
 * Raises `InputError` RULE_UNKNOWN, RULE_DEGREE, RULE_PROBABILITY, RULE_SIZES, FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN.
 */
export function validateRule(value: unknown, shape: RuleShape, place: string): ConnectionRule {
  const fields = readRecord(value, place)
  const only = (...names: string[]) => refuseUnknown(fields, ['rule', ...names], place)
  const flag = (name: string) => expectFlag(fields, name, place)
  switch (fields.rule) {
    case 'fixedInDegree':
    case 'fixedOutDegree': {
      const isIn = fields.rule === 'fixedInDegree'
      const name = isIn ? 'inDegree' : 'outDegree'
      only(name, 'selfConnections', 'multiple')
      const options = { selfConnections: flag('selfConnections'), multiple: flag('multiple') }
      const degree = expectDegree(fields, name, place)
      const rule: ConnectionRule = isIn
        ? { rule: 'fixedInDegree', inDegree: degree, ...options }
        : { rule: 'fixedOutDegree', outDegree: degree, ...options }
      refuseTooFew(degree, rule, shape, `${place}.${name}`)
      return rule
    }
    case 'fixedProbability': {
      only('probability', 'selfConnections')
      const probability = expectProbability(fields, place)
      return { rule: 'fixedProbability', probability, selfConnections: flag('selfConnections') }
    }
    case 'oneToOne':
      only()
      refuseSizes(shape, place)
      return { rule: 'oneToOne' }
    default:
      throw new InputError({
        code: 'RULE_UNKNOWN',
        field: `${place}.rule`,
        found: describeValue(fields.rule),
        expected: '"fixedInDegree", "fixedOutDegree", "fixedProbability" or "oneToOne"',
      })
  }
}

function expectFlag(fields: Fields, name: string, place: string): boolean {
  const value = entryOf(fields, name) ?? false
  if (typeof value === 'boolean') return value
  throw wrongType(value, `${place}.${name}`, 'true or false')
}

function expectDegree(fields: Fields, name: string, place: string): number {
  const value = entryOf(fields, name)
  if (typeof value !== 'number') throw wrongType(value, `${place}.${name}`, 'an integer >= 1')
  if (Number.isSafeInteger(value) && value >= 1) return value
  const field = `${place}.${name}`
  throw new InputError({ code: 'RULE_DEGREE', field, found: String(value), expected: 'an integer >= 1' })
}

function expectProbability({ probability }: Fields, place: string): number {
  const field = `${place}.probability`
  if (typeof probability !== 'number') throw wrongType(probability, field, 'a probability, > 0 and <= 1')
  if (probability > 0 && probability <= 1) return probability
  throw new InputError({
    code: 'RULE_PROBABILITY',
    field,
    found: String(probability),
    expected: 'a probability, > 0 and <= 1',
  })
}

/** A degree that partners cannot give, each being joined at most once, or none at all. */
function refuseTooFew(degree: number, rule: ConnectionRule, shape: RuleShape, field: string): void {
  const isIn = rule.rule === 'fixedInDegree'
  const partners = partnersOf(isIn ? shape.sources : shape.targets, rule, shape)
  const allowsMore = 'multiple' in rule && rule.multiple
  if (allowsMore ? partners > 0 : degree <= partners) return
  throw new InputError({
    code: 'RULE_DEGREE',
    field,
    found: String(degree),
    expected: `at most ${partners}, the ${isIn ? 'sources' : 'targets'} that a neuron may be joined to`,
    ...(partners > 0 ? { remedy: 'Allow "multiple" synapses of a pair, or lower the degree.' } : {}),
  })
}

function refuseSizes({ sources, targets }: RuleShape, place: string): void {
  if (sources === targets) return
  throw new InputError({
    code: 'RULE_SIZES',
    field: `${place}.rule`,
    found: `oneToOne from ${sources} units to ${targets}`,
    expected: 'groups of the same size',
  })
}
