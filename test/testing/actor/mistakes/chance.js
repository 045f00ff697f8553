import { delayed } from './delayed.js'

/** It throws dice that no seed decides. */
export const createActor = (place) => delayed(place, () => 1 + Math.random())
