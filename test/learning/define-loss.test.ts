import { expect, test } from 'vitest'
import { firstSpike, linear, spikeCount, vMax } from '../../src/learning/define-loss.js'
import { parseLoss } from '../../src/learning/loss-file.js'
import { defineNetwork } from '../../src/network/define-network.js'
import { li, lif } from '../../src/network/groups.js'

const neuron = { tauMem: 20, tauSyn: 5 }
const network = defineNetwork({
  groups: { out: lif(2, { ...neuron, threshold: 1 }), readout: li(2, neuron) },
  projections: [],
})

/** What a field without a value holds, whatever its type says. */
const UNSAID = undefined as unknown as number

test.each([
  [firstSpike('out'), { kind: 'firstSpike', group: 'out', label: 1 }],
  [firstSpike('out', { tau0: 2 }), { kind: 'firstSpike', group: 'out', label: 1, tau0: 2 }],
  [firstSpike('out', { tau0: 2, tau1: UNSAID }), { kind: 'firstSpike', group: 'out', label: 1, tau0: 2 }],
  [spikeCount('out', { tau: UNSAID }), { kind: 'spikeCount', group: 'out', label: 1 }],
  [spikeCount('out', { tau: 7 }), { kind: 'spikeCount', group: 'out', label: 1, tau: 7 }],
  [vMax('readout'), { kind: 'vMax', group: 'readout', label: 1 }],
  [linear('out', [1, -2]), { kind: 'linear', group: 'out', coefficients: [1, -2] }],
])('%o is the loss that its file describes', (loss, file) => {
  expect(parseLoss(JSON.stringify(file), network).loss).toEqual(loss)
  expect(Object.isFrozen(loss)).toBe(true)
})
