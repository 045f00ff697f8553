import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { openCluster } from '../../src/actors/open-cluster.js'
import type { KernelKind } from '../../src/dynamics/kernel-kind.js'
import { InputError } from '../../src/events/errors.js'
import { singleCore } from '../../src/hardware/single-core.js'
import { defineNetwork } from '../../src/network/define-network.js'
import { lif, source } from '../../src/network/groups.js'
import { connect, dense } from '../../src/network/projections.js'

const NETWORK = defineNetwork({
  groups: { in: source(1), out: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('in', 'out', dense(8))],
})

const WAYS = {
  open: (kernel: unknown) => open(NETWORK, { kernel: kernel as KernelKind }),
  openCluster: (kernel: unknown) => openCluster(NETWORK, singleCore(NETWORK), { kernel: kernel as KernelKind }),
}

describe.each(Object.entries(WAYS))('%s', (_, opening) => {
  test.each(['wasm', 'SIMD', '', 1, null, ['simd']])('refuses %j as a kernel', async (kernel) => {
    const refused = opening(kernel)
    await expect(refused).rejects.toBeInstanceOf(InputError)
    await expect(refused).rejects.toMatchObject({
      code: 'KERNEL_UNKNOWN',
      mistake: { field: 'options.kernel', expected: '"simd" or "reference"' },
    })
  })
})
