import { describe, test } from 'vitest'
import type { ProbeKind } from '../../support/probe-network.js'
import { COMMON_FEATURES, expectGradients, SHAPE_FEATURES, TAU_FEATURES } from './expect-gradients.js'

describe('exact gradients against extrapolated difference quotients', () => {
  test('of spikes in layers', async () => {
    const losses = ['loss linear', 'loss firstSpike', 'loss spikeCount']
    const sizes = ['more than a block', 'more than a chunk']
    const features = [...COMMON_FEATURES, ...TAU_FEATURES, ...SHAPE_FEATURES, ...losses, ...sizes]
    await expectGradients({ cycles: 'none', readout: 'spikes' }, { numRuns: 30, features })
  })

  test('of delays shared across blocks of neurons', async () => {
    const kinds: readonly ProbeKind[] = ['scalar delays', 'delays per source']
    const law = { numRuns: 30, features: ['more than a block'], kinds }
    await expectGradients({ cycles: 'none', readout: 'spikes', wide: true }, law)
  })
})
