import { delayed } from './delayed.js'

/** No mistake. */
export const createActor = (place) => delayed(place, (weight, unit, _, n) => 1 + weight + 0.01 * unit + (n % 3))
