import { InputError } from '../../events/errors.js'
import { type ConnectionRule, partnersOf, type RuleShape } from '../description/connection-rule.js'
import { anyNumberThat } from '../reading/read-number.js'
import { type Reader, readBoolean } from '../reading/read-value.js'
import { variantOf, withDefault } from '../reading/read-variant.js'

const readFlag = withDefault(readBoolean, false)
const readDegree = anyNumberThat({
  code: 'RULE_DEGREE',
  expected: 'an integer >= 1',
  holds: (value) => Number.isSafeInteger(value) && value >= 1,
})

const readRule = variantOf<ConnectionRule, 'rule'>(
  'rule',
  {
    fixedInDegree: { inDegree: readDegree, selfConnections: readFlag, multiple: readFlag },
    fixedOutDegree: { outDegree: readDegree, selfConnections: readFlag, multiple: readFlag },
    fixedProbability: {
      probability: anyNumberThat({
        code: 'RULE_PROBABILITY',
        expected: 'a probability, > 0 and <= 1',
        holds: (value) => value > 0 && value <= 1,
      }),
      selfConnections: readFlag,
    },
    oneToOne: {},
  },
  { code: 'RULE_UNKNOWN' },
)

/**
 * A rule with its defaults filled in: no self-connections, no multiple synapses.
 *
 * Raises `InputError` RULE_UNKNOWN, RULE_DEGREE, RULE_PROBABILITY, RULE_SIZES, FIELD_MISSING, FIELD_TYPE,
 * FIELD_UNKNOWN.
 */
export function ruleFor(shape: RuleShape): Reader<ConnectionRule> {
  return (value, field) => {
    const rule = readRule(value, field)
    if (rule.rule === 'fixedInDegree') refuseTooFew(rule.inDegree, rule, shape, `${field}.inDegree`)
    if (rule.rule === 'fixedOutDegree') refuseTooFew(rule.outDegree, rule, shape, `${field}.outDegree`)
    if (rule.rule === 'oneToOne') refuseSizes(shape, field)
    return rule
  }
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
