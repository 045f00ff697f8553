import { gradient, laneGroup } from '../events/own-events'
import { delays, memGrowths, mostCopies, rows, synGrowths, unitRows, units } from '../schema/header'
import { UNIT_FIRST_ROW, UNIT_ROWS, UNIT_ROWS_END } from '../schema/records'

/**
 * The rows of a unit in a lane group: one where every unit of a dense projection has one. Of a list or a rule a lane group
 * has rows of the units that are joined to one of its neurons, and several of those that some neuron is joined to several
 * times: copies, each with a synapse of the pair.
 *
 * The number of a spike at a copy is that among the spikes of all batches, times `mostCopies`, plus that of the copy: so the
 * order of arrivals at one time is (unit, spike, copy) at every neuron, whatever rows there are. What comes back to a spike
 * is noted by these numbers, and added up copy by copy.
 */
let own: usize = 0

/** A lane group is at work. */
export function takeRowsOf(laneGroup: i32): void {
  own = unitRows() == 0 ? 0 : unitRows() + UNIT_ROWS * <usize>units() * <usize>laneGroup
}

/** Whether every unit has just one row, at its place. */
export function hasRowOfEach(): bool {
  return own == 0
}

/** Byte offset of the first row of a unit in the rows of the lane group. */
export function firstRowOf(unit: u32): usize {
  return own == 0 ? 64 * <usize>unit : <usize>load<u32>(own + UNIT_ROWS * <usize>unit, UNIT_FIRST_ROW)
}

/** Byte offset behind its last row. */
export function endOfRowsOf(unit: u32): usize {
  return own == 0 ? 64 * <usize>unit + 64 : <usize>load<u32>(own + UNIT_ROWS * <usize>unit, UNIT_ROWS_END)
}

/** The number of a spike at the first row of its unit; those at the next ones follow. */
export function numberOf(slot: u32): u32 {
  return slot * <u32>mostCopies()
}

/** Byte offset of the row at which a spike of a unit has a number. */
export function rowAt(unit: u32, number: u32): usize {
  const copy = mostCopies() == 1 ? 0 : number % <u32>mostCopies()
  return firstRowOf(unit) + 64 * <usize>copy
}

/** Where the lane group's delays, the gradient of them, and e^{d/tauMem} and e^{d/tauSyn} lie. */
export let laneDelays: usize = 0
export let delayGradient: usize = 0
export let laneMemGrowths: usize = 0
export let laneSynGrowths: usize = 0

/** The lane group that is undone is at work. */
export function takeUpLaneRows(): void {
  const offset: usize = 64 * <usize>rows() * <usize>laneGroup
  laneDelays = delays() + offset
  laneMemGrowths = memGrowths() + offset
  laneSynGrowths = synGrowths() + offset
  delayGradient = gradient + 64 * (<usize>rows() + 3)
}
