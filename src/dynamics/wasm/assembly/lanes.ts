import { setThread } from './thread'

/**
 * The octet of neurons that is being worked on: eight lanes of each of these, at a scratch address of its own for every
 * instance. U = V - bias.
 */
export let lanes: usize = 0

let scratch: usize = 0

/** Gives an instance its number among the threads, and its scratch lanes. */
export function attach(number: i32, at: usize): void {
  setThread(<usize>number)
  lanes = scratch = at
}

/** Works in lanes that are kept from window to window, of an octet in a trial. */
export function workIn(at: usize): void {
  lanes = at
}

export function workInScratch(): void {
  lanes = scratch
}

// Forward: adaptation, and the time that belongs to. U, I, what rules crossings out and the threshold are in registers
// where all lanes meet the same arrivals.
export const ADAPTATION: usize = 0
export const ADAPTED: usize = 64
export const U: usize = 128
export const I: usize = 192
export const TEST: usize = 256
export const THRESHOLD: usize = 320
/** Forward, delays per synapse: the time that U and I belong to. */
export const SINCE: usize = 384

// Peaks: the highest so far, and the state at the next instant.
export const BEST: usize = 448
export const NEXT_U: usize = 512
export const NEXT_I: usize = 576

// Backward: adjoint of the adaptation, and its time.
export const P_A: usize = 640
export const P_A_TIME: usize = 704
/** Adjoint of U right after the lane's last own event, and the time of that. */
export const EVENT_P_U: usize = 768
export const EVENT_TIME: usize = 832
/** Adjoint state where it is not in registers, and how far a lane has been carried back. */
export const P_U: usize = 896
export const P_I: usize = 960
export const NOW: usize = 1024
/** Gradient events of an arrival. */
export const EVENTS: usize = 1088
/** Up to eight peaks of a trial, the last one first, see `injections.ts`. */
export const INJECTIONS: usize = 1152
/** i32 numbers of stretches, see `delayed/stretches.ts`. */
export const OPENED: usize = 1216

// Backward, the gradient by time constants, see `taus.ts`: factors of U, of I by tauMem and by tauSyn, and of A.
export const Q_U: usize = 1280
export const Q_I: usize = 1344
export const Z: usize = 1408
export const Q_A: usize = 1472
export const NEXT_Q_U: usize = 1536
export const NEXT_Q_I: usize = 1600
export const NEXT_Z: usize = 1664
/** Integrals over voltages. */
export const SCORE: usize = 1728
/** Backward, delays per synapse: of which lanes an arrival is left to be undone alone. */
export const MASKS: usize = 1792
/** Backward, between two windows, see `progress.ts`. */
export const PROGRESS: usize = 1856
export const SCRATCH: usize = 1920

export function lane(row: usize, n: i32): f64 {
  return load<f64>(lanes + row + 8 * <usize>n)
}

export function setLane(row: usize, n: i32, value: f64): void {
  store<f64>(lanes + row + 8 * <usize>n, value)
}

/** Lane `n` of four registers. */
export function pick(n: i32, r0: v128, r1: v128, r2: v128, r3: v128): f64 {
  const low = n < 4
  const pair = n & 2 ? (low ? r1 : r3) : low ? r0 : r2
  return n & 1 ? f64x2.extract_lane(pair, 1) : f64x2.extract_lane(pair, 0)
}

/** The register of a pair of lanes, with `value` in lane `n`, which is one of the two. */
export function put(pair: v128, n: i32, value: f64): v128 {
  return n & 1 ? f64x2.replace_lane(pair, 1, value) : f64x2.replace_lane(pair, 0, value)
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
