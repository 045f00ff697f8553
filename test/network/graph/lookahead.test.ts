import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import {
  type Connection,
  connect,
  dense,
  perSource,
  perSynapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { components } from '../../../src/network/graph/components.js'
import { shortCycle, smallestDelay, zeroDelayCycle } from '../../../src/network/graph/lookahead.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'
import { anyNetwork } from '../arbitrary-network.js'

const group = lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 })
const groups = { a: group, b: group, c: group }
const ring = (...projections: Connection<'a' | 'b' | 'c', 'a' | 'b' | 'c'>[]) => {
  const instance = instantiate(defineNetwork({ groups, projections }), 0)
  return components(instance).map((component) => zeroDelayCycle(instance, component))
}

describe('the smallest delay', () => {
  it('is that of the quickest synapse', () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(), (network, seed) => {
        for (const projection of instantiate(network, seed).projections) {
          const { sources, absent, delayShape, delays } = projection
          const all = Array.from(sources, (source, s) => {
            if (absent?.[s] === 1) return Number.POSITIVE_INFINITY
            return { none: 0, scalar: delays[0], perSource: delays[source], perSynapse: delays[s] }[
              delayShape
            ] as number
          })
          expect(smallestDelay(projection)).toBe(Math.min(...all))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('passes over pairs without a synapse', () => {
    const rows = [
      [null, 1],
      [null, null],
    ]
    const delay = (options: Parameters<typeof connect>[3]) => {
      const network = defineNetwork({ groups, projections: [connect('a', 'b', dense(rows), options)] })
      return instantiate(network, 0).projections.map(smallestDelay)
    }
    expect(delay({ delay: perSource([1, 3]) })).toEqual([3])
    expect(
      delay({
        delay: perSynapse([
          [0, 4],
          [1, 2],
        ]),
      }),
    ).toEqual([4])
    expect(delay({ delay: 2 })).toEqual([2])
    expect(delay({})).toEqual([0])
  })
})

describe('a cycle without delay', () => {
  it('is named', () => {
    expect(ring(connect('a', 'b', dense(1)), connect('b', 'c', dense(1)), connect('c', 'a', dense(1)))).toEqual([
      ['a', 'b', 'c'],
    ])
    expect(ring(connect('b', 'b', dense(1)))).toEqual([null, ['b'], null])
  })

  it('is broken by one delay everywhere on it', () => {
    const back = (delay: number[]) => connect('b', 'a', dense(1), { delay: perSource(delay) })
    expect(ring(connect('a', 'b', dense(1)), back([1, 0.5]))).toEqual([null, null])
    expect(ring(connect('a', 'b', dense(1)), back([1, 0]))).toContainEqual(['a', 'b'])
  })

  it('needs synapses', () => {
    expect(ring(connect('a', 'b', dense(1)), connect('b', 'a', synapses([])))).toEqual([null, null])
    expect(ring(connect('a', 'b', dense(1)), connect('b', 'a', synapses([[0, 1, 0]])))).toContainEqual(['a', 'b'])
  })

  it('may use any of several projections', () => {
    const both = [connect('a', 'a', dense(1), { delay: 1 }), connect('a', 'a', synapses([[0, 0, 1]]))] as const
    expect(ring(...both)).toContainEqual(['a'])
    expect(ring(both[0])).toEqual([null, null, null])
  })
})

describe('a short cycle', () => {
  const around = (there: number, back: number) => {
    const projections = [
      connect('a', 'b', dense(1), { delay: there }),
      connect('b', 'a', dense(1), { delay: back }),
      connect('b', 'c', dense(1)),
    ] as const
    const instance = instantiate(defineNetwork({ groups, projections }), 0)
    return components(instance).map((component) => shortCycle(instance, component))
  }

  it('takes less than the smallest delay a cycle may learn on each of its projections', () => {
    expect(around(0.05, 0)).toEqual([['a', 'b'], null])
    expect(around(0.05, 0.1)).toEqual([null, null])
    expect(around(5, 0)).toEqual([null, null])
  })
})
