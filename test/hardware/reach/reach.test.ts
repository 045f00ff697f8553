import { expect, it } from 'vitest'
import { incomingOf } from '../../../src/hardware/reach/incoming.js'
import { reachOf } from '../../../src/hardware/reach/reach.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, type Synapse, synapses } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

it('units share a fan if they have targets in the same parts, and only then, also where hashes are equal', () => {
  // The first two have one hash.
  const rows = [[15, 41, 52, 56], [35, 40, 48, 49], [15, 41, 52, 56], [], [35, 40, 48, 49]]
  const list = rows.flatMap((parts, unit) => parts.map((target): Synapse => ({ source: unit, target, weight: 1 })))
  const network = defineNetwork({
    groups: { in: source(5), out: lif(60, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
    projections: [connect('in', 'out', synapses(list))],
  })
  const parts = Array.from({ length: 60 }, (_, k) => [{ group: 'out', start: k, end: k + 1 }])
  const { fanOf, partsOf } = reachOf(network, parts, incomingOf(network, 0)).get('in')!
  expect(Array.from(fanOf, (fan) => Array.from(partsOf(fan)))).toEqual(rows)
  expect(Array.from(fanOf)).toEqual([1, 2, 1, 0, 2])
})
