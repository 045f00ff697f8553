import { describe, test } from 'vitest'
import { firstSpike, liIntegral, spikeCount, vanRossum, vMax } from '../../../src/learning/define-loss.js'
import { trainsOf } from '../trains.js'
import { checkAgainstDuals } from './dual-comparison.js'

/** Of one unit. */
const TARGETS = {
  tau: 8,
  targets: trainsOf([
    [
      { time: 5.3, unit: 0 },
      { time: 20, unit: 0 },
    ],
  ]),
}

describe('the surrogate gradient is that of the same network in dual numbers', () => {
  test('on a readout', checkAgainstDuals({ readout: 'li', recurrence: 'never', lossOf: vMax }))
  test('with cycles', checkAgainstDuals({ readout: 'li', recurrence: 'always', lossOf: vMax }))
  test(
    'on integrals',
    checkAgainstDuals({ readout: 'li', recurrence: 'never', lossOf: (group) => liIntegral(group, { tau: 20 }) }),
  )
  test(
    'of distances to target spikes',
    checkAgainstDuals({ readout: 'none', recurrence: 'never', lossOf: (group) => vanRossum(group, TARGETS) }),
  )
  test(
    'of spike counts',
    checkAgainstDuals({ readout: 'none', recurrence: 'never', lossOf: (group) => spikeCount(group, { tau: 30 }) }),
  )
  test(
    'of first spikes',
    checkAgainstDuals({ readout: 'none', recurrence: 'always', lossOf: (group) => firstSpike(group, { tau0: 2 }) }),
  )
  test(
    'of first spikes with smoothing',
    checkAgainstDuals({
      readout: 'none',
      recurrence: 'never',
      lossOf: (group) => firstSpike(group, { tau0: 2, smoothing: 0.2 }),
    }),
  )
  test(
    'of spike counts with smoothing',
    checkAgainstDuals({
      readout: 'none',
      recurrence: 'never',
      lossOf: (group) => spikeCount(group, { tau: 30, smoothing: 0.2 }),
    }),
  )
  test(
    'of maxima with smoothing',
    checkAgainstDuals({ readout: 'li', recurrence: 'never', lossOf: (group) => vMax(group, { smoothing: 0.2 }) }),
  )
})
