import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { requireEnd } from '../../../src/network/graph/decidable.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../mistake-of.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }

function instanceWith(bias: number, readoutBias = 0, recurrent = false) {
  const network = defineNetwork({
    groups: {
      input: source(1),
      hidden: lif(2, { ...neuron, bias: [0, bias] }),
      more: lif(1, neuron),
      readout: li(1, { tauMem: 20, tauSyn: 5, bias: readoutBias }),
    },
    projections: [
      connect('input', 'hidden', dense(1)),
      connect('hidden', 'more', dense(1)),
      connect('more', 'readout', dense(1)),
      ...(recurrent ? [connect('more', 'hidden', dense(1), { delay: 1 })] : []),
    ],
  })
  return instantiate(network, 0)
}

describe('a run without an end', () => {
  it('is allowed if it surely ends by itself', () => {
    expect(() => requireEnd(instanceWith(0.999, -1), Number.POSITIVE_INFINITY)).not.toThrow()
  })

  it.each([
    [instanceWith(0, 0, true), 'the cycle hidden -> more -> hidden'],
    [instanceWith(1), 'the bias 1 of neuron 1 of "hidden" is not below its threshold 1'],
    [instanceWith(0, 0.5), 'the bias 0.5 of neuron 0 of "readout" is above 0'],
  ])('is refused otherwise (%#)', (instance, culprit) => {
    expect(mistakeOf(() => requireEnd(instance, Number.POSITIVE_INFINITY)).code).toBe('UNTIL_REQUIRED')
    expect(() => requireEnd(instance, Number.POSITIVE_INFINITY)).toThrow(culprit)
    expect(() => requireEnd(instance, 1e6)).not.toThrow()
  })

  it.each([0, -1, Number.NaN])('is not the same as an end at %d', (until) => {
    expect(mistakeOf(() => requireEnd(instanceWith(0), until))).toEqual({ code: 'UNTIL_INVALID', field: 'until' })
  })
})
