import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ruleSynapses } from '../../../src/network/connectivity/rule-synapses.js'
import type { ConnectionRule, RuleShape } from '../../../src/network/description/connection-rule.js'

interface Synapse {
  readonly source: number
  readonly target: number
  readonly place: number
}

const NONE = { selfConnections: false, multiple: false }

function synapsesOf(rule: ConnectionRule, shape: RuleShape, seed = 1, slice = { start: 0, end: shape.targets }) {
  const { sources, targets, places } = ruleSynapses(rule, shape, { seed, stream: 'a->b/connect' }, slice)
  return Array.from(sources, (source, k): Synapse => {
    return { source, target: slice.start + (targets[k] as number), place: places.indexOf(k) }
  })
}

const countsOf = (units: readonly number[], size: number) => {
  const counts = new Array<number>(size).fill(0)
  for (const unit of units) counts[unit] = (counts[unit] as number) + 1
  return counts
}

const pairOf = ({ source, target }: Synapse) => `${source}->${target}`

const shapes = fc.oneof(
  fc.record({ sources: fc.integer({ min: 2, max: 40 }), targets: fc.integer({ min: 2, max: 100 }) }).map((ends) => {
    return { ...ends, isRecurrent: false }
  }),
  fc.integer({ min: 2, max: 70 }).map((size) => ({ sources: size, targets: size, isRecurrent: true })),
)

const rulesFor = ({ sources, targets }: RuleShape): fc.Arbitrary<ConnectionRule> => {
  const options = fc.record({ selfConnections: fc.boolean(), multiple: fc.boolean() })
  const [ins, outs] = [fc.integer({ min: 1, max: sources - 1 }), fc.integer({ min: 1, max: targets - 1 })]
  const probability = fc.oneof(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constant(1))
  return fc.oneof(
    fc.tuple(ins, options).map(([inDegree, flags]) => ({ rule: 'fixedInDegree' as const, inDegree, ...flags })),
    fc.tuple(outs, options).map(([outDegree, flags]) => ({ rule: 'fixedOutDegree' as const, outDegree, ...flags })),
    fc.tuple(probability, fc.boolean()).map(([p, selfConnections]) => {
      return { rule: 'fixedProbability' as const, probability: p, selfConnections }
    }),
    ...(sources === targets ? [fc.constant({ rule: 'oneToOne' as const })] : []),
  )
}

const cases = shapes.chain((shape) =>
  fc.record({ shape: fc.constant(shape), rule: rulesFor(shape), seed: fc.nat(), cut: fc.nat(shape.targets) }),
)

describe('the synapses of a rule', () => {
  test('are those of its slices, in order of targets', () => {
    fc.assert(
      fc.property(cases, ({ shape, rule, seed, cut }) => {
        const whole = synapsesOf(rule, shape, seed)
        const parts = [
          ...synapsesOf(rule, shape, seed, { start: 0, end: cut }),
          ...synapsesOf(rule, shape, seed, { start: cut, end: shape.targets }),
        ]
        expect(parts).toEqual(whole)
        const targets = whole.map(({ target }) => target)
        expect(targets).toEqual(targets.toSorted((a, b) => a - b))
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  test('keep degrees, leave out self-connections and repeated pairs, and draw their numbers at places of their own', () => {
    fc.assert(
      fc.property(cases, ({ shape, rule, seed }) => {
        const all = synapsesOf(rule, shape, seed)
        expect(new Set(all.map(({ place }) => place)).size).toBe(all.length)
        expect(all.every(({ source, target }) => source < shape.sources && target < shape.targets)).toBe(true)
        if (rule.rule === 'fixedInDegree')
          expect(
            new Set(
              countsOf(
                all.map(({ target }) => target),
                shape.targets,
              ),
            ),
          ).toEqual(new Set([rule.inDegree]))
        if (rule.rule === 'fixedOutDegree')
          expect(
            new Set(
              countsOf(
                all.map(({ source }) => source),
                shape.sources,
              ),
            ),
          ).toEqual(new Set([rule.outDegree]))
        if (rule.rule === 'oneToOne') expect(all.every(({ source, target }) => source === target)).toBe(true)
        else if (shape.isRecurrent && !rule.selfConnections)
          expect(all.filter(({ source, target }) => source === target)).toEqual([])
        if (!('multiple' in rule && rule.multiple)) expect(new Set(all.map(pairOf)).size).toBe(all.length)
      }),
      { numRuns: 200, seed: 2 },
    )
  })

  test('with probability 1 are all pairs', () => {
    const shape = { sources: 7, targets: 7, isRecurrent: true }
    const rule = { rule: 'fixedProbability', probability: 1, selfConnections: false } as const
    expect(synapsesOf(rule, shape).length).toBe(42)
    expect(synapsesOf({ ...rule, selfConnections: true }, shape).length).toBe(49)
  })
})

describe('the draws', () => {
  const shape = { sources: 20, targets: 20, isRecurrent: true }
  const ROUNDS = 4000

  /** How often each of 20 sources was joined to neuron 3, over many seeds, in standard deviations from `p`. */
  function deviations(rule: ConnectionRule, p: number): readonly number[] {
    const counts = new Array<number>(shape.sources).fill(0)
    for (let seed = 0; seed < ROUNDS; seed++)
      for (const { source } of synapsesOf(rule, shape, seed, { start: 3, end: 4 }))
        counts[source] = (counts[source] as number) + 1
    return counts.map((count) => (count - ROUNDS * p) / Math.sqrt(ROUNDS * p * (1 - p)))
  }

  test.each<[string, ConnectionRule, number, number]>([
    ['without repetition', { rule: 'fixedInDegree', inDegree: 5, ...NONE }, 5 / 19, 0],
    ['with itself', { rule: 'fixedInDegree', inDegree: 5, selfConnections: true, multiple: false }, 5 / 20, 5 / 20],
    ['by source', { rule: 'fixedOutDegree', outDegree: 4, ...NONE }, 4 / 19, 0],
    ['by probability', { rule: 'fixedProbability', probability: 0.3, selfConnections: false }, 0.3, 0],
  ])('%s give every source the same chance', (_, rule, chance, own) => {
    const found = deviations(rule, chance)
    const others = found.filter((__, source) => source !== 3)
    expect(Math.max(...others.map(Math.abs))).toBeLessThan(4)
    if (own === 0) expect(found[3]).toBe((-ROUNDS * chance) / Math.sqrt(ROUNDS * chance * (1 - chance)))
    else expect(Math.abs(found[3] as number)).toBeLessThan(4)
  })

  test('with repetition are independent: pairs repeat as often as they must', () => {
    const rule = { rule: 'fixedInDegree', inDegree: 2, selfConnections: true, multiple: true } as const
    let same = 0
    for (let seed = 0; seed < ROUNDS; seed++) {
      const [first, second] = synapsesOf(rule, shape, seed, { start: 3, end: 4 })
      if (first?.source === second?.source) same++
    }
    const p = 1 / 20
    expect(Math.abs(same - ROUNDS * p) / Math.sqrt(ROUNDS * p * (1 - p))).toBeLessThan(4)
  })

  test('of a coin have the spread of a coin', () => {
    const rule = { rule: 'fixedProbability', probability: 0.3, selfConnections: true } as const
    let squares = 0
    for (let seed = 0; seed < ROUNDS; seed++) {
      const count = synapsesOf(rule, shape, seed, { start: 3, end: 4 }).length
      squares += (count - 20 * 0.3) ** 2
    }
    expect(squares / ROUNDS / (20 * 0.3 * 0.7)).toBeCloseTo(1, 1)
  })
})
