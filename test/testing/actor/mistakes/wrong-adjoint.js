import { createActor as relay } from '../../../../demos/modules/relay.js'

/** Half of the gradient by the weight. */
export function createActor(place, options) {
  const inner = relay(place, options)
  return {
    ...inner,
    retreat(gradients) {
      const { times, weights } = inner.retreat(gradients)
      return { times, weights: weights.map((weight) => weight / 2) }
    },
  }
}
