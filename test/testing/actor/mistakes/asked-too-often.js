import { delayed } from './delayed.js'

/** Every question for the next event, which comes whenever a message does, moves what it does then. */
export function createActor(place) {
  let asked = 0
  let now = 0
  const inner = delayed(place, () => 1 + 0.01 * asked)
  return {
    ...inner,
    advance(until, arrivals) {
      now = until
      return inner.advance(until, arrivals)
    },
    nextEvent() {
      asked++
      return now
    },
  }
}
