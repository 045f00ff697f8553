import { FateDraws } from '../../../src/dynamics/noise/fate-draws.js'
import type { RunNoise } from '../../../src/learning/noise/run-noise.js'
import { spikeNoiseOf } from '../../../src/learning/noise/spike-noise-of.js'
import { cyclicKeys } from '../../../src/network/graph/cyclic-keys.js'
import type { NetworkInstance, ProjectionValues } from '../../../src/network/instance/instance.js'

/** What becomes of one spike, or of one that there might have been. */
interface Fate {
  /** When it arrives, in ms. */
  arrival(time: number, delay: number): number
}

interface Fates {
  /**
   * The fate of the next spike of a unit on a way; null: it is lost. One that there was not leaves its number to the next.
   */
  next(projection: ProjectionValues, unit: number, isThere: boolean): Fate | null
}

const asSent: Fate = { arrival: (time, delay) => time + delay }

/** The fates of one trial, written down once more. */
export function createFates(graph: Pick<NetworkInstance, 'groups' | 'projections'>, noise: RunNoise | null): Fates {
  const spikes = noise === null ? undefined : spikeNoiseOf(noise, graph.projections, cyclicKeys(graph))
  if (spikes === undefined) return { next: () => asSent }
  const seen = new Map<string, number>()
  const draws = graph.projections.map(({ sourceSize }, order) => {
    return new FateDraws(spikes.projections[order]?.fates ?? [], spikes, 1, sourceSize)
  })
  return {
    next({ order }, unit, isThere) {
      const place = `${order} ${unit}`
      const number = seen.get(place) ?? 0
      if (isThere) seen.set(place, number + 1)
      const fates = draws[order] as FateDraws
      if (!fates.arrives(0, unit, number)) return null
      const { tick = 0, lag = 0, causal = false } = spikes.projections[order] ?? {}
      const eps = fates.shift
      const ticked = (time: number) => tick * Math.max(1, Math.ceil(Math.max(0, time + eps) / tick - 1e-9))
      if (!causal)
        return { arrival: (time, delay) => (tick > 0 ? ticked(time) : Math.max(0, time + eps)) + lag + delay }
      const way = (delay: number, late: number) => Math.max(delay + late, Math.min(delay, 0.1))
      if (tick === 0) return { arrival: (time, delay) => time + lag + way(delay, eps) }
      return {
        arrival(time, delay) {
          const late = eps < 0 ? Math.min(0, ticked(time) - time) : 0
          return Math.max(time, ticked(time)) + lag + way(delay, late)
        },
      }
    },
  }
}
