import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shapeGradients } from '../../../src/cli/gradient/gradient-report.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

const sizes = fc.record({ sources: fc.integer({ min: 1, max: 6 }), targets: fc.integer({ min: 1, max: 6 }) })

test('entry [target][source] is that of synapse target * sources + source', () => {
  fc.assert(
    fc.property(sizes, fc.boolean(), ({ sources, targets }, hasDelays) => {
      const network = defineNetwork({
        groups: { a: source(sources), b: lif(targets, { tauMem: 10, tauSyn: 5, threshold: 1 }) },
        projections: [connect('a', 'b', dense(1), hasDelays ? { delay: perSynapse(1) } : {})],
      })
      const weights = Float64Array.from({ length: sources * targets }, (_, index) => index)
      const delays = hasDelays ? weights.map((index) => -1 - index) : new Float64Array(0)
      const perNeuron = new Float64Array(targets)
      const shaped = shapeGradients(network, {
        projections: { 'a->b': { weights, delays } },
        groups: { b: { bias: perNeuron, threshold: perNeuron, adaptStep: perNeuron } },
      })
      const rows = (entry: (index: number) => number) =>
        Array.from({ length: targets }, (_, t) => Array.from({ length: sources }, (__, s) => entry(t * sources + s)))
      expect(shaped['a->b']).toEqual({
        weights: rows((index) => index),
        ...(hasDelays ? { delays: rows((index) => -1 - index) } : {}),
      })
      expect(Object.keys(shaped.b ?? {})).toEqual(['threshold', 'adaptStep', 'bias'])
    }),
  )
})
