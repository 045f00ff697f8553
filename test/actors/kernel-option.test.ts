import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { openCluster } from '../../src/actors/open-cluster.js'
import { chooseKernels } from '../../src/dynamics/kernels/choose-kernel.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { InputError } from '../../src/events/errors.js'
import { singleCore } from '../../src/hardware/single-core.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'

const NETWORK = defineNetwork({
  groups: { in: source(1), out: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('in', 'out', dense(8))],
})

const WAYS = {
  open: (kernel: unknown) => open(NETWORK, { kernel: kernel as KernelKind }),
  openCluster: (kernel: unknown) =>
    openCluster(NETWORK, singleCore(NETWORK), { kernel: kernel as KernelKind, transport: 'local' }),
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

  test.each<KernelKind>(['simd', 'reference'])('tells what runs each group with the kernel %s', async (kernel) => {
    await using session = await opening(kernel)
    expect(session.kernels).toEqual(chooseKernels(NETWORK, kernel))
    expect(session.kernels).toMatchObject([{ group: 'out', engine: kernel }])
  })
})
