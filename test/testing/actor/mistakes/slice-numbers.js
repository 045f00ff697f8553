import { delayed } from './delayed.js'

/** It numbers units from the start of the slice. */
export const createActor = (place) => delayed(place, (_, unit) => 1 + 0.1 * (unit - place.start))
