import { delayed } from './delayed.js'

let seen = 0

/** What one trial has met shows in the next. */
export function createActor(place) {
  if (place.trial === 0) seen = 0
  return delayed(place, (weight) => {
    seen += weight
    return 1 + (seen % 1)
  })
}
