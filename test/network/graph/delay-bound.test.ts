import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { constant, normal, uniform } from '../../../src/network/description/initializers.js'
import {
  type ConnectOptions,
  connect,
  dense,
  type Pattern,
  perSource,
  perSynapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { delayBounds } from '../../../src/network/graph/delay-bound.js'
import { smallestDelay } from '../../../src/network/graph/lookahead.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'
import { anyNetwork } from '../arbitrary-network.js'

const group = lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 })
const boundOf = (pattern: Pattern, delay?: ConnectOptions['delay']) => {
  const options = delay === undefined ? {} : { delay }
  const projections = [connect('a', 'b', pattern, options)]
  return delayBounds(defineNetwork({ groups: { a: group, b: group }, projections }))[0]
}

describe('the bound of a delay', () => {
  it('is the smallest delay itself, or below it where delays are drawn', () => {
    let [exact, drawn] = [0, 0]
    fc.assert(
      fc.property(anyNetwork, fc.nat(), (network, seed) => {
        const bounds = delayBounds(network)
        instantiate(network, seed).projections.forEach((values, order) => {
          const { delays, connectivity } = network.projections[order]!
          const smallest = smallestDelay(values)
          const isDrawn = 'values' in delays && typeof delays.values === 'object' && 'distribution' in delays.values
          if (connectivity.kind === 'rule' || (isDrawn && delays.values.distribution !== 'constant')) {
            drawn++
            expect(bounds[order]).toBeLessThanOrEqual(smallest)
          } else {
            exact++
            expect(bounds[order]).toBe(smallest)
          }
        })
      }),
      { numRuns: 150, seed: 71 },
    )
    expect(Math.min(exact, drawn)).toBeGreaterThan(20)
  })

  it('is these', () => {
    const gaps = dense([
      [null, 1],
      [null, 1],
    ])
    expect(boundOf(dense(1))).toBe(0)
    expect(boundOf(dense(1), 2)).toBe(2)
    expect(boundOf(dense(1), perSource(constant(3)))).toBe(3)
    expect(boundOf(dense(1), perSynapse(uniform(0.5, 3)))).toBe(0.5)
    expect(boundOf(dense(1), perSynapse(normal(10, 0.1)))).toBe(0)
    expect(boundOf(gaps, perSource([1, 3]))).toBe(3)
    expect(boundOf(gaps, perSynapse([0, 4, 0, 5]))).toBe(4)
    expect(boundOf(synapses([[1, 0, 1]]), perSource([1, 3]))).toBe(3)
    expect(boundOf(synapses([[1, 0, 1, 2]]))).toBe(2)
  })

  it('is Infinity without synapses', () => {
    const none = [null, null]
    expect(boundOf(synapses([]), 1)).toBe(Number.POSITIVE_INFINITY)
    expect(boundOf(dense([none, none]), 1)).toBe(Number.POSITIVE_INFINITY)
  })
})
