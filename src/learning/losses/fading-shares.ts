import { exp } from '../../numerics/exp.js'
import type { TimeGrid } from '../surrogate/time-grid.js'

/** scale e^{-t/tau} at every point of a grid. */
export function fadingShares({ dt, steps }: TimeGrid, tau: number, scale: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, k) => scale * exp((-k * dt) / tau))
}
