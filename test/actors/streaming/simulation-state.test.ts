import { expect, test } from 'vitest'
import { mergeStates } from '../../../src/actors/streaming/simulation-state.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'

test('spikes in flight are those of every slice: of each unit what the slice that hears it longest has', () => {
  const network = defineNetwork({
    groups: { in: source(3), out: lif(64, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
    projections: [connect('in', 'out', dense(1))],
  })
  const slice = (start: number, spikes: readonly { readonly time: number; readonly unit: number }[]) => {
    return { group: 'out', start, columns: {}, inFlight: { 'in->out': trainsOf([spikes]) } }
  }
  const { inFlight } = mergeStates(network, [
    slice(0, [
      { time: 3, unit: 0 },
      { time: 4, unit: 2 },
    ]),
    slice(32, [
      { time: 1, unit: 1 },
      { time: 2, unit: 0 },
      { time: 3, unit: 0 },
    ]),
  ])
  const { times, units } = inFlight['in->out']!
  expect([...times]).toEqual([1, 2, 3, 4])
  expect([...units]).toEqual([1, 0, 0, 2])
})
