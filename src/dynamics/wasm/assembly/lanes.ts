import { setThread } from './thread'

/**
 * The octet of neurons that is being worked on: eight lanes of each of these, at a scratch address of its own for every
 * instance. U = V - bias.
 */
export let lanes: usize = 0

/** Gives an instance its number among the threads, and its scratch lanes. */
export function attach(number: i32, scratch: usize): void {
  setThread(<usize>number)
  lanes = scratch
}

// Forward: state after the last instant; what rules crossings out, and the threshold; adaptation and its time.
export const U: usize = 0
export const I: usize = 64
export const TEST: usize = 128
export const THRESHOLD: usize = 192
export const ADAPTATION: usize = 256
export const ADAPTED: usize = 320
// State at the next instant of lanes that fired before it.
export const NEXT_U: usize = 384
export const NEXT_I: usize = 448
/** i32 numbers of spikes. */
export const FIRED: usize = 512

// Backward: adjoint state, that of the adaptation and its time.
export const P_U: usize = 576
export const P_I: usize = 640
export const P_A: usize = 704
export const P_A_TIME: usize = 768
/** Adjoint of U right after the lane's last own event, and the time of that. */
export const EVENT_P_U: usize = 832
export const EVENT_TIME: usize = 896
/** How far a lane has been carried back, inside an interval. */
export const NOW: usize = 960
export const NEXT_P_U: usize = 1024
export const NEXT_P_I: usize = 1088

// Peaks: state before an interval is set aside.
export const BEST: usize = 1152
/** Up to eight peaks of a trial, the last one first, see `injections.ts`. */
export const INJECTIONS: usize = 1216
/** i32 numbers of stretches, see `delayed-stretches.ts`. */
export const OPENED: usize = 1280
/** Forward, delays per synapse: the time that U and I belong to. */
export const SINCE: usize = 1344

// Backward, the gradient by time constants, see `taus.ts`: factors of U, of I by tauMem and by tauSyn, and of A.
export const Q_U: usize = 1408
export const Q_I: usize = 1472
export const Z: usize = 1536
export const Q_A: usize = 1600
export const NEXT_Q_U: usize = 1664
export const NEXT_Q_I: usize = 1728
export const NEXT_Z: usize = 1792
/** Integrals over voltages. */
export const SCORE: usize = 1856
export const SCRATCH: usize = 2048

export function lane(row: usize, n: i32): f64 {
  return load<f64>(lanes + row + 8 * <usize>n)
}

export function setLane(row: usize, n: i32, value: f64): void {
  store<f64>(lanes + row + 8 * <usize>n, value)
}

/** Sets all eight lanes of a row. */
export function fillLanes(row: usize, value: f64): void {
  const all = f64x2.splat(value)
  v128.store(lanes + row, all)
  v128.store(lanes + row, all, 16)
  v128.store(lanes + row, all, 32)
  v128.store(lanes + row, all, 48)
}

export function copyLanes(row: usize, from: usize): void {
  const to = lanes + row
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
  v128.store(to, v128.load(from, 32), 32)
  v128.store(to, v128.load(from, 48), 48)
}
