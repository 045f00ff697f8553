import { type ConnectionRule, partnersOf, type RuleShape } from '../../network/description/connection-rule.js'

/**
 * The probability that a source unit without a target among n neurons has none in neuron n + 1 either, if a rule draws its
 * synapses: over n neurons the product of these.
 */
export function quietChance(rule: ConnectionRule, shape: RuleShape): (n: number) => number {
  const sources = partnersOf(shape.sources, rule, shape)
  const targets = partnersOf(shape.targets, rule, shape)
  const quiet = (chance: number) => Math.max(0, 1 - chance)
  switch (rule.rule) {
    case 'fixedInDegree': {
      const chance = rule.multiple ? power(quiet(1 / sources), rule.inDegree) : quiet(rule.inDegree / sources)
      return () => chance
    }
    case 'fixedOutDegree':
      return (n) => {
        const left = targets - n
        if (left <= 0) return 1
        return rule.multiple ? power(quiet(1 / left), rule.outDegree) : quiet(rule.outDegree / left)
      }
    case 'fixedProbability':
      return () => 1 - rule.probability
    case 'oneToOne':
      return () => 1
  }
}

/** An integer power, by squaring. */
function power(base: number, exponent: number): number {
  let [result, square] = [1, base]
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square
    square *= square
  }
  return result
}
