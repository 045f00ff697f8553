import { projectionsAt } from './window-plan'

/** An arrival of one spike at the targets of a row: given its time and row, the rest is worked out here. */
export const ARRIVAL: usize = 48
/** f64 time in ms (of the spike, where synapses have their own delays), and since the start of the cell. */
export const ARRIVAL_TIME: usize = 0
export const ARRIVAL_X: usize = 8
/** u32 projection and row; addresses of the first record that arrives in the cell, 0 for that of the row, and of the end. */
export const ARRIVAL_PROJECTION: usize = 16
export const ARRIVAL_ROW: usize = 20
export const ARRIVAL_FIRST: usize = 24
export const ARRIVAL_END: usize = 28
/** What it adds to the sums: pair of i64; of doubles, at a weight of 1, where synapses have their own weights. */
export const ARRIVAL_ADDED: usize = 32

// A projection: rows of records, one per source unit. See src/dynamics/window/source-rows.ts.
export const PROJECTION: usize = 64
/** Pair of doubles: what its weight, or a weight of 1, adds to the sums at the middle of a cell. */
export const PROJECTION_SCALE: usize = 0
/** Address of u32 numbers of the first record of every row; of the records. */
export const PROJECTION_ROWS: usize = 16
export const PROJECTION_RECORDS: usize = 20
/** i32: whether its weight is at least 0, or `OWN_WEIGHTS`. */
export const PROJECTION_EXCITES: usize = 24
/** Bytes of a record; places of weight and delay in it, 0 where they are shared. */
export const PROJECTION_STRIDE: usize = 28
export const PROJECTION_WEIGHT: usize = 32
export const PROJECTION_DELAY: usize = 36

export const OWN_WEIGHTS: i32 = 2
/** Bytes of a record that is a target of 16 bits. */
export const SHORT_RECORD: u32 = 2
/** Place of the target in a longer one. */
export const RECORD_TARGET: usize = 0

export function projectionOf(arrival: usize): usize {
  return projectionsAt() + PROJECTION * <usize>load<u32>(arrival, ARRIVAL_PROJECTION)
}
