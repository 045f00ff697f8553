import { createActor as relay } from '../../../../demos/modules/relay.js'

/** Returns one gradient less than there are arrivals. */
export function createActor(place, options) {
  const inner = relay(place, options)
  return {
    ...inner,
    backward(gradients) {
      const { times, weights } = inner.backward(gradients)
      return { times, weights: weights.slice(1) }
    },
  }
}
