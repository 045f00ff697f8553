import { delayed } from './delayed.js'

/** A trace that is moved to the end of every window. */
export function createActor(place) {
  let [trace, last] = [1, 0]
  const inner = delayed(place, (weight) => 1 + weight * trace)
  return {
    advance(until, arrivals) {
      const spikes = inner.advance(until, arrivals)
      trace *= place.numerics.exp((last - until) / 50)
      last = until
      return spikes
    },
  }
}
