import type { EmissionValues } from '../../network/description/emission.js'

/**
 * For how long some units emit, in ms, until they have emitted about so many spikes at the highest of their rates.
 *
 *     length = spikes / (trials · sum over units of spikes per ms)        Infinity if that is 0
 */
export function emissionWindow(emission: EmissionValues, trials: number, spikes: number): number {
  return spikes / (trials * spikesPerMillisecond(emission))
}

function spikesPerMillisecond(emission: EmissionValues): number {
  switch (emission.process) {
    case 'regular':
      return emission.period.reduce((sum, period) => sum + 1 / period, 0)
    case 'poisson':
      return emission.rate.reduce((sum, rate) => sum + rate / 1000, 0)
    case 'inhomogeneousPoisson': {
      const highest = Math.max(...emission.rates) / 1000
      return emission.scale.reduce((sum, scale) => sum + scale * highest, 0)
    }
  }
}
