import { describe, expect, test } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { poisson, regular } from '../../../src/network/description/emitting-sources.js'
import { fanIn } from '../../../src/network/description/fan-in.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import type { GroupSpec } from '../../../src/network/description/network.js'
import {
  connect,
  dense,
  fixedInDegree,
  fixedProbability,
  oneToOne,
  type Pattern,
} from '../../../src/network/description/projections.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../mistake-of.js'

const LEAKY = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** How the weights from a group to another are drawn. */
function weightsOf(pattern: Pattern, input: GroupSpec = source(16), out: GroupSpec = lif(8, LEAKY)) {
  const network = defineNetwork({ groups: { input, out }, projections: [connect('input', 'out', pattern)] })
  return network.projections[0]?.weights
}

const SETTLED = (mean: number, std: number) => ({ distribution: 'normal', mean, std })

describe('weights scaled by their fan-in', () => {
  const drawn = fanIn({ mean: 20, std: 4 })

  test.each([
    ['dense', dense(drawn), 16],
    ['of a fixed in-degree', fixedInDegree(4, drawn), 4],
    ['of a probability', fixedProbability(0.25, drawn), 4],
  ])('%s: each input brings one spike', (_, pattern, inputs) => {
    expect(weightsOf(pattern)).toEqual(SETTLED(20 / inputs, 4 / Math.sqrt(inputs)))
  })

  test('one to one there is one input', () => {
    expect(weightsOf(oneToOne(drawn), source(8))).toEqual(SETTLED(20, 4))
  })

  const bursting = fanIn({ mean: 20, std: 4, rate: 100 })
  const currents = { tauMem: 20, tauSynExc: 5, tauSynInh: 10, threshold: 1 } as const

  // 16 inputs of 100 Hz: 8 spikes in 5 ms, 16 in 10 ms.
  test.each([
    ['a Poisson source', dense(drawn), poisson(16, { rate: 100 }), lif(8, LEAKY), SETTLED(20 / 8, 4 / Math.sqrt(8))],
    [
      'rates that are drawn',
      dense(drawn),
      poisson(16, { rate: uniform(50, 150) }),
      lif(8, LEAKY),
      SETTLED(20 / 8, 4 / Math.sqrt(8)),
    ],
    ['a clock', dense(drawn), regular(16, { period: 10 }), lif(8, LEAKY), SETTLED(20 / 8, 4 / Math.sqrt(8))],
    ['a rate that is said', dense(bursting), source(16), lif(8, LEAKY), SETTLED(20 / 8, 4 / Math.sqrt(8))],
    [
      'no current: 32 spikes in tauMem',
      dense(bursting),
      source(16),
      lif(8, { tauMem: 20, tauSyn: 0, threshold: 1 }),
      SETTLED(20 / 32, 4 / Math.sqrt(32)),
    ],
    ['a readout', dense(bursting), source(16), li(8, { tauMem: 20, tauSyn: 10 }), SETTLED(20 / 16, 1)],
    [
      'time constants of each neuron',
      dense(bursting),
      source(16),
      lif(2, { ...LEAKY, tauSyn: [5, 15] }),
      SETTLED(20 / 16, 1),
    ],
    ['excitation', dense(bursting), source(16), lif(8, currents), SETTLED(20 / 8, 4 / Math.sqrt(8))],
    ['inhibition', dense(fanIn({ mean: -20, std: 4, rate: 100 })), source(16), lif(8, currents), SETTLED(-20 / 16, 1)],
  ])('with %s the spikes within a synaptic time constant count', (_, pattern, input, out, expected) => {
    expect(weightsOf(pattern, input, out)).toEqual(expected)
  })

  test('a file may have it, and is written with what it stands for', () => {
    const text = (weights: object) =>
      JSON.stringify({
        ...{ format: 'antidrome-network', version: 1 },
        groups: [
          { name: 'input', kind: 'source', size: 16 },
          { name: 'out', kind: 'lif', size: 8, ...LEAKY },
        ],
        projections: [{ source: 'input', target: 'out', weights }],
      })
    const network = parseNetwork(text(drawn))
    expect(network.projections[0]?.weights).toEqual(normal(20 / 16, 1))
    expect(parseNetwork(formatNetwork(network))).toEqual(network)
    expect(mistakeOf(() => parseNetwork(text({ ...drawn, sdt: 1 })))).toMatchObject({
      code: 'FIELD_UNKNOWN',
      field: 'projections[0].weights.sdt',
    })
  })

  test('of inputs that never spike there is no scale', () => {
    expect(mistakeOf(() => weightsOf(dense(drawn), poisson(16, { rate: 0 })))).toMatchObject({
      code: 'FAN_IN_EMPTY',
      field: 'projections[0].weights',
    })
  })

  test('is for weights alone', () => {
    expect(mistakeOf(() => lifWith(drawn)).code).toBe('DISTRIBUTION_UNKNOWN')
  })
})

function lifWith(bias: unknown) {
  return defineNetwork({ groups: { out: lif(8, { ...LEAKY, bias: bias as number }) }, projections: [] })
}
