import type { EmissionValues } from '../../network/description/emission.js'
import { log } from '../../numerics/log.js'
import type { RandomStreams } from '../../numerics/random-stream.js'
import { integratedRate } from './integrated-rate.js'
import { poissonProcess } from './poisson-process.js'
import type { SpikeProcess } from './spike-process.js'

/** The process of an emission. Bits: each expression below is fixed, as kernels draw the same spikes by themselves. */
export function spikeProcess(emission: EmissionValues, streams: RandomStreams): SpikeProcess {
  switch (emission.process) {
    case 'regular': {
      const { start, period } = emission
      return {
        origin: start,
        next: (unit, _, count) => start + count * (period[unit] as number),
        timeOf: (_, __, position) => position,
      }
    }
    case 'poisson':
      return poissonProcess(emission, streams)
    case 'inhomogeneousPoisson': {
      const { scale } = emission
      const rate = integratedRate(emission.times, emission.rates)
      return {
        origin: 0,
        next: (_, stream, count, last) => last - log(streams.uniformOpen(stream, count)),
        timeOf: (unit, _, position) => rate.timeOf(position / (scale[unit] as number)),
      }
    }
  }
}
