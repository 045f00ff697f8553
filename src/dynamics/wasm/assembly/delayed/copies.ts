import { mostCopies } from '../schema/plan'

/**
 * A spike comes to every row of its unit: where a list or a rule joins a pair several times these are copies, each with a
 * synapse of the pair. Its number at one of them is that among the spikes of all batches, times `mostCopies`, plus that of
 * the copy: so the order of arrivals at one time is (unit, spike, copy) at every neuron, whatever rows others have. What
 * comes back to a spike is noted by these numbers, and added up copy by copy.
 */
export function numberAt(slot: u32, copy: u32): u32 {
  return slot * <u32>mostCopies() + copy
}

/** Which of the rows of its unit it is at. */
function copyOf(number: u32): u32 {
  return mostCopies() == 1 ? 0 : number % <u32>mostCopies()
}

/** Byte offset of the first row of a unit, by one of its rows. */
export function firstRowOf(row: u32, number: u32): u32 {
  return row - 64 * copyOf(number)
}

/** Byte offset of the row that a number is at, by the first one of its unit. */
export function rowAt(first: u32, number: u32): u32 {
  return first + 64 * copyOf(number)
}
