import { expect, test } from 'vitest'
import { SimdKernel } from '../../../../src/dynamics/kernels/simd/simd-kernel.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { randomTrains } from '../../../support/window-case.js'
import { WHOLE } from '../kernel-for.js'

const SOURCES = 80
const UNTIL = 100

/** Bytes taken by what a run keeps to be undone, of so many windows, with spikes that are on their way for up to 60 ms. */
function bytesOf(windows: number, tauSynInh?: number): number {
  const tauSyn = tauSynInh === undefined ? { tauSyn: 5 } : { tauSynExc: 5, tauSynInh }
  const network = defineNetwork({
    groups: { in: source(SOURCES), x: lif(8, { tauMem: 20, ...tauSyn, threshold: 1 }) },
    projections: [connect('in', 'x', dense(normal(0.02, 0.1)), { delay: perSynapse(uniform(0, 60)) })],
  })
  const { groups, projections } = instantiate(network, 0)
  const kernel = new SimdKernel(groups[1] as LifValues, projections)
  kernel.begin({ ...WHOLE, whole: false, until: UNTIL })
  const before = kernel.bytes
  kernel.receive(0, {
    ...{ stream: 'in', sequence: 0, window: { start: 0, end: UNTIL } },
    ...randomTrains(SOURCES, 0.2, UNTIL, 1, 'memory'),
  })
  for (let k = 1; k <= windows; k++) kernel.advance((UNTIL * k) / windows, (UNTIL * k) / windows)
  return kernel.bytes - before
}

test.each([
  ['one synaptic current', undefined],
  ['two synaptic currents', 8],
])('what is on its way is not kept once more for every window: %s', (_, tauSynInh) => {
  const [few, many] = [bytesOf(10, tauSynInh), bytesOf(1000, tauSynInh)]
  // 1600 spikes, of which some 800 are on their way at a time: 30 kB of a window if all of them stayed.
  expect((many - few) / 990).toBeLessThan(1000)
})
