import { projections } from './plan'

/**
 * A dense projection into the group: where its weights and delays lie in the parameters (and their gradients in the
 * gradient), in bytes; the number of its first row; units of its source; and which synapses share a delay.
 */
const PROJECTION: usize = 32
export const WEIGHTS_AT: usize = 0
export const DELAYS_AT: usize = 4
export const FIRST_ROW: usize = 8
export const UNITS: usize = 12
export const DELAY_KIND: usize = 16

/** Kinds of delays. */
export const NO_DELAY: i32 = 0
export const SCALAR: i32 = 1
export const PER_SOURCE: i32 = 2
export const PER_SYNAPSE: i32 = 3

export function projection(p: i32): usize {
  return projections() + PROJECTION * <usize>p
}
