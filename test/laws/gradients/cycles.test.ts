import { describe, test } from 'vitest'
import { COMMON_FEATURES, expectGradients, SHAPE_FEATURES, TAU_FEATURES } from './expect-gradients.js'

const CYCLES = ['recurrent', 'self projection', 'cycle of groups']

describe('exact gradients against extrapolated difference quotients', () => {
  test('of spikes around cycles with delays', async () => {
    const features = [...COMMON_FEATURES, ...TAU_FEATURES, ...SHAPE_FEATURES, ...CYCLES, 'more than a chunk']
    await expectGradients({ cycles: 'delayed', readout: 'spikes' }, { numRuns: 16, features })
  })

  test('of spikes around cycles that may take no time', async () => {
    const features = [...COMMON_FEATURES, ...SHAPE_FEATURES, ...CYCLES, 'event by event']
    await expectGradients({ cycles: 'immediate', readout: 'spikes', drive: 1.5 }, { numRuns: 12, features })
  })
})
