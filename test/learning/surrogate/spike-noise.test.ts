import { describe, test } from 'vitest'
import { liIntegral, spikeCount, vMax } from '../../../src/learning/define-loss.js'
import type { DeviceNoise } from '../../../src/learning/noise/device-noise.js'
import type { RunNoise } from '../../../src/learning/noise/run-noise.js'
import type { Network } from '../../../src/network/description/network.js'
import { casesOf } from '../../support/cases-of.js'
import { checkAgainstDuals } from './dual-comparison.js'

/** The noise of a run, of which every network has the groups. */
const onDevice = (device: Omit<DeviceNoise, 'seed'>) => () => {
  return { noise: { device: { seed: 3, ...device }, dropout: null, draw: 2, firstTrial: 5 } satisfies RunNoise }
}

function dropped({ projections }: Network, scale: 'none' | 'inverted' = 'none') {
  const rates = Object.fromEntries(projections.map(({ source }) => [source, 0.3]))
  return { noise: { device: null, dropout: { seed: 7, rates, scale }, draw: 1, firstTrial: 0 } satisfies RunNoise }
}

const CASES = casesOf({ short: 2, long: 6 })

describe('with spikes that come late, or not at all, the surrogate gradient is that in dual numbers', () => {
  const integral = (group: string) => liIntegral(group, { tau: 20 })
  test.each([
    ['jitter', onDevice({ jitter: 3 })],
    ['loss', onDevice({ spikeLoss: 0.3 })],
    ['jitter and loss', onDevice({ jitter: 1, spikeLoss: 0.2 })],
    ['ticks', onDevice({ tick: 3 })],
    ['ticks and jitter', onDevice({ tick: 2, jitter: 2 })],
    ['a shortest delay', onDevice({ delayMin: 1.7, jitter: 0.5 })],
    ['dropout', (network: Network) => dropped(network)],
    ['inverted dropout', (network: Network) => dropped(network, 'inverted')],
    ['mismatch', onDevice({ weightMismatch: 0.2, delayMismatch: { absolute: 0.4 }, thresholdMismatch: 0.1 })],
    ['formats', onDevice({ weightBits: 5, delayStep: 0.8, thresholdBits: 7 })],
  ])('by %s', (_, besideIn) => {
    checkAgainstDuals({ readout: 'li', recurrence: 'never', lossOf: integral, besideIn }, CASES)()
    checkAgainstDuals({ readout: 'li', recurrence: 'always', lossOf: vMax, besideIn }, CASES)()
  })

  test(
    'by ticks, at which spikes are counted',
    checkAgainstDuals({
      ...{ readout: 'none', recurrence: 'never', besideIn: onDevice({ tick: 2 }) },
      lossOf: (group) => spikeCount(group, { tau: 30 }),
    }),
  )
})
