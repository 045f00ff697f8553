import type { SpikeTrains } from '../../events/spike-trains.js'
import { exp } from '../../numerics/exp.js'
import { expm1 } from '../../numerics/expm1.js'
import { groupSum } from '../../numerics/group-sum.js'
import { type Jumps, mergeJumps } from './jumps.js'
import type { LossRecord } from './loss-record.js'
import { evaluateTargets, ON_TARGETS, readTargetOptions, type TargetLoss, type TargetOptions } from './target-loss.js'
import { createUnitWorkspace } from './unit-workspace.js'

/**
 * The distance of van Rossum: 1/tau ∫_0^∞ sum_i (f_i - g_i)^2 dt, f_i = sum_k e^{-(t - t_k)/tau} over the spikes before t
 * of unit i, g_i over its targets. A spike without a target costs 1/2.
 *
 * Source: van Rossum 2001 (Neural Computation 13:751).
 */
export interface VanRossumLoss<Group extends string = string> extends TargetLoss<Group> {
  readonly kind: 'vanRossum'
}

/**
 * The distance of van Rossum to the target trains of the label. See `VanRossumLoss`.
 *
 * @example
 * // Label 0 asks for a spike of unit 0 at 10 ms, label 1 for one of unit 1 at 12 ms.
 * const targets = { offsets: Uint32Array.of(0, 1, 2), times: Float64Array.of(10, 12), units: Uint32Array.of(0, 1) }
 * const loss = vanRossum('output', { targets, tau: 5 })
 */
export function vanRossum<const Group extends string>(group: Group, options: TargetOptions): VanRossumLoss<Group> {
  return Object.freeze({ kind: 'vanRossum', group, ...readTargetOptions(options) })
}

export const VAN_ROSSUM: LossRecord<VanRossumLoss, 'spikes'> = {
  ...ON_TARGETS,
  kind: 'vanRossum',
  evaluate(loss, shown) {
    const { targets, tau } = loss
    const { observed, trial, size } = shown
    return evaluateTargets(loss, shown, (pattern, slopes) => {
      const jumps = mergeJumps(observed, trial, targets, pattern)
      if (slopes !== null) vanRossumSlopes(jumps, size, tau, slopes)
      return vanRossumDistance(jumps, size, tau)
    })
  },
  /**
   * With D = 1/2 sum over pairs of jumps of sigma sigma' e^{-|t - t'|/tau}, a spike at a point would change it by
   *
   *     dL/ds_k = sum over jumps of the unit of sigma e^{-|t_k - t| / tau}
   *
   * sigma being 1 of a spike and -1 of a target.
   */
  onGrid(loss, { size, until, lanes, grid }) {
    const room = createUnitWorkspace(size)
    const addPulls = ({ offsets, times, units }: SpikeTrains, of: number, sign: 1 | -1, explicit: Float32Array) => {
      for (let jump = offsets[of] as number; jump < (offsets[of + 1] as number); jump++)
        for (let k = 0; k < grid.steps; k++) {
          const at = k * lanes + (units[jump] as number)
          const pull = sign * exp(-Math.abs(k * grid.dt - (times[jump] as number)) / loss.tau)
          explicit[at] = (explicit[at] as number) + pull
        }
    }
    return {
      evaluate({ explicit, ...shown }) {
        const { observed, trial, label } = shown
        const byTime = new Float64Array(observed.times.length)
        const result = VAN_ROSSUM.evaluate(loss, { ...shown, size, until, explicit: byTime, room })
        explicit.fill(0)
        addPulls(observed, trial, 1, explicit)
        addPulls(loss.targets, label, -1, explicit)
        return result
      },
    }
  },
}

/**
 * The distance of van Rossum between spikes and targets, over the units of a group.
 *
 *     D = 1/tau ∫_0^∞ sum_i h_i^2 dt       h_i = sum_k e^{-(t - t_k)/tau} - sum_l e^{-(t - s_l)/tau}, over those before t
 *       = 1/2 sum_i (sum over the intervals between jumps of h_i^2 (1 - e^{-2 D/tau}) + h_i^2 after the last one)
 *
 * A sum of terms that are not negative, so small distances keep their precision. One exponential per jump.
 */
function vanRossumDistance({ times, units, spikes }: Jumps, size: number, tau: number): number {
  const heights = new Float64Array(size)
  const last = new Float64Array(size)
  const parts = new Float64Array(size)
  for (let k = 0; k < times.length; k++) {
    const unit = units[k] as number
    const time = times[k] as number
    const height = heights[unit] as number
    let now = height
    if (height !== 0) {
      const elapsed = (time - (last[unit] as number)) / tau
      parts[unit] = (parts[unit] as number) - 0.5 * height * height * expm1(-2 * elapsed)
      now = height * exp(-elapsed)
    }
    heights[unit] = now + signOf(spikes, k)
    last[unit] = time
  }
  for (let unit = 0; unit < size; unit++) {
    const height = heights[unit] as number
    parts[unit] = (parts[unit] as number) + 0.5 * height * height
  }
  return groupSum(parts, 0, size)
}

/**
 * Its derivatives by the spike times, in 1/ms:
 *
 *     dD/dt_k = 1/tau (sum over later jumps of sigma e^{-(s - t_k)/tau} - sum over earlier ones of sigma e^{-(t_k - s)/tau})
 *
 * sigma being 1 of a spike and -1 of a target of the same unit; one at the very time t_k pulls to neither side. Writes
 * into explicit[spike].
 */
function vanRossumSlopes(jumps: Jumps, size: number, tau: number, explicit: Float64Array): void {
  const { spikes } = jumps
  const { length } = spikes
  sweep(jumps, size, tau, (step) => step, addTo(-1))
  sweep(jumps, size, tau, (step) => length - 1 - step, addTo(1))

  function addTo(side: 1 | -1) {
    return (k: number, trace: number) => {
      const spike = spikes[k] as number
      if (spike < 0) return
      const before = side < 0 ? 0 : (explicit[spike] as number)
      explicit[spike] = before + (side * trace) / tau
    }
  }
}

/** Visits the jumps in an order of rising or falling times, with the faded sum over those of the unit already passed. */
function sweep(
  { times, units, spikes }: Jumps,
  size: number,
  tau: number,
  placeOf: (step: number) => number,
  visit: (k: number, trace: number) => void,
): void {
  /** Of the jumps before the last time, at that time; and of those at the last time itself. */
  const before = new Float64Array(size)
  const at = new Float64Array(size)
  const last = new Float64Array(size)
  for (let step = 0; step < times.length; step++) {
    const k = placeOf(step)
    const unit = units[k] as number
    const time = times[k] as number
    if (time !== last[unit]) {
      const trace = (before[unit] as number) + (at[unit] as number)
      before[unit] = trace === 0 ? 0 : trace * exp(-Math.abs(time - (last[unit] as number)) / tau)
      at[unit] = 0
      last[unit] = time
    }
    visit(k, before[unit] as number)
    at[unit] = (at[unit] as number) + signOf(spikes, k)
  }
}

function signOf(spikes: Int32Array, k: number): 1 | -1 {
  return (spikes[k] as number) < 0 ? -1 : 1
}
