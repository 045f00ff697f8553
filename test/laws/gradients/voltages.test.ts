import { describe, test } from 'vitest'
import {
  COMMON_FEATURES,
  expectGradients,
  type Settle,
  SHAPE_FEATURES,
  TAU_FEATURES,
  UNHINGED,
} from './expect-gradients.js'

const FEATURES = [...COMMON_FEATURES, ...TAU_FEATURES, ...SHAPE_FEATURES]

describe('exact gradients against extrapolated difference quotients', () => {
  test('of the voltage maxima of readouts, kinks among them', async () => {
    const features = [...FEATURES, 'more than a chunk', 'kinks']
    await expectGradients({ cycles: 'none', readout: 'voltage' }, { numRuns: 16, features })
  })

  test('of the voltage maxima of readouts behind cycles', async () => {
    const features = ['recurrent', 'self projection', 'cycle of groups', 'kinks']
    await expectGradients({ cycles: 'delayed', readout: 'voltage' }, { numRuns: 8, features })
  })

  test('of integrals over the voltages of readouts, also behind cycles', async () => {
    const settle: Settle = async ({ trials, labels, picks }) => {
      const [share = 0, scale = 0] = picks
      const tau = share < 0.3 ? Infinity : 40 * share
      const loss = {
        kind: 'liIntegral',
        group: 'output',
        tau,
        scale: 0.05 + 0.1 * scale,
        smoothing: 0.3 * scale,
      } as const
      return { trials, loss: { loss, labels, ...UNHINGED } }
    }
    await expectGradients({ cycles: 'none', readout: 'voltage' }, { numRuns: 8, settle, features: FEATURES })
    const behind = { numRuns: 8, settle, features: ['recurrent'] }
    await expectGradients({ cycles: 'delayed', readout: 'voltage' }, behind)
  })
})
