import { expect, test } from 'vitest'
import {
  firstSpike,
  liIntegral,
  linear,
  spikeCount,
  spikeTimes,
  vanRossum,
  vMax,
} from '../../src/learning/define-loss.js'
import { parseLoss } from '../../src/learning/loss-file.js'
import { readLoss } from '../../src/learning/read-loss.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'

const neuron = { tauMem: 20, tauSyn: 5 }
const network = defineNetwork({
  groups: { out: lif(2, { ...neuron, threshold: 1 }), readout: li(2, neuron) },
  projections: [],
})

const ONE = { offsets: Uint32Array.of(0, 2), times: Float64Array.of(3, 5), units: Uint32Array.of(1, 0) }
const TWO = { offsets: Uint32Array.of(0, 1, 1), times: Float64Array.of(3), units: Uint32Array.of(1) }

/** What a field without a value holds, whatever its type says. */
const UNSAID = undefined as unknown as number

test.each([
  [firstSpike('out'), { kind: 'firstSpike', group: 'out', label: 1 }],
  [firstSpike('out', { tau0: 2 }), { kind: 'firstSpike', group: 'out', label: 1, tau0: 2 }],
  [firstSpike('out', { tau0: 2, tau1: UNSAID }), { kind: 'firstSpike', group: 'out', label: 1, tau0: 2 }],
  [spikeCount('out', { tau: UNSAID }), { kind: 'spikeCount', group: 'out', label: 1 }],
  [spikeCount('out', { tau: 7 }), { kind: 'spikeCount', group: 'out', label: 1, tau: 7 }],
  [vMax('readout', { smoothing: 0.1 }), { kind: 'vMax', group: 'readout', label: 1, smoothing: 0.1 }],
  [
    liIntegral('readout', { tau: 9, mean: true, unitsPerClass: 2 }),
    { kind: 'liIntegral', group: 'readout', label: 0, tau: 9, mean: true, unitsPerClass: 2 },
  ],
  [vMax('readout', { smoothing: UNSAID }), { kind: 'vMax', group: 'readout', label: 1, smoothing: 0 }],
  [spikeCount('out', { smoothing: 0.1 }), { kind: 'spikeCount', group: 'out', label: 1, smoothing: 0.1 }],
  [firstSpike('out', { smoothing: 0.1 }), { kind: 'firstSpike', group: 'out', label: 1, smoothing: 0.1 }],
  [liIntegral('readout', { smoothing: 0.1 }), { kind: 'liIntegral', group: 'readout', label: 1, smoothing: 0.1 }],
  [vMax('readout'), { kind: 'vMax', group: 'readout', label: 1 }],
  [liIntegral('readout'), { kind: 'liIntegral', group: 'readout', label: 1 }],
  [
    liIntegral('readout', { tau: 30, scale: 0.1 }),
    { kind: 'liIntegral', group: 'readout', label: 1, tau: 30, scale: 0.1 },
  ],
  [vanRossum('out', { targets: ONE }), { kind: 'vanRossum', group: 'out', targets: { times: [3, 5], units: [1, 0] } }],
  [
    vanRossum('out', { targets: TWO, tau: 7 }),
    {
      kind: 'vanRossum',
      group: 'out',
      label: 1,
      tau: 7,
      targets: [
        { times: [3], units: [1] },
        { times: [], units: [] },
      ],
    },
  ],
  [
    spikeTimes('out', { targets: TWO, tau: UNSAID }),
    {
      kind: 'spikeTimes',
      group: 'out',
      label: 0,
      targets: [
        { times: [3], units: [1] },
        { times: [], units: [] },
      ],
    },
  ],
  [linear('out', [1, -2]), { kind: 'linear', group: 'out', coefficients: [1, -2] }],
])('%o is the loss that its file describes', (loss, file) => {
  expect(parseLoss(JSON.stringify(file), network).loss).toEqual(loss)
  expect(Object.isFrozen(loss)).toBe(true)
})

test('a loss is the same whether or not it says what it is without', () => {
  const said = readLoss(vMax('readout', { smoothing: 0, unitsPerClass: 1 }))
  expect(readLoss(liIntegral('readout', { mean: false }))).toStrictEqual(readLoss(liIntegral('readout')))
  expect(said).toStrictEqual({ kind: 'vMax', group: 'readout' })
  expect(readLoss(vMax('readout', { smoothing: 0.5 }))).toStrictEqual({ ...said, smoothing: 0.5 })
})

test('coefficients may be an array of numbers of any type', () => {
  for (const given of [Float32Array.of(1, -2), Float64Array.of(1, -2), Int8Array.of(1, -2)]) {
    const coefficients = given as unknown as readonly number[]
    expect(linear('out', coefficients)).toEqual(linear('out', [1, -2]))
    expect(readLoss({ kind: 'linear', group: 'out', coefficients })).toEqual(linear('out', [1, -2]))
  }
})
