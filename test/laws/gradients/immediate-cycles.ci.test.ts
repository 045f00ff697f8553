import { describe, test } from 'vitest'
import { COMMON_FEATURES, CYCLE_FEATURES, expectGradients, SHAPE_FEATURES } from './expect-gradients.js'

describe('exact gradients against extrapolated difference quotients', () => {
  test('of spikes around cycles that may take no time', async () => {
    const features = [...COMMON_FEATURES, ...SHAPE_FEATURES, ...CYCLE_FEATURES, 'event by event']
    await expectGradients({ cycles: 'immediate', readout: 'spikes', drive: 1.5 }, { numRuns: 12, features })
  })
})
