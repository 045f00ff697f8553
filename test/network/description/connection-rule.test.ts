import { expect, test } from 'vitest'
import { ruleSynapses } from '../../../src/network/connectivity/rule-synapses.js'
import {
  type ConnectionRule,
  expectedSynapses,
  type RuleShape,
} from '../../../src/network/description/connection-rule.js'

const AMONG: RuleShape = { sources: 20, targets: 20, isRecurrent: true }
const BETWEEN: RuleShape = { sources: 30, targets: 20, isRecurrent: false }

test.each<{ rule: ConnectionRule; shape: RuleShape; targets: number; expected: number }>([
  { rule: rule('fixedInDegree', { inDegree: 3 }), shape: AMONG, targets: 5, expected: 15 },
  { rule: rule('fixedOutDegree', { outDegree: 4 }), shape: BETWEEN, targets: 5, expected: 30 },
  { rule: { rule: 'oneToOne' }, shape: AMONG, targets: 5, expected: 5 },
  { rule: probability(true), shape: AMONG, targets: 4, expected: 40 },
  // Nobody is joined to itself.
  { rule: probability(false), shape: AMONG, targets: 4, expected: 38 },
  { rule: probability(false), shape: BETWEEN, targets: 4, expected: 60 },
])('$rule into $targets neurons are $expected synapses in the mean', ({ rule, shape, targets, expected }) => {
  expect(expectedSynapses(rule, shape, targets)).toBe(expected)
})

test('that mean is what is drawn', () => {
  const seeds = 400
  const sum = Array.from({ length: seeds }, (_, seed) => {
    return ruleSynapses(probability(false), AMONG, { seed, stream: 'a->a/connect' }, { start: 0, end: 4 }).sources
      .length
  }).reduce((total, count) => total + count, 0)
  // Four standard errors.
  const error = 4 * Math.sqrt((4 * 19 * 0.25) / seeds)
  expect(Math.abs(sum / seeds - expectedSynapses(probability(false), AMONG, 4))).toBeLessThan(error)
})

function probability(selfConnections: boolean): ConnectionRule {
  return { rule: 'fixedProbability', probability: 0.5, selfConnections }
}

function rule(kind: 'fixedInDegree' | 'fixedOutDegree', degree: object): ConnectionRule {
  return { rule: kind, selfConnections: true, multiple: true, ...degree } as ConnectionRule
}
