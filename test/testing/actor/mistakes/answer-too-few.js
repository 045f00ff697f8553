import { createActor as relay } from '../../../../demos/modules/relay.js'

/** One answer less than there are arrivals. */
export function createActor(place, options) {
  const inner = relay(place, options)
  return {
    ...inner,
    retreat(gradients) {
      const { times, weights } = inner.retreat(gradients)
      return { times, weights: weights.slice(1) }
    },
  }
}
