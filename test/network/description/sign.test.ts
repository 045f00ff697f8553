import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { constant, normal, uniform } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import {
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  type Pattern,
  synapses,
} from '../../../src/network/description/projections.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { structureHash } from '../../../src/network/file/structure-hash.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../mistake-of.js'

function joined(pattern: Pattern, options: ConnectOptions = {}): Network {
  const groups = { a: source(2), b: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }) }
  return defineNetwork({ groups, projections: [connect('a', 'b', pattern, options)] })
}

const excitatory = { sign: 'excitatory' } as const
const inhibitory = { sign: 'inhibitory' } as const

describe('the sign of a projection', () => {
  it('is the same after a network file, and part of the structure', () => {
    const plain = joined(dense(0))
    const signed = [joined(dense(0), excitatory), joined(dense(0), inhibitory)]
    for (const network of signed) expect(parseNetwork(formatNetwork(network))).toEqual(network)
    expect(signed.map((network) => network.projections[0]?.sign)).toEqual(['excitatory', 'inhibitory'])
    expect(new Set([plain, ...signed].map(structureHash)).size).toBe(3)
    expect(formatNetwork(plain)).not.toContain('sign')
  })

  it('lets weights of it pass, and 0', () => {
    const matrix = [
      [1, null],
      [0, 2],
    ]
    for (const pattern of [dense(matrix), dense(uniform(0, 2)), synapses([[0, 0, 3]]), fixedInDegree(1, 4)])
      expect(instantiate(joined(pattern, excitatory), 0).projections[0]?.sign).toBe('excitatory')
    for (const pattern of [dense(-1), dense(constant(0)), synapses([[0, 0, -3]]), fixedInDegree(1, uniform(-2, 0))])
      expect(instantiate(joined(pattern, inhibitory), 0).projections[0]?.sign).toBe('inhibitory')
  })

  const refused: readonly (readonly [string, Pattern, ConnectOptions, string])[] = [
    ['one weight', dense(-1), excitatory, 'weights'],
    [
      'a matrix',
      dense([
        [1, 1],
        [1, -1],
      ]),
      excitatory,
      'weights[1][1]',
    ],
    [
      'a list',
      synapses([
        [0, 0, -1],
        [0, 1, 2],
      ]),
      inhibitory,
      'synapses[1][2]',
    ],
    ['a rule', fixedInDegree(1, 4), inhibitory, 'weights'],
    ['what a dense projection draws', dense(normal(0, 1)), excitatory, 'weights[1]'],
    ['what a rule draws', fixedInDegree(2, uniform(1, 2)), inhibitory, 'weights[0]'],
  ]
  it.each(refused)('refuses a wrong one of %s, saying where', (_, pattern, options, field) => {
    const mistake = mistakeOf(() => instantiate(joined(pattern, options), 1))
    expect(mistake).toEqual({ code: 'WEIGHT_SIGN', field: `projections[0].${field}` })
    expect(() => instantiate(joined(pattern, options), 1)).toThrow(/uniform/)
  })

  it('is one of two', () => {
    const sign = 'positive' as 'excitatory'
    expect(mistakeOf(() => joined(dense(1), { sign }))).toEqual({ code: 'SIGN_UNKNOWN', field: 'projections[0].sign' })
  })
})
