import { describe, test } from 'vitest'
import { COMMON_FEATURES, CYCLE_FEATURES, expectGradients, SHAPE_FEATURES, TAU_FEATURES } from './expect-gradients.js'

describe('exact gradients against extrapolated difference quotients', () => {
  test('of spikes around cycles with delays', async () => {
    const features = [...COMMON_FEATURES, ...TAU_FEATURES, ...SHAPE_FEATURES, ...CYCLE_FEATURES, 'more than a chunk']
    await expectGradients({ cycles: 'delayed', readout: 'spikes' }, { numRuns: 16, features })
  })
})
