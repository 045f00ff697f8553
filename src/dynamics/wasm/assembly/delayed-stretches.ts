import { lanes, OPENED } from './lanes'
import { stretches } from './plan'

/**
 * Between two of its own events nothing acts on the adjoint of a neuron: one such stretch per own event, the last one
 * first, eight lanes each:
 *
 *     arrivals before this time belong to it | time of the event | pU and pI right before it
 */
export const STRETCH: usize = 384
export const CUT: usize = 0
export const END: usize = 64
export const STRETCH_P_U: usize = 128
export const STRETCH_P_I: usize = 192
export const ALPHA: usize = 256
export const BETA: usize = 320

/** Behind the last row in use, and the latest cut. */
export let stretchesEnd: usize = 0
export let lastCut: f64 = 0

export function beginStretches(): void {
  stretchesEnd = stretches()
  memory.fill(lanes + OPENED, 0, 32)
  lastCut = 0
}

/** Opens the stretch before an own event of a lane. */
export function openStretch(n: i32, cut: f64, time: f64, pU: f64, pI: f64): void {
  const counter = lanes + OPENED + 4 * <usize>n
  const at = stretches() + STRETCH * <usize>load<u32>(counter)
  store<u32>(counter, load<u32>(counter) + 1)
  if (at == stretchesEnd) {
    memory.fill(at, 0, STRETCH)
    stretchesEnd += STRETCH
  }
  const own = at + 8 * <usize>n
  store<f64>(own, cut, CUT)
  store<f64>(own, time, END)
  store<f64>(own, pU, STRETCH_P_U)
  store<f64>(own, pI, STRETCH_P_I)
  lastCut = max(lastCut, cut)
}
