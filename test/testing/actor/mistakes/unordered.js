import { delayed } from './delayed.js'

/** It does not sort its spikes. */
export function createActor(place) {
  const inner = delayed(place, () => 1)
  return {
    advance(until, arrivals) {
      const { times, units } = inner.advance(until, arrivals)
      return { times: times.reverse(), units: units.reverse() }
    },
  }
}
