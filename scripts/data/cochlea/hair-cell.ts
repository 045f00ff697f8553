import { exp } from '../../../src/numerics/exp.js'

/** How what a filter lets through becomes spikes. */
export interface HairCell {
  /** Of the drive of the membrane. */
  readonly gain: number
  /** In ms. */
  readonly deadTime: number
}

const LOW_PASS = 1000
/** In ms. */
const MEAN_OVER = 50
const MEAN_SHARE = 0.6
/** In ms. */
const TAU = 2

/**
 * The spikes of a hair cell and its nerve: what moves one way, r = max(x, 0), is compressed, y = sqrt(r), c = y (0.6 + 0.4 y),
 * smoothed by a low pass of 1 kHz, and adapts: u = max(c - 0.6 m, 0), m its exponential mean over 50 ms. A membrane
 * tau dv/dt = gain u - v, tau = 2 ms, spikes where it crosses 1 (between two samples as on a line) and stays at 0 for the dead
 * time.
 *
 * @param rate of samples, in Hz
 * @param spike is told of the time of each spike, in ms
 */
export function hairCell(
  x: Float64Array,
  rate: number,
  { gain, deadTime }: HairCell,
  spike: (ms: number) => void,
): void {
  const step = 1000 / rate
  const smooth = exp((-2 * Math.PI * LOW_PASS) / rate)
  const adapt = exp(-step / MEAN_OVER)
  const leak = exp(-step / TAU)
  const smoothed = 1 - smooth
  const adapted = 1 - adapt
  const push = 0.5 * gain * (1 - leak)
  const dead = Math.round(deadTime / step)
  let low = 0
  let mean = 0
  let v = 0
  let awake = 0
  for (let k = 0; k < x.length; k++) {
    const moved = x[k] as number
    // max(x, 0) without a branch, which nothing could foresee.
    const y = Math.sqrt(0.5 * (moved + Math.abs(moved)))
    low = smooth * low + smoothed * (y * (0.6 + 0.4 * y))
    mean = adapt * mean + adapted * low
    const drive = low - MEAN_SHARE * mean
    const before = v
    v = k < awake ? 0 : leak * v + push * (drive + Math.abs(drive))
    if (v >= 1) {
      spike((k - (v - 1) / (v - before)) * step)
      v = 0
      awake = k + 1 + dead
    }
  }
}
