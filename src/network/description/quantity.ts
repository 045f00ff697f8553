import type { Initializer } from './initializers.js'

/** One number for every neuron (or synapse), one number each, or a distribution to draw them from. */
export type Quantity = number | readonly number[] | Initializer
