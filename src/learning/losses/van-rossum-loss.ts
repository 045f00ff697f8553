import type { SpikeTrains } from '../../events/spike-trains.js'
import { exp } from '../../numerics/exp.js'
import { mergeJumps } from './jumps.js'
import type { LossRecord } from './loss-record.js'
import { evaluateTargets, ON_TARGETS, readTargetOptions, type TargetLoss, type TargetOptions } from './target-loss.js'
import { createUnitWorkspace } from './unit-workspace.js'
import { vanRossumDistance, vanRossumSlopes } from './van-rossum-distance.js'

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
