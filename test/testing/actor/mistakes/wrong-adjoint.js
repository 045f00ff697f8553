import { createActor as relay } from '../../../../demos/modules/relay.js'

/** Half of the gradient by the weight. */
export function createActor(place, options) {
  const inner = relay(place, options)
  return {
    ...inner,
    backward(gradients) {
      const { times, weights } = inner.backward(gradients)
      return { times, weights: weights.map((weight) => weight / 2) }
    },
  }
}
